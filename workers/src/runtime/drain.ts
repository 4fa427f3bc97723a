import { setTimeout as sleep } from "node:timers/promises";
import { queueNames, UsageError } from "@paperwire/core";
import { outbox, runners } from "@paperwire/db";
import { tick } from "../clock.loop.ts";
import { reviewReceipts } from "../receipts/review.ts";
import { reconcile } from "../relay.loop.ts";
import type { Context } from "./context.ts";
import { shownBy } from "./product-clock.ts";
import { startRunner } from "./runner.ts";
import { type Tally, tallied } from "./tally.ts";

/** How long a drain waits for retries, all together. */
const patienceMs = 30_000;
const clockToleranceMs = 5 * 60_000;

export interface Drained extends Tally {
  readonly now: string;
  readonly failedJobs: number;
  /** What was left open: deferred beyond the patience of this run. */
  readonly left: readonly { readonly event: string; readonly open: number }[];
}

export interface DrainOptions {
  /** Leave sources and readers alone: only carry on what is open (`ingest`). */
  readonly onlyOpen?: boolean;
  readonly onProgress?: (tally: Tally) => void;
}

/**
 * Runs every stage until nothing is left to do at the clock's instant, with the same workers and queues as `up`.
 * What is deferred for longer than it waits stays on the outbox for the next run.
 * @throws UsageError when a process with another clock runs on the same database.
 */
export async function drain(context: Context, options: DrainOptions = {}): Promise<Drained> {
  await refuseOtherClocks(context);
  const { context: counted, tally } = tallied(context);
  const failedBefore = (await outbox.openWork(context.db)).failed;
  const runner = await startRunner(counted, { workers: queueNames, ticking: false });
  try {
    let waitedMs = 0;
    await reconcile(context.db, context.queues, 0);
    for (;;) {
      const due = options.onlyOpen === true ? undefined : await tick(context.db, context.clock);
      runner.wake();
      waitedMs = await settle(context, waitedMs, () => options.onProgress?.(tally()));
      const work = await outbox.openWork(context.db);
      const isQuiet =
        due === undefined || due.sources + due.readers + due.consumers + due.events + due.receipts === 0;
      if (isQuiet && work.ready === 0) break;
    }
  } finally {
    await runner.stop();
  }
  const left = (await outbox.backlog(context.db)).map(({ event, open }) => ({ event, open }));
  // What was carried on is accounted for; what that finds missing is asked for by the next run.
  while (options.onlyOpen === true && (await reviewReceipts(context.db, context.clock.now())) > 0);
  const failedJobs = Math.max(0, (await outbox.openWork(context.db)).failed - failedBefore);
  return { now: context.clock.now().toISOString(), ...tally(), failedJobs, left };
}

/** Waits until no work is ready and none becomes ready within what is left of the patience. Returns the time waited. */
async function settle(context: Context, waitedBefore: number, onProgress: () => void): Promise<number> {
  let waitedMs = waitedBefore;
  let round = 0;
  for (;;) {
    const work = await outbox.openWork(context.db);
    onProgress();
    if (work.ready === 0) {
      if (work.nextInMs === undefined || work.nextInMs > patienceMs - waitedMs) return waitedMs;
      const pauseMs = Math.min(work.nextInMs + 5, 250);
      await sleep(pauseMs);
      waitedMs += pauseMs;
      continue;
    }
    // A doorbell may have been lost with a wiped queue: ring again after a while.
    round += 1;
    if (round % 100 === 0) await reconcile(context.db, context.queues, 2_000);
    await sleep(20);
  }
}

async function refuseOtherClocks(context: Context): Promise<void> {
  for (const other of await runners.listAlive(context.db)) {
    const shown = shownBy(other.clock);
    if (Math.abs(shown.getTime() - context.clock.now().getTime()) <= clockToleranceMs) continue;
    throw new UsageError(
      `Process ${other.pid} on ${other.host} runs on this database with its clock at ${shown.toISOString()}, and this run's is at ${context.clock.now().toISOString()}. Stop that process, or leave --now out.`,
    );
  }
}
