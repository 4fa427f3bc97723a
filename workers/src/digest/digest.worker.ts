import { matches } from "@paperwire/db";
import { defineWorker } from "../runtime/define-worker.ts";
import { composeDue } from "./compose-due.ts";

/**
 * Freezes the digests of readers whose hour has come. The period is unique per reader and the row is locked, so
 * a second run finds nothing due.
 */
export const digestWorker = defineWorker({
  event: "reader.due",
  timeoutMs: 120_000,

  async handle({ readerIds }, context) {
    const upTo = await matches.number(context.db);
    const input = {
      channel: context.mail.id,
      maxBatch: context.mail.maxBatch,
      now: context.clock.now(),
      upTo,
    };
    return context.settle(async (trx) => ({ ...(await composeDue(trx, readerIds, input)) }));
  },
});
