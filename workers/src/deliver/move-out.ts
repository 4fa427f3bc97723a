import { deliveries, outbox, type Trx } from "@paperwire/db";
import type { Member } from "@paperwire/db/deliveries.ts";
import { chunk } from "../runtime/chunk.ts";
import type { JobContext } from "../runtime/define-worker.ts";

/** Puts members that certainly did not go out into new batches of the mail channel in use, under keys of their own. */
export async function moveOut(
  trx: Trx,
  context: JobContext,
  members: readonly Member[],
  perBatch: number,
  at: Date,
): Promise<void> {
  const groups = chunk(
    members.map((member) => member.id),
    perBatch,
  );
  await continueLater(trx, await deliveries.rebatch(trx, context.mail.id, groups), at);
}

/** Puts the rest of the work on the outbox, in the transaction that decided it. */
export async function continueLater(trx: Trx, batchIds: readonly string[], at: Date): Promise<void> {
  const payloads = batchIds.map((batchId) => ({ batchId }));
  await outbox.appendAt(trx, "digest.ready", payloads, at);
}
