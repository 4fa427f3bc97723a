import { nextDue } from "@paperwire/core";
import {
  allowances,
  batches,
  consumers,
  type Db,
  events,
  fetches,
  hostBudgets,
  matches,
  outbox,
  providers,
  readers,
  receipts,
  search,
  sources,
  type Trx,
  trends,
} from "@paperwire/db";
import { announceTrending } from "./archive/trend-lists.ts";
import { relabelStep } from "./classify/relabel.ts";
import { scheduleOf } from "./digest/compose-due.ts";
import { reviewReceipts } from "./receipts/review.ts";
import { chunk } from "./runtime/chunk.ts";
import type { ProductClock } from "./runtime/product-clock.ts";

const perTick = 500;
/** Readers composed by one job: enough to share the loading, few enough to be quick. */
const readersPerJob = 200;

export interface Tick {
  readonly sources: number;
  readonly readers: number;
  readonly consumers: number;
  readonly events: number;
  /** Sources whose receipts were made anew. */
  readonly receipts: number;
}

/**
 * Turns what is due into events. Rows are taken with `skip locked` and marked, so any number of processes may
 * tick. Digests wait while fresh papers are on their way to the matches, so that they are in them.
 */
export async function tick(db: Db, clock: ProductClock): Promise<Tick> {
  const now = clock.now();
  const dueSources = await db.transaction().execute(async (trx) => {
    const ids = await sources.takeDue(trx, now, perTick);
    await outbox.appendAll(
      trx,
      "source.due",
      ids.map((sourceId) => ({ sourceId })),
    );
    return ids.length;
  });
  const reviewed = await reviewReceipts(db, now);
  const dueReaders = await db.transaction().execute(async (trx) => {
    await scheduleReaders(trx, now);
    if (await outbox.pipelineBusy(trx)) return 0;
    const alerted = await readers.takeAlerts(trx, now, 5 * perTick);
    await outbox.appendAll(
      trx,
      "reader.alerted",
      chunk(alerted, readersPerJob).map((readerIds) => ({ readerIds })),
    );
    const ids = await readers.takeDue(trx, now, 5 * perTick);
    await outbox.appendAll(
      trx,
      "reader.due",
      chunk(ids, readersPerJob).map((readerIds) => ({ readerIds })),
    );
    return ids.length + alerted.length;
  });
  await relabelStep(db, now);
  await announceTrending(db, now);
  const numbered = await events.number(db);
  const dueConsumers = await db.transaction().execute(async (trx) => {
    const names = await consumers.takeDue(trx);
    await outbox.appendAll(
      trx,
      "consumer.due",
      names.map((name) => ({ name })),
    );
    return names.length;
  });
  return {
    sources: dueSources,
    readers: dueReaders,
    consumers: dueConsumers,
    events: numbered,
    receipts: reviewed,
  };
}

/**
 * A new or changed schedule counts from the first tick that sees it, this instant included: the clock decides
 * what is due, not the moment at which somebody typed it.
 */
async function scheduleReaders(trx: Trx, now: Date): Promise<void> {
  const fresh = await readers.takeUnscheduled(trx, 5 * perTick);
  const justBefore = new Date(now.getTime() - 1);
  await readers.schedule(
    trx,
    fresh.map((reader) => ({ id: reader.id, at: nextDue(scheduleOf(reader), justBefore) })),
  );
}

/** Ends what has a stated end: nothing in the database grows for ever. */
export async function prune(db: Db, clock: ProductClock): Promise<void> {
  await outbox.prune(db);
  await batches.prune(db);
  await providers.pruneEvents(db);
  await fetches.prune(db, clock.now());
  await matches.prune(db, clock.now());
  await events.prune(db, clock.now());
  await receipts.prune(db, clock.now());
  await trends.prune(db, clock.now());
  await hostBudgets.prune(db);
  await allowances.prune(db);
  await readers.pruneUnconfirmed(db);
  await search.tidy(db);
}
