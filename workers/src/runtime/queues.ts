import { type QueueName, queueNames } from "@paperwire/core";
import {
  createPostgresBackend,
  type JobsOptions,
  type PostgresConnectionOptions,
  Queue,
  runMigrations,
  Worker,
} from "bullmq";
import { Cluster, Redis } from "ioredis";
import pg from "pg";
import { lastingWorker } from "./lasting-worker.ts";

/** What a job carries: the id of the outbox row, which holds everything else. */
export interface DoorbellData {
  readonly id: string;
}

export interface Ring {
  readonly queue: QueueName;
  readonly event: string;
  readonly jobId: string;
  readonly data: DoorbellData;
}

export interface Listener {
  close(): Promise<void>;
}

/** The only thing that knows which backend carries the jobs. */
export interface Queues {
  readonly backend: "redis" | "postgres";
  /** Adds jobs in bulk; fails within about a second when the backend is away. */
  ring(rings: readonly Ring[]): Promise<void>;
  listen(
    queue: QueueName,
    options: { concurrency: number; onError: (error: Error) => void },
    handle: (data: DoorbellData) => Promise<void>,
  ): Listener;
  /** Makes what the backend needs (PostgreSQL: the schema `bullmq`). Safe to repeat. */
  prepare(): Promise<void>;
  counts(): Promise<Record<string, Record<string, number>>>;
  /** Adds events to a consumer's own queue, in order; an event the queue still holds is not added again. */
  publish(consumer: string, events: readonly { readonly id: string; readonly type: string }[]): Promise<void>;
  waitingOf(consumer: string): Promise<number>;
  /** @throws when the backend does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface QueuesOptions {
  readonly redisUrl?: string | undefined;
  readonly databaseUrl: string;
  readonly prefix: string;
  readonly onError: (error: Error) => void;
}

// A killed worker's job is found again after this long; `begin` on the outbox row makes the repeat harmless.
const stalledMs = 15_000;
const jobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true };
const workerOptions = {
  autorun: false,
  lockDuration: stalledMs,
  stalledInterval: stalledMs,
  maxStalledCount: 5,
  drainDelay: 5,
  // After a failure of the backend: BullMQ's own 15 s would be added to every outage.
  runRetryDelay: 1_000,
};

/** BullMQ on Redis when `redisUrl` is set, BullMQ's own PostgreSQL backend otherwise. */
export function openQueues(options: QueuesOptions): Queues {
  return options.redisUrl === undefined ? onPostgres(options) : onRedis(options, options.redisUrl);
}

function onPostgres({ databaseUrl, onError }: QueuesOptions): Queues {
  // Without sequential scans the claim stays on its partial index while statistics are young, and the
  // commits of the queue need not wait for the disk: the outbox, which did, can ring again.
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 2 * queueNames.length + 6,
    options: "-c search_path=bullmq -c enable_seqscan=off -c synchronous_commit=off",
    application_name: "paperwire-queue",
    keepAlive: true,
  });
  pool.on("error", onError);
  pool.on("connect", (client) => client.on("error", onError));
  pool.setMaxListeners(0);
  // BullMQ documents a `pg.Pool` as a connection; only its hand-written structural type says otherwise.
  const connection = pool as unknown as PostgresConnectionOptions;
  const prepare = async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on("error", onError);
    await client.connect();
    try {
      await client.query("create schema if not exists bullmq");
      await client.query("set search_path = bullmq");
      await runMigrations(client, "bullmq");
    } finally {
      await client.end();
    }
  };
  const queues = lazyQueues((name) => {
    const queue = new Queue(name, { connection, defaultJobOptions: jobOptions }, createPostgresBackend);
    queue.on("error", onError);
    return queue;
  }, onError);
  return {
    backend: "postgres",
    prepare,
    ring: (rings) => ringAll(queues, rings),
    counts: () => countAll(queues.get),
    publish: (consumer, events) => publishAll(queues.get(consumerQueue(consumer)), events),
    waitingOf: (consumer) => waitingIn(queues.get(consumerQueue(consumer))),
    listen(name, { concurrency, onError: told }, handle) {
      const options = { connection, concurrency, ...workerOptions };
      const make = () => new Worker(name, (job) => handle(job.data), options, createPostgresBackend);
      return lastingWorker(make, told, prepare);
    },
    async ping() {
      await pool.query("select 1");
    },
    async close() {
      await queues.close();
      await pool.end();
    },
  };
}

