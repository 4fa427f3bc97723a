import type { EventName, Payload, QueueName } from "@paperwire/core";
import type { Db, Trx } from "@paperwire/db";
import type { Context } from "./context.ts";
import type { SharedWrite } from "./shared-writes.ts";

/** What a handler is given: the context, and the frame of this one run. */
export interface JobContext extends Context {
  /** Aborted when the job has run for too long or the process must stop. */
  readonly signal: AbortSignal;
  /** Failures before this run; 0 at first. */
  readonly attempt: number;
  /** How often it was put off before this run, by a host's patience or by its own. */
  readonly deferrals: number;
  readonly db: Db;
  /** This process, as `runners` knows it. */
  readonly runnerId: string;
  /**
   * Commits the handler's result together with the end of the job: one transaction, which does nothing
   * (and throws `Superseded`) when another run has closed the job already.
   */
  settle<T>(write: (trx: Trx) => Promise<T>): Promise<T>;
  /** The same, in one transaction with other jobs of this process that are done at about the same time. */
  settleTogether<I, R>(shared: SharedWrite<I, R>, item: I): Promise<R>;
}

/** Numbers and ids for the job's one log line. */
export type Summary = Readonly<Record<string, string | number | boolean | undefined>>;

export interface WorkerDefinition<E extends EventName> {
  readonly event: E;
  readonly timeoutMs: number | ((settings: Context["settings"]) => number);
  handle(payload: Payload<E>, context: JobContext): Promise<Summary>;
}

/** Ties a handler to its event: the payload's type follows. */
export function defineWorker<E extends EventName>(definition: WorkerDefinition<E>): WorkerDefinition<E> {
  return definition;
}

/** How many jobs of one queue a process runs at once, unless `<WORKER>_CONCURRENCY` says otherwise. */
export const defaultConcurrency: Record<QueueName, number> = {
  fetch: 32,
  ingest: 12,
  classify: 2,
  match: 2,
  digest: 2,
  deliver: 4,
  publish: 2,
};
