import { defineWorker } from "../runtime/define-worker.ts";
import { leaseMsOf } from "./claim.ts";
import { deliverBatches } from "./deliver-batches.ts";

/**
 * Hands frozen batches to the mail channel and records what came back. The exact request is stored before it
 * is sent, so that a repeat after a crash is the same bytes under the same key, or (without keys) no repeat at all.
 */
export const deliverWorker = defineWorker({
  event: "digest.ready",
  // A request is shorter than its lease, which is shorter than the job.
  timeoutMs: (settings) => leaseMsOf({ settings }) + 30_000,
  handle: ({ batchId, more = [] }, context) => deliverBatches(context, [batchId, ...more]),
});
