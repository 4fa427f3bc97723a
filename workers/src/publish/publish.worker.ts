import { consumers, events } from "@paperwire/db";
import { defineWorker } from "../runtime/define-worker.ts";
import { toEnvelope } from "./envelope.ts";
import { publishTo } from "./targets.ts";

const perRound = 500;

/**
 * Carries events to one consumer, in cursor order, at least once: the cursor moves only after the consumer has
 * taken them. The next round is found by the clock.
 */
export const publishWorker = defineWorker({
  event: "consumer.due",
  timeoutMs: 60_000,

  async handle({ name }, context) {
    const consumer = await consumers.find(context.db, name);
    if (consumer === undefined || consumer.pausedAt !== null) return { consumer: name, published: 0 };
    const batch = await events.after(context.db, consumer.cursor, perRound, { topics: consumer.topics });
    const last = batch.at(-1)?.cursor ?? (await events.range(context.db)).last;
    const outcome = await publishTo(
      consumer,
      batch.map((event) => toEnvelope(event, context.settings.publicUrl)),
      context,
    );
    return context.settle(async (trx) => {
      if (outcome.kind === "taken") {
        await consumers.update(trx, name, { cursor: last, failures: 0, lastError: null, retryAt: null });
        return { consumer: name, published: batch.length };
      }
      const failures = consumer.failures + (outcome.kind === "failed" ? 1 : 0);
      await consumers.update(trx, name, {
        failures,
        lastError: outcome.because,
        retryAt: new Date(Date.now() + outcome.retryInMs),
      });
      return { consumer: name, published: 0, because: outcome.because };
    });
  },
});
