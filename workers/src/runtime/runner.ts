import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type QueueName, queueNames, UsageError } from "@paperwire/core";
import { outbox, runners } from "@paperwire/db";
import pg from "pg";
import { prune, tick } from "../clock.loop.ts";
import { hubStep } from "../hub.loop.ts";
import { reconcile, relay } from "../relay.loop.ts";
import type { Context } from "./context.ts";
import { defaultConcurrency } from "./define-worker.ts";
import { type Loop, startLoop } from "./loop.ts";
import type { Listener } from "./queues.ts";
import { type JobOutcome, runJob } from "./run-job.ts";
import { sharedRead } from "./shared-read.ts";
import { createSharedWrites } from "./shared-writes.ts";

const fewDoorbells = 50;
const breathMs = 10;

export interface RunnerOptions {
  readonly workers: readonly QueueName[];
  /** `up` ticks by itself; `drain` decides when. */
  readonly ticking: boolean;
  /** Told how every job ended. */
  readonly onOutcome?: (outcome: JobOutcome) => void;
}

export interface Runner {
  readonly id: string;
  /** Carries what is open to the queues now, instead of at the next pause. */
  wake(): void;
  /**
   * Takes no new jobs, waits for the running ones up to the grace period, then aborts them: their attempts are
   * given back.
   */
  stop(): Promise<void>;
}

/** The workers that a command line names. @throws UsageError with the list when a name is none. */
export function parseWorkers(names: readonly string[]): QueueName[] {
  const unknown = names.filter((name) => !(queueNames as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `There is no worker "${unknown[0]}". The workers are: ${queueNames.join(", ")}, web.`,
    );
  }
  return names.length === 0 ? [...queueNames] : (names as QueueName[]);
}

/** Starts the named workers and, as every process does, the clock and relay loops. */
export async function startRunner(context: Context, options: RunnerOptions): Promise<Runner> {
  const { db, queues, log, clock } = context;
  const id = randomUUID();
  const life = await holdLife(context, id, options.workers);
  await queues.prepare();
  const shutdown = new AbortController();
  const running = new Set<string>();
  let wake: () => void = () => undefined;
  let stopping = false;
  const begin = sharedRead((ids) => outbox.beginAll(db, ids, id));
  const sharedWrites = createSharedWrites(context);

  const relayLoop: Loop = startLoop("relay", 500, log, async () => {
    const rung = await ringOrPrepare(queues, () => relay(db, queues));
    // While work comes in drops, a breath between two turns lets some of it gather.
    if (rung > 0 && rung < fewDoorbells) await sleep(breathMs);
    return rung > 0;
  });
  const reconcileLoop = startLoop("reconcile", 5_000, log, async () => {
    // What this process holds and does not run ended while the database could not be told.
    const held = await outbox.heldBy(db, id);
    await outbox.freeRuns(
      db,
      held.filter((run) => !running.has(run.id)),
    );
    const { freed, rung } = await ringOrPrepare(queues, () => reconcile(db, queues, 15_000));
    if (freed > 0) log.info({ loop: "reconcile", freed, rung });
    return false;
  });
  const loops = [relayLoop, reconcileLoop];
  if (options.ticking) {
    const clockLoop = startLoop("clock", 1_000, log, async () => {
      const due = await tick(db, clock);
      if (due.sources + due.readers + due.consumers > 0) relayLoop.wake();
      return false;
    });
    loops.push(
      clockLoop,
      startLoop("hubs", 10_000, log, async () => {
        if ((await hubStep(context)) > 0) relayLoop.wake();
        return false;
      }),
      startLoop("prune", 3_600_000, log, async () => prune(db, clock).then(() => false)),
    );
    wake = () => {
      relayLoop.wake();
      clockLoop.wake();
    };
  } else wake = () => relayLoop.wake();

  const listeners: Listener[] = options.workers.map((queue) =>
    queues.listen(
      queue,
      {
        concurrency: concurrencyOf(queue, context),
        onError: (error) => {
          if (!stopping) log.warn({ queue, outcome: "queue trouble", err: error });
        },
      },
      async ({ id: jobId }) => {
        if (running.has(jobId)) return;
        running.add(jobId);
        try {
          const outcome = await runJob(jobId, context, {
            runnerId: id,
            shutdown: shutdown.signal,
            wake,
            begin,
            sharedWrites,
          });
          options.onOutcome?.(outcome);
        } finally {
          running.delete(jobId);
        }
      },
    ),
  );
  return {
    id,
    wake: () => wake(),
    async stop() {
      stopping = true;
      await Promise.all(loops.map((loop) => loop.stop()));
      const grace = setTimeout(
        () => shutdown.abort(new Error("the process is stopping")),
        context.settings.SHUTDOWN_GRACE_MS,
      );
      await Promise.all(listeners.map((listener) => listener.close()));
      clearTimeout(grace);
      await runners
        .unregister(db, id)
        .catch((error) => log.warn({ outcome: "not unregistered", err: error }));
      await life.end();
    },
  };
}

/** A queue that was wiped with what it is made of is made again; the doorbells ring at the next turn. */
async function ringOrPrepare<T>(queues: Context["queues"], ring: () => Promise<T>): Promise<T> {
  try {
    return await ring();
  } catch (error) {
    await queues.prepare();
    throw error;
  }
}

function concurrencyOf(queue: QueueName, { settings }: Context): number {
  return settings[`${queue.toUpperCase() as Uppercase<QueueName>}_CONCURRENCY`] ?? defaultConcurrency[queue];
}

/** A connection of its own, whose lock tells everybody that this process lives; taken again when it breaks. */
async function holdLife(
  context: Context,
  id: string,
  workers: readonly string[],
): Promise<{ end(): Promise<void> }> {
  const { db, databaseUrl, log, clock } = context;
  let ended = false;
  let client: pg.Client | undefined;
  const lockKey = await runners.register(db, {
    id,
    workers,
    clock: clock.state,
    host: hostname(),
    pid: process.pid,
  });
  const hold = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: "paperwire-runner",
      keepAlive: true,
    });
    fresh.on("error", (error) => {
      if (ended || client !== fresh) return;
      client = undefined;
      log.warn({ outcome: "lost its lock", err: error });
      retry();
    });
    await fresh.connect();
    await fresh.query(runners.lockStatement(lockKey));
    client = fresh;
  };
  const retry = () => {
    setTimeout(() => {
      if (!ended && client === undefined) hold().catch(retry);
    }, 500);
  };
  await hold();
  return {
    async end() {
      ended = true;
      await client?.end();
    },
  };
}