function onRedis({ prefix, onError }: QueuesOptions, redisUrl: string): Queues {
  // Publishing must fail fast (the relay holds a transaction), consuming must wait.
  const publisher = connectRedis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1000,
  });
  publisher.on("error", onError);
  const consumers: (Redis | Cluster)[] = [];
  const bullPrefix = publisher instanceof Cluster ? `{${prefix}}` : prefix;
  const queues = lazyQueues((name) => {
    const queue = new Queue(name, {
      connection: publisher,
      prefix: bullPrefix,
      defaultJobOptions: jobOptions,
      skipWaitingForReady: true,
    });
    queue.on("error", onError);
    return queue;
  }, onError);
  return {
    backend: "redis",
    async prepare() {
      await publisher.ping().catch(() => waitReady(publisher));
    },
    ring: (rings) => ringAll(queues, rings),
    counts: () => countAll(queues.get),
    publish: (consumer, events) => publishAll(queues.get(consumerQueue(consumer)), events),
    waitingOf: (consumer) => waitingIn(queues.get(consumerQueue(consumer))),
    listen(name, { concurrency, onError: told }, handle) {
      const connection = connectRedis(redisUrl, { maxRetriesPerRequest: null });
      connection.on("error", told);
      consumers.push(connection);
      const options = { connection, prefix: bullPrefix, concurrency, ...workerOptions };
      return lastingWorker(() => new Worker(name, (job) => handle(job.data), options), told);
    },
    async ping() {
      await publisher.ping();
    },
    async close() {
      await queues.close();
      for (const connection of [...consumers, publisher]) connection.disconnect();
    },
  };
}

/**
 * `redis://`, `rediss://`, `redis+sentinel://host:26379,host2:26379/NAME[/DB]` and
 * `redis+cluster://host:7000,host2:7001`.
 */
export function connectRedis(url: string, options: Record<string, unknown>): Redis | Cluster {
  const [, scheme = "redis", rest = ""] = /^([a-z+]+):\/\/(.*)$/.exec(url) ?? [];
  if (scheme === "redis" || scheme === "rediss") return new Redis(url, options);
  const [authority = "", ...path] = rest.split("/");
  const at = authority.lastIndexOf("@");
  const [username, password] = at < 0 ? [] : authority.slice(0, at).split(":").map(decodeURIComponent);
  const nodes = authority
    .slice(at + 1)
    .split(",")
    .map((node) => ({
      host: node.split(":")[0] ?? node,
      port: Number(node.split(":")[1] ?? (scheme === "redis+sentinel" ? 26_379 : 6379)),
    }));
  const credentials = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  if (scheme === "redis+cluster") return new Cluster(nodes, { redisOptions: { ...options, ...credentials } });
  return new Redis({
    ...options,
    ...credentials,
    sentinels: nodes,
    name: path[0] ?? "mymaster",
    db: Number(path[1] ?? 0),
  });
}

async function waitReady(connection: Redis | Cluster): Promise<void> {
  const deadline = Date.now() + 5000;
  while (connection.status !== "ready") {
    if (Date.now() > deadline)
      throw new Error("Redis does not answer: check REDIS_URL and that the server runs");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What both backends' queues have in common here. */
interface Producer {
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  getJobCounts(...types: ("wait" | "active" | "delayed" | "failed")[]): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** The name of the queue that a consumer reads with its own BullMQ client. */
export function consumerQueue(consumer: string): string {
  return `events-${consumer}`;
}

async function publishAll(
  queue: Producer,
  events: readonly { readonly id: string; readonly type: string }[],
): Promise<void> {
  await queue.addBulk(
    events.map((event) => ({
      name: event.type,
      data: event,
      opts: { jobId: event.id, removeOnComplete: { age: 3600 }, removeOnFail: false },
    })),
  );
}

async function waitingIn(queue: Producer): Promise<number> {
  const counts = await queue.getJobCounts("wait", "active", "delayed");
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

interface LazyQueues {
  get(name: string): Producer;
  /** Lets go of all of them: one whose first connection failed would remember that for ever. */
  forget(): void;
  close(): Promise<void>;
}

function lazyQueues(make: (name: string) => Producer, onError: (error: Error) => void): LazyQueues {
  const made = new Map<string, Producer>();
  return {
    get(name) {
      const queue = made.get(name) ?? make(name);
      made.set(name, queue);
      return queue;
    },
    forget() {
      for (const queue of made.values()) queue.close().catch(onError);
      made.clear();
    },
    async close() {
      await Promise.all([...made.values()].map((queue) => queue.close()));
    },
  };
}

async function ringAll(queues: LazyQueues, rings: readonly Ring[]): Promise<void> {
  const byQueue = Map.groupBy(rings, (ring) => ring.queue);
  try {
    for (const [name, group] of byQueue) {
      const jobs = group.map((ring) => ({ name: ring.event, data: ring.data, opts: { jobId: ring.jobId } }));
      await queues.get(name).addBulk(jobs);
    }
  } catch (error) {
    queues.forget();
    throw error;
  }
}

async function countAll(
  queue: (name: QueueName) => Producer,
): Promise<Record<string, Record<string, number>>> {
  const entries = await Promise.all(
    queueNames.map(
      async (name) => [name, await queue(name).getJobCounts("wait", "active", "delayed", "failed")] as const,
    ),
  );
  return Object.fromEntries(entries);
}
