import { matches } from "@paperwire/db";
import { defineWorker } from "../runtime/define-worker.ts";
import { composeAlerts } from "./compose-due.ts";

/** Freezes instant mails for readers whose instant interests something has just matched. */
export const alertWorker = defineWorker({
  event: "reader.alerted",
  timeoutMs: 120_000,

  async handle({ readerIds }, context) {
    const upTo = await matches.number(context.db);
    const input = {
      channel: context.mail.id,
      maxBatch: context.mail.maxBatch,
      now: context.clock.now(),
      upTo,
    };
    return context.settle(async (trx) => ({ ...(await composeAlerts(trx, readerIds, input)) }));
  },
});
