import { outbox, type Trx } from "@paperwire/db";
import { channelFor } from "../channels/index.ts";
import { chunk } from "../runtime/chunk.ts";

/**
 * Puts batches of one channel on the outbox, as many to a job as the channel says, in the transaction that made
 * them. `notBefore` is real time.
 */
export async function handOver(
  trx: Trx,
  channel: string,
  batchIds: readonly string[],
  notBefore?: Date,
): Promise<void> {
  const payloads = chunk(batchIds, channelFor(channel).perJob).flatMap(([batchId, ...more]) =>
    batchId === undefined ? [] : { batchId, ...(more.length === 0 ? {} : { more }) },
  );
  if (notBefore === undefined) await outbox.appendAll(trx, "digest.ready", payloads);
  else await outbox.appendAt(trx, "digest.ready", payloads, notBefore);
}
