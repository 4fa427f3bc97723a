import { batches, type Trx } from "@paperwire/db";
import type { Member } from "@paperwire/db/deliveries.ts";
import { chunk } from "../runtime/chunk.ts";
import type { JobContext } from "../runtime/define-worker.ts";
import { handOver } from "./hand-over.ts";

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
  await handOver(trx, context.mail.id, await batches.rebatch(trx, context.mail.id, groups), at);
}
