import { setTimeout as sleep } from "node:timers/promises";
import { RetryLaterError } from "@paperwire/core";
import { batches, providers } from "@paperwire/db";
import type { Channel } from "../channels/channel.ts";
import { defaultConcurrency, type JobContext, type Summary } from "../runtime/define-worker.ts";
import { claimBatches } from "./claim.ts";
import { type Answer, type Counts, insist, record } from "./conclude.ts";
import { handOver } from "./hand-over.ts";
import { send } from "./send.ts";

const longestWaitMs = 5_000;

const interrupted = {
  kind: "uncertain",
  reason: "The process that sent it died before the answer was stored.",
} as const;

/**
 * Sends the batches of one job, a few at a time: as answers come in they are recorded, and as many more batches are
 * claimed. Only what is under way can be in doubt after a crash. What cannot be sent now is put on the outbox anew,
 * in the transaction that closes the job.
 */
export async function deliverBatches(context: JobContext, batchIds: readonly string[]): Promise<Summary> {
  const made = await batches.channelOf(context.db, batchIds[0] ?? "");
  if (made === undefined) return { batches: 0 };
  const job = startJob(context, context.wayOut(made), batchIds);
  for (;;) {
    await claimMore(job);
    if (job.sending.size === 0) break;
    await Promise.race(job.sending);
    // The last answers are recorded with the end of the job.
    if (job.waiting.length > 0 || job.sending.size > 0) await recordAnswers(job);
  }
  if (job.failure !== undefined) {
    await recordAnswers(job);
    throw job.failure.error;
  }
  return close(job);
}

interface Job {
  readonly context: JobContext;
  /** What they go out over, but for those that were sealed over another. */
  readonly channel: Channel;
  readonly total: number;
  /** Batches under way at once. */
  readonly window: number;
  /** After this instant of `performance.now()` nothing more is begun, so that the job ends within its time. */
  readonly beginUntil: number;
  waiting: string[];
  readonly sending: Set<Promise<void>>;
  /** Heard, and not recorded yet. */
  answers: Answer[];
  /** For other jobs: now, or after a while. */
  readonly later: { readonly batchIds: readonly string[]; readonly delayMs: number }[];
  readonly counts: Counts;
  skipped: number;
  /** Something threw that should not. What else is under way is heard out first. */
  failure?: { readonly error: unknown };
}

function startJob(context: JobContext, channel: Channel, batchIds: readonly string[]): Job {
  const { settings } = context;
  const jobs = settings.DELIVER_CONCURRENCY ?? defaultConcurrency.deliver;
  return {
    context,
    channel,
    total: batchIds.length,
    window: Math.max(1, Math.ceil((channel.parallel ?? 1) / jobs)),
    beginUntil: performance.now() + settings.DELIVER_TIMEOUT_MS,
    waiting: [...batchIds],
    sending: new Set(),
    answers: [],
    later: [],
    counts: { accepted: 0, rejected: 0, deferred: 0, uncertain: 0, split: 0, superseded: 0 },
    skipped: 0,
  };
}

/** Fills the window, while there is something to fill it with. */
async function claimMore(job: Job): Promise<void> {
  const { context, sending } = job;
  while (job.waiting.length > 0 && sending.size < job.window) {
    const isFirst = job.waiting.length === job.total;
    if (job.failure !== undefined || (!isFirst && isOver(job))) {
      putOff(job, job.waiting.splice(0), 0);
      return;
    }
    try {
      await awaitTurn(job);
    } catch (error) {
      // With mails under way their answers come first, whatever is wrong.
      if (isFirst) throw error;
      putOff(job, job.waiting.splice(0), error instanceof RetryLaterError ? error.delayMs : 0);
      return;
    }
    const next = job.waiting.slice(0, job.window - sending.size);
    try {
      await claim(job, next);
    } catch (error) {
      if (job.total === 1) throw error;
      // One of them cannot be claimed, or the database is away: each is tried in a job of its own.
      context.log.warn({ outcome: "not claimed together", batches: next.length, err: error });
      for (const batchId of next) putOff(job, [batchId], 0);
    }
    job.waiting = job.waiting.slice(next.length);
  }
}

function isOver({ context, beginUntil }: Job): boolean {
  return context.signal.aborted || performance.now() > beginUntil;
}

function putOff(job: Job, batchIds: readonly string[], delayMs: number): void {
  if (batchIds.length > 0) job.later.push({ batchIds, delayMs });
}

async function claim(job: Job, batchIds: readonly string[]): Promise<void> {
  const { context, sending } = job;
  const { results, skipped } = await claimBatches(context, batchIds);
  job.skipped += skipped;
  for (const result of results) {
    if (result.kind === "busy") {
      if (job.total === 1)
        throw new RetryLaterError("another process is sending this batch", result.forMs + 100);
      putOff(job, [result.batchId], result.forMs + 100);
    } else if (result.kind === "interrupted") {
      job.answers.push({ claim: result.claim, outcome: interrupted });
    } else {
      const { claim } = result;
      const under: Promise<void> = send(context, claim)
        .then(
          (outcome) => void job.answers.push({ claim, outcome }),
          (error: unknown) => {
            job.failure ??= { error };
          },
        )
        .finally(() => sending.delete(under));
      sending.add(under);
    }
  }
}

/** Waits for this deployment's turn at the provider when that is near; otherwise the job waits, not the process. */
async function awaitTurn({ context, channel }: Job): Promise<void> {
  const turn = await providers.takeTurn(context.db, channel.id);
  if (turn.blockedMs > 0)
    throw new RetryLaterError(turn.because ?? "the mail provider asked to wait", turn.blockedMs);
  if (turn.waitMs > longestWaitMs)
    throw new RetryLaterError("the mail provider's rate is used up", turn.waitMs);
  if (turn.waitMs > 0) await sleep(turn.waitMs, undefined, { signal: context.signal });
}

async function recordAnswers(job: Job): Promise<void> {
  if (job.answers.length === 0) return;
  const { context } = job;
  const answers = job.answers.splice(0);
  try {
    const counts = await insist(context, () =>
      context.db.transaction().execute((trx) => record(trx, context, answers)),
    );
    add(job.counts, counts);
  } catch (error) {
    // They are recorded with what comes next, or found interrupted by the next run.
    job.answers.unshift(...answers);
    job.failure ??= { error };
  }
}

async function close(job: Job): Promise<Summary> {
  const { context, later } = job;
  const answers = job.answers.splice(0);
  const counts = await insist(context, () =>
    context.settle(async (trx) => {
      const now = later.length === 0 ? 0 : (await batches.realNow(trx)).getTime();
      for (const { batchIds, delayMs } of later)
        await handOver(trx, job.channel.id, batchIds, new Date(now + delayMs));
      return record(trx, context, answers);
    }),
  );
  add(job.counts, counts);
  const putOffCount = later.reduce((sum, { batchIds }) => sum + batchIds.length, 0);
  const { because, ...numbers } = job.counts;
  return {
    batches: job.total,
    ...Object.fromEntries(Object.entries(numbers).filter(([, count]) => count > 0)),
    skipped: job.skipped,
    ...(putOffCount === 0 ? {} : { putOff: putOffCount }),
    ...(because === undefined ? {} : { because }),
  };
}

function add(sum: Counts, { because, ...more }: Counts): void {
  for (const [name, count] of Object.entries(more)) sum[name as keyof typeof more] += count;
  if (because !== undefined) sum.because = because;
}
