import {
  contracts,
  isEventName,
  PermanentError,
  parsePayload,
  RetryLaterError,
  UsageError,
} from "@paperwire/core";
import { outbox } from "@paperwire/db";
import { ZodError } from "zod";
import { registry } from "../registry.ts";
import type { Context } from "./context.ts";
import type { JobContext, Summary, WorkerDefinition } from "./define-worker.ts";
import { type SharedWrites, Superseded } from "./shared-writes.ts";

export interface JobFrame {
  readonly runnerId: string;
  /** Aborted when the process must stop and the grace period is over. */
  readonly shutdown: AbortSignal;
  /** Tells the local relay that rows may have been written. */
  readonly wake: () => void;
  /** Takes a job's row for this process; undefined when it is not to be run. */
  readonly begin: (id: string) => Promise<outbox.Held | undefined>;
  readonly sharedWrites: SharedWrites;
}

export type JobOutcome =
  | "done"
  | "obsolete"
  | "superseded"
  | "interrupted"
  | "deferred"
  | "retrying"
  | "failed";

/** Runs the job of one outbox row, and records how it ended. The only broad `catch`. Never throws for the job's sake. */
export async function runJob(id: string, context: Context, frame: JobFrame): Promise<JobOutcome> {
  const held = await frame.begin(id);
  if (held === undefined) return "obsolete";
  const started = performance.now();
  const line = (outcome: JobOutcome) => ({
    event: held.event,
    jobId: held.id,
    attempt: held.attempts + 1,
    outcome,
    ms: Math.round(performance.now() - started),
  });
  try {
    const summary = await handle(held, context, frame);
    context.onSummary?.(summary);
    context.log.info({ ...line("done"), ...summary });
    return "done";
  } catch (error) {
    if (error instanceof Superseded) {
      context.log.info(line("superseded"));
      return "superseded";
    }
    const setback = setbackOf(error, held, frame.shutdown.aborted);
    await outbox.setBack(context.db, held.id, held.run, setback);
    const outcome = setback.kind === "released" ? "interrupted" : setback.kind;
    const level = outcome === "failed" ? "error" : outcome === "retrying" ? "warn" : "info";
    context.log[level]({
      ...line(outcome),
      ...("delayMs" in setback ? { delayMs: Math.round(setback.delayMs) } : {}),
      ...("because" in setback ? { because: setback.because } : {}),
      ...(level === "info" ? {} : { err: error }),
    });
    return outcome;
  } finally {
    frame.wake();
  }
}

async function handle(held: outbox.Held, context: Context, frame: JobFrame): Promise<Summary> {
  if (!isEventName(held.event))
    throw new PermanentError(`no worker knows the event "${held.event}"; a newer release wrote it`);
  const worker = registry[held.event] as WorkerDefinition<typeof held.event>;
  const payload = parsePayload(held.event, held.payload);
  const { timeoutMs } = worker;
  const limitMs = typeof timeoutMs === "number" ? timeoutMs : timeoutMs(context.settings);
  let settled = false;
  const job: JobContext = {
    ...context,
    attempt: held.attempts,
    deferrals: held.deferrals,
    runnerId: frame.runnerId,
    signal: AbortSignal.any([frame.shutdown, AbortSignal.timeout(limitMs)]),
    settle: async (write) => {
      const result = await context.db.transaction().execute(async (trx) => {
        if (!(await outbox.close(trx, held.id, held.run))) throw new Superseded();
        return write(trx);
      });
      settled = true;
      return result;
    },
    settleTogether: async (shared, item) => {
      const result = await frame.sharedWrites.submit(shared, held, item, job.signal);
      settled = true;
      return result;
    },
  };
  const summary = await worker.handle(payload as never, job);
  if (!settled) await outbox.close(context.db, held.id, held.run);
  return summary;
}

function setbackOf(error: unknown, held: outbox.Held, stopping: boolean): outbox.Setback {
  if (stopping) return { kind: "released" };
  const because = error instanceof Error ? error.message : String(error);
  if (error instanceof RetryLaterError) return { kind: "deferred", delayMs: error.delayMs, because };
  const permanent =
    error instanceof PermanentError || error instanceof ZodError || error instanceof UsageError;
  const attempts = isEventName(held.event) ? contracts[held.event].attempts : 1;
  if (permanent || held.attempts + 1 >= attempts) return { kind: "failed", because };
  return { kind: "retrying", delayMs: backoffMs(held.attempts), because };
}

/** 1 s, 4 s, 16 s, … up to 15 minutes, with up to a quarter more so that failures do not march in step. */
function backoffMs(attempts: number): number {
  return Math.min(15 * 60_000, 1000 * 4 ** attempts) * (1 + Math.random() / 4);
}
