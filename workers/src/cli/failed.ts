import { UsageError } from "@paperwire/core";
import { outbox } from "@paperwire/db";
import { reconcile, relay } from "../relay.loop.ts";
import { printable } from "./output.ts";
import { type Common, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

export async function listFailed(options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const all = await outbox.listFailed(db);
    for (const one of all) {
      output.result(
        clean({
          id: one.id,
          event: one.event,
          payload: one.payload,
          attempts: one.attempts,
          error: one.error,
          failedAt: one.failedAt?.toISOString(),
        }),
      );
      output.say(`${one.id}  ${one.event}  ${printable(one.error ?? "")}`);
    }
    output.say(
      all.length === 0
        ? "Nothing has failed."
        : "Try again: paperwire failed retry ID   Give up: paperwire failed discard ID",
    );
  });
}

export async function changeFailed(
  what: "retry" | "discard",
  ids: readonly string[],
  options: Common,
): Promise<void> {
  const wrong = ids.find((id) => !/^[0-9a-f-]{36}$/i.test(id));
  if (wrong !== undefined)
    throw new UsageError(`"${wrong}" is no job id. See them with: paperwire failed list`);
  if (what === "discard" && ids.length === 0)
    throw new UsageError("Say which to discard. See them with: paperwire failed list");
  await withContext(options, async ({ db }, output) => {
    const count =
      what === "retry"
        ? await outbox.retryFailed(db, ids.length === 0 ? undefined : ids)
        : await outbox.discardFailed(db, ids);
    output.result({ [what]: count });
    output.say(
      what === "retry"
        ? `${count} jobs are tried again while \`up\` runs, or at the next drain.`
        : `${count} jobs were given up.`,
    );
    if (count < ids.length) process.exitCode = 1;
  });
}

/** Carries everything that is open to the queues, whatever they have lost. */
export async function reconcileCommand(options: Common): Promise<void> {
  await withContext(options, async ({ db, queues }, output) => {
    await queues.prepare();
    const { freed, rung } = await reconcile(db, queues, 0);
    const fresh = await relay(db, queues);
    output.result({ freed, rung: rung + fresh });
    output.say(`${rung + fresh} jobs are in the queues; ${freed} were freed from processes that died.`);
  });
}
