import { type DeliveryState, deliveryStates, nextDeliveryState, UsageError } from "@paperwire/core";
import { batches, type Db, deliveries, type Trx } from "@paperwire/db";
import { channelFor } from "../channels/index.ts";
import { handOver } from "../deliver/hand-over.ts";
import { chunk } from "../runtime/chunk.ts";
import { printable } from "./output.ts";
import { type Common, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

export async function listDeliveries(options: Common & { state: string }): Promise<void> {
  const state = deliveryStates.find((one) => one === options.state);
  if (state === undefined)
    throw new UsageError(
      `"${options.state}" is no state of a delivery; use one of ${deliveryStates.join(", ")}.`,
    );
  await withContext(options, async ({ db }, output) => {
    const all = await deliveries.listByState(db, state, 1000);
    for (const { createdAt, ...one } of all) {
      output.result(clean({ ...one, createdAt: createdAt.toISOString() }));
      output.say(
        `${one.id}  ${one.kind}  ${one.period ?? ""}  reader ${one.readerId}  ${printable(one.because ?? "")}`,
      );
    }
    output.say(all.length === 0 ? `No delivery is ${state}.` : hintFor(state));
  });
}

function hintFor(state: DeliveryState): string {
  return state === "uncertain"
    ? "It went out: paperwire delivery accept ID   It did not: paperwire delivery resend ID"
    : "";
}

/** A person has found out, or decided, what became of mails that are *uncertain*. */
export async function decideDeliveries(
  what: "accept" | "resend",
  ids: readonly string[],
  options: Common,
): Promise<void> {
  const wrong = ids.find((id) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id));
  if (wrong !== undefined)
    throw new UsageError(`"${wrong}" is no delivery's id. See them with: paperwire delivery list`);
  await withContext(options, async (context, output) => {
    const count = await decide(context.db, what, ids, context.clock.now());
    output.result({ [what]: count });
    const done =
      what === "accept"
        ? "are on record as accepted"
        : "are sent again while `up` runs, or at the next drain";
    output.say(`${count} mails ${done}.`);
    if (count < ids.length) {
      output.say(`${ids.length - count} of them are not uncertain and stay as they are.`);
      process.exitCode = 1;
    }
  });
}

/** Returns how many were uncertain and are not any more. Twice is harmless: the second finds none. */
export async function decide(
  db: Db,
  what: "accept" | "resend",
  ids: readonly string[],
  now: Date,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const uncertain = await deliveries.lockUncertain(trx, ids);
    const state = nextDeliveryState("uncertain", what);
    if (state === undefined) return 0;
    const settlements = uncertain.map(({ id }) => ({ id, state, because: `A person said: ${what}.` }));
    await deliveries.settle(trx, settlements, now);
    if (what === "resend") await batchAgain(trx, uncertain);
    return uncertain.length;
  });
}

async function batchAgain(trx: Trx, all: readonly deliveries.Delivery[]): Promise<void> {
  for (const [channel, own] of Map.groupBy(all, (one) => one.channel)) {
    const groups = chunk(
      own.map(({ id }) => id),
      channelFor(channel).maxBatch,
    );
    await handOver(trx, channel, await batches.rebatch(trx, channel, groups));
  }
}
