import { Redis } from "ioredis";
import { sql } from "kysely";
import { Client } from "pg";
import { despiteDeadlocks, until } from "./until.ts";
import type { World } from "./world.ts";

/** A moment in the life of a delivery at which the process can be held, and then killed. */
export interface CrashPoint {
  readonly name: string;
  /** Over SMTP, whether a mail that was in hand may have to be recorded as uncertain. */
  readonly leavesDoubt: boolean;
  /** Before the process starts. */
  prepare(world: World): Promise<Held>;
}

export interface Held {
  /** Resolves when the process stands at the point. */
  reached(): Promise<void>;
  /** Called once the process is dead, or to let it go on. */
  release(): Promise<void>;
}

const patienceMs = 30_000;

export const crashPoints: readonly CrashPoint[] = [
  {
    name: "before claim",
    leavesDoubt: false,
    async prepare(world) {
      const lock = await lockBatches(world);
      return {
        reached: () => until("a claim waits for its batch", patienceMs, () => waitsForBatch(world)),
        release: lock.release,
      };
    },
  },
  {
    name: "after claim",
    leavesDoubt: true,
    prepare: (world) =>
      gated(
        world,
        "shut",
        "a batch is claimed and nothing was sent",
        async () => world.gate.connections() > 0 && (await hasBatch(world, "attempting")),
      ),
  },
  {
    name: "during the call",
    leavesDoubt: true,
    prepare: (world) => gated(world, "half", "half a request was sent", async () => world.gate.isHolding()),
  },
  {
    name: "accepted, not answered",
    leavesDoubt: true,
    prepare: (world) => gated(world, "mute", "an answer is kept back", async () => isAccepted(world)),
  },
  {
    name: "answered, not committed",
    leavesDoubt: true,
    async prepare(world) {
      const mute = await gated(world, "mute", "an answer is kept back", async () => isAccepted(world));
      let lock: { release(): Promise<void> } | undefined;
      return {
        async reached() {
          await mute.reached();
          lock = await lockBatches(world);
          world.gate.set("open");
          await until("the outcome waits for its batch", patienceMs, () => waitsForBatch(world));
        },
        async release() {
          await lock?.release();
          await mute.release();
        },
      };
    },
  },
  {
    name: "committed, not acknowledged",
    // Others may just be about to be claimed when the last outcome is committed.
    leavesDoubt: true,
    async prepare(world) {
      const mute = await gated(world, "mute", "an answer is kept back", async () => isAccepted(world));
      let queue: { release(): Promise<void> } | undefined;
      return {
        async reached() {
          await mute.reached();
          queue = await stallQueue(world);
          world.gate.set("open");
          await until(
            "the outcomes are committed",
            patienceMs,
            async () => (await hasBatch(world, "settled")) && !(await hasBatch(world, "attempting")),
          );
        },
        async release() {
          await queue?.release();
          await mute.release();
        },
      };
    },
  },
];

async function gated(
  world: World,
  mode: "shut" | "half" | "mute",
  fact: string,
  isSo: () => Promise<boolean>,
): Promise<Held> {
  world.gate.set(mode);
  return {
    reached: () => until(fact, patienceMs, isSo),
    release: async () => world.gate.set("open"),
  };
}

function isAccepted({ gate, provider }: World): boolean {
  return gate.isHolding() && provider.delivered().length > 0;
}

async function hasBatch({ db }: World, state: string): Promise<boolean> {
  const { rows } = await sql`select from batches where state = ${state} limit 1`.execute(db);
  return rows.length > 0;
}

async function waitsForBatch({ db }: World): Promise<boolean> {
  const { rows } = await sql`
    select from pg_stat_activity
    where datname = current_database() and application_name = 'paperwire' and wait_event_type = 'Lock'
      and query like '%from "batches"%' limit 1`.execute(db);
  return rows.length > 0;
}

/** Holds every batch's row, as a transaction that does not end would. */
async function lockBatches(world: World): Promise<{ release(): Promise<void> }> {
  return despiteDeadlocks(() => holdOpen(world, ["begin", "select id from batches order by id for update"]));
}

/** The queue takes no acknowledgement, and nothing else. */
async function stallQueue(world: World): Promise<{ release(): Promise<void> }> {
  if (world.backend === "redis" && "url" in world.lane.redis) {
    const redis = new Redis(world.lane.redis.url);
    redis.on("error", () => undefined);
    await redis.call("CLIENT", "PAUSE", "60000", "WRITE");
    return {
      async release() {
        await redis.call("CLIENT", "UNPAUSE");
        redis.disconnect();
      },
    };
  }
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq'`.execute(
    world.db,
  );
  return despiteDeadlocks(() =>
    holdOpen(world, ["begin", `lock table ${rows.map(({ name }) => name).join(", ")} in exclusive mode`]),
  );
}

async function holdOpen(
  { databaseUrl }: World,
  statements: readonly string[],
): Promise<{ release(): Promise<void> }> {
  const client = new Client({ connectionString: databaseUrl, application_name: "test" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } catch (error) {
    await client.end();
    throw error;
  }
  let isOpen = true;
  return {
    async release() {
      if (isOpen) await client.end();
      isOpen = false;
    },
  };
}
