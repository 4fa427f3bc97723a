import { PermanentError } from "@paperwire/core";
import { deliveries, digests, matches, outbox, readers, subscriptions } from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";
import { exportReader } from "../readers/export.ts";
import type { Context } from "../runtime/context.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

type Action = "show" | "pause" | "resume" | "export" | "delete";

export async function readerCommand(
  action: Action,
  email: string,
  options: Common & { now?: string },
): Promise<void> {
  await withContext(options, async (context, output) => {
    const reader = await mustFindReader(context, email);
    const now = parseNow(options.now) ?? context.clock.now();
    switch (action) {
      case "show": {
        const interests = await subscriptions.ofReader(context.db, reader.id);
        const mails = await deliveries.ofReader(context.db, reader.id, 10);
        const periods = await digests.latestOf(context.db, reader.id, 10);
        output.result({
          ...publicReader(reader),
          subscriptions: interests.map(publicSubscription),
          digests: periods.map((one) =>
            clean({
              period: one.period,
              state: one.state,
              because: one.because,
              dueAt: one.dueAt.toISOString(),
            }),
          ),
          deliveries: mails.map((one) =>
            clean({
              kind: one.kind,
              channel: one.channel,
              state: one.state,
              because: one.because,
              at: one.createdAt.toISOString(),
            }),
          ),
        });
        output.say(`${reader.email}: ${stateOf(reader)}`);
        output.say(
          `${reader.rhythm}, ${reader.at} ${reader.zone}, at most ${reader.maxPapers} papers${reader.channel === null ? "" : `, posted to ${reader.channel}`}${reader.nextDigestAt === null ? "" : `; next digest ${reader.nextDigestAt.toISOString()}`}`,
        );
        for (const one of interests)
          output.say(`  ${one.name} [${one.cadence}] ${one.query ?? `top ${one.trending}`}`);
        for (const one of periods)
          output.say(`  ${one.period} ${one.state}${one.because === null ? "" : `: ${one.because}`}`);
        return;
      }
      case "pause":
        await readers.update(context.db, reader.id, { pausedAt: now, pausedUntil: null });
        output.result({ email: reader.email, done: "pause" });
        output.say(`${reader.email} gets nothing until resumed.`);
        return;
      case "resume":
        await resume(context, reader, now);
        output.result({ email: reader.email, done: "resume" });
        output.say(`${reader.email} gets digests again; the interests look back one period.`);
        return;
      case "export":
        output.result(await exportReader(context.db, reader));
        output.say(JSON.stringify(await exportReader(context.db, reader), null, 2));
        return;
      case "delete":
        await context.db.transaction().execute((trx) => readers.remove(trx, reader.id));
        output.result({ email: reader.email, done: "delete" });
        output.say(`${reader.email} and everything about them is deleted.`);
        return;
      default:
        action satisfies never;
    }
  });
}

/** Digests start again at the next due instant, and every interest looks back one period. */
export async function resume({ db }: Pick<Context, "db">, reader: Reader, now: Date): Promise<void> {
  const upTo = await matches.number(db);
  await db.transaction().execute(async (trx) => {
    await readers.update(trx, reader.id, {
      pausedAt: null,
      pausedUntil: null,
      horizon: upTo,
      instantHorizon: upTo,
      dueFor: null,
      nextDigestAt: null,
    });
    for (const subscription of await subscriptions.ofReader(trx, reader.id)) {
      await subscriptions.touch(trx, subscription.id, now);
      await outbox.append(trx, "subscription.changed", { subscriptionId: subscription.id });
    }
  });
}

export async function mustFindReader({ db }: Pick<Context, "db">, email: string): Promise<Reader> {
  const reader = await readers.findByEmail(db, email.trim());
  if (reader === undefined)
    throw new PermanentError(
      `There is no reader ${email}. Add one with: paperwire subscribe ${email} --category cs.CL`,
    );
  return reader;
}

export function publicReader(reader: Reader): Record<string, unknown> {
  return clean({
    email: reader.email,
    state: stateOf(reader),
    zone: reader.zone,
    at: reader.at,
    days: reader.days,
    rhythm: reader.rhythm,
    maxPapers: reader.maxPapers,
    // Its address is a secret.
    channel: reader.channel,
    confirmedAt: reader.confirmedAt?.toISOString(),
    pausedAt: reader.pausedAt?.toISOString(),
    unsubscribedAt: reader.unsubscribedAt?.toISOString(),
    nextDigestAt: reader.nextDigestAt?.toISOString(),
  });
}

export function publicSubscription(
  one: Awaited<ReturnType<typeof subscriptions.ofReader>>[number],
): Record<string, unknown> {
  return clean({
    id: one.id,
    name: one.name,
    query: one.query,
    trending: one.trending,
    cadence: one.cadence,
  });
}

function stateOf(reader: Reader): string {
  if (reader.unsubscribedAt !== null) return "unsubscribed";
  if (reader.confirmedAt === null) return "waiting for confirmation";
  return reader.pausedAt === null ? "active" : "paused";
}
