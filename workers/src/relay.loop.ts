import { contracts } from "@paperwire/core";
import { type Db, outbox } from "@paperwire/db";
import type { Queues } from "./runtime/queues.ts";

const batch = 500;

/**
 * Carries committed events to the queues. A crash between the two leaves the row unpublished or rings twice;
 * both are harmless. Returns how many doorbells it rang.
 */
export async function relay(db: Db, queues: Queues): Promise<number> {
  return ringAll(db, queues, (trx) => outbox.takeUnpublished(trx, batch));
}

/** Rings again for work nobody runs, after freeing what dead processes held. `olderThanMs` 0 means all of it. */
export async function reconcile(
  db: Db,
  queues: Queues,
  olderThanMs: number,
): Promise<{ freed: number; rung: number }> {
  const freed = await outbox.freeOrphans(db);
  const rung = await ringAll(db, queues, (trx) => outbox.takeSilent(trx, olderThanMs, batch));
  return { freed, rung };
}

async function ringAll(
  db: Db,
  queues: Queues,
  take: (trx: Parameters<typeof outbox.takeUnpublished>[0]) => Promise<outbox.Doorbell[]>,
) {
  return db.transaction().execute(async (trx) => {
    const doorbells = await take(trx);
    if (doorbells.length > 0) {
      await queues.ring(
        doorbells.map(({ id, event, jobId }) => ({
          queue: contracts[event].queue,
          event,
          jobId,
          data: { id },
        })),
      );
    }
    return doorbells.length;
  });
}
