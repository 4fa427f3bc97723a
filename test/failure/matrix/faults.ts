import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { contracts, isEventName } from "@paperwire/core";
import { parseEnv } from "@paperwire/workers/env.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { openQueues } from "@paperwire/workers/runtime/queues.ts";
import { signToken } from "@paperwire/workers/tokens.ts";
import { buildApp } from "@paperwire/workers/web/app.ts";
import { Redis } from "ioredis";
import { sql } from "kysely";
import { despiteDeadlocks, until } from "./until.ts";
import type { Backend, Transport, World } from "./world.ts";

/** What goes wrong besides the crash. */
export interface Fault {
  readonly name: string;
  readonly backend: Backend;
  /** Mails that may become *uncertain* over SMTP because of it, at most. */
  readonly doubts?: number;
  /** What the provider does after the crash, in order. */
  readonly script?: Partial<Record<Transport, readonly string[]>>;
  /** Settings and options of the processes after the crash. */
  readonly settings?: Record<string, string>;
  readonly options?: (now: Date) => readonly string[];
  /** Processes that run after the crash; one when left out. */
  readonly deployments?: number;
  /** The first process is not killed: it stops, loses its connections, and goes on when others have taken over. */
  readonly returns?: true;
  /** Readers that must get nothing that was first attempted later. */
  readonly leaving?: "unsubscribe" | "delete";
  /** Every digest that was not attempted before is too late to be of use. */
  readonly tooLate?: true;
  /** Between the crash and the next start. */
  readonly between?: (world: World) => Promise<void>;
  /** While the next process works; ends when the world is whole again. */
  readonly during?: (world: World) => Promise<void>;
}

const inFlight = 4;
const manySlow = { resend: Array<string>(6).fill("slow:400"), smtp: Array<string>(8).fill("slow:400") };
const afterHours = (hours: number) => (now: Date) => [
  "--now",
  new Date(now.getTime() + hours * 3_600_000).toISOString(),
];

export const faults: readonly Fault[] = [
  { name: "nothing else", backend: "postgres" },
  { name: "nothing else (Redis)", backend: "redis" },
  { name: "queue flushed", backend: "postgres", between: dropQueue },
  { name: "queue flushed (Redis)", backend: "redis", between: flushRedis },
  { name: "queue flushed at work", backend: "postgres", script: manySlow, during: dropQueue },
  { name: "queue flushed at work (Redis)", backend: "redis", script: manySlow, during: flushRedis },
  { name: "queue down", backend: "redis", script: manySlow, during: redisAway },
  { name: "stale jobs", backend: "postgres", between: ringStale, during: ringStale },
  { name: "stale jobs (Redis)", backend: "redis", between: ringStale, during: ringStale },
  {
    name: "PostgreSQL restarted",
    backend: "postgres",
    doubts: inFlight,
    script: manySlow,
    during: async (world) => world.lane.restartPostgres(),
  },
  {
    name: "PostgreSQL restarted (Redis)",
    backend: "redis",
    doubts: inFlight,
    script: manySlow,
    during: async (world) => world.lane.restartPostgres(),
  },
  {
    name: "connections cut",
    backend: "postgres",
    doubts: 3 * inFlight,
    script: manySlow,
    during: cutConnections,
  },
  {
    name: "provider refuses for now",
    backend: "postgres",
    script: {
      resend: ["429:1", "429:2", "quota-daily"],
      smtp: ["greet:421", "mail:451", "rcpt:450", "data:451", "dot:452"],
    },
  },
  {
    name: "provider fails",
    backend: "postgres",
    doubts: 0,
    script: {
      resend: ["500", "accept-500", "502", "500"],
      smtp: ["dot:451", "greet:421", "data:421", "dot:452"],
    },
  },
  {
    name: "provider breaks off",
    backend: "postgres",
    // What is reset in the middle was written to the end as far as the sender knows.
    doubts: 5,
    script: {
      resend: ["reset", "accept-reset", "reset", "accept-reset"],
      smtp: [
        "reset-before-data",
        "accept-reset",
        "reset-in-data",
        "reset-after-dot",
        "accept-reset",
        "reset-after-dot",
      ],
    },
  },
  {
    name: "provider talks nonsense",
    backend: "postgres",
    doubts: 3,
    script: {
      resend: ["garbage", "accept-garbage", "empty", "null"],
      smtp: ["accept-garbage", "accept-garbage", "accept-garbage"],
    },
  },
  {
    name: "provider hangs",
    backend: "postgres",
    doubts: 4,
    script: {
      resend: ["hang", "accept-hang"],
      smtp: ["hang-after-dot", "accept-hang", "hang-after-dot", "accept-hang"],
    },
  },
  {
    name: "provider is slow",
    backend: "postgres",
    doubts: 2,
    script: { resend: ["slow:5000", "slow:3000", "slow:700"], smtp: ["slow:5000", "slow:1500", "slow:5000"] },
  },
  {
    name: "provider unreachable",
    backend: "postgres",
    during: async ({ gate }) => {
      gate.cut();
      gate.set("shut");
      await delay(500);
      gate.cut();
      gate.set("open");
    },
    doubts: 0,
  },
  { name: "clock two hours ahead", backend: "postgres", options: afterHours(2) },
  { name: "clock two hours back", backend: "postgres", options: afterHours(-2) },
  { name: "clock a day ahead", backend: "postgres", options: afterHours(26), tooLate: true },
  {
    name: "other templates deployed",
    backend: "postgres",
    settings: {
      MAIL_FROM: "The Wire <wire@other.example.org>",
      PUBLIC_URL: "https://other.example.org",
      MAIL_CONTACT: "The library, 1 Example Street",
    },
  },
  {
    name: "two deployments",
    backend: "postgres",
    deployments: 2,
    script: manySlow,
    settings: { PUBLIC_URL: "https://second.example.org" },
  },
  { name: "first process returns", backend: "postgres", doubts: inFlight, returns: true },
  { name: "readers unsubscribe", backend: "postgres", leaving: "unsubscribe", between: unsubscribeSome },
  { name: "readers are deleted", backend: "postgres", leaving: "delete", between: deleteSome },
];

async function dropQueue({ db }: World): Promise<void> {
  await despiteDeadlocks(() => sql`drop schema if exists bullmq cascade`.execute(db));
}

async function flushRedis({ lane }: World): Promise<void> {
  if (!("url" in lane.redis)) return;
  const redis = new Redis(lane.redis.url);
  await redis.flushall();
  redis.disconnect();
}

async function redisAway({ lane }: World): Promise<void> {
  if (!("url" in lane.redis)) return;
  await lane.redis.stop();
  await delay(1_500);
  await lane.redis.start();
}

/** Jobs of work that is done, jobs of nothing at all, and second jobs of what is open. */
async function ringStale(world: World): Promise<void> {
  const { db, databaseUrl, lane, backend } = world;
  const redisUrl = backend === "redis" && "url" in lane.redis ? lane.redis.url : undefined;
  const prefix = `case-${world.folder.split("-").at(-1)}`;
  const queues = openQueues({ redisUrl, databaseUrl, prefix, onError: () => undefined });
  try {
    await queues.prepare();
    const rows = await db.selectFrom("outbox").select(["id", "event", "publications"]).execute();
    const rings = rows.flatMap(({ id, event, publications }) =>
      isEventName(event)
        ? [`${id}-${publications}`, `${id}-${publications + 7}`, `${id}-again`].map((jobId) => ({
            queue: contracts[event].queue,
            event,
            jobId,
            data: { id },
          }))
        : [],
    );
    const nothing = {
      queue: "deliver",
      event: "digest.ready",
      jobId: `stale-${randomUUID()}`,
      data: { id: randomUUID() },
    } as const;
    await queues.ring([...rings, nothing]);
  } finally {
    await queues.close();
  }
}

/** Whatever a process does with the database at that moment is broken off, several times. */
async function cutConnections({ db }: World): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name <> 'test' and pid <> pg_backend_pid()`.execute(
      db,
    );
    await delay(700);
  }
}

/** Every third reader, by the link in a mail, on the page that answers it. */
async function unsubscribeSome(world: World): Promise<void> {
  const settings = parseEnv({
    DATABASE_URL: world.databaseUrl,
    SECRET_KEY: world.secretKey,
    PAPERWIRE_HOME: world.folder,
    LOG_LEVEL: "error",
  });
  const context = await openContext(settings, { poolSize: 2 });
  const app = await buildApp(context);
  try {
    for (const { id } of leavers(world)) {
      const token = signToken({ purpose: "unsubscribe", readerId: id, epoch: 0 }, world.secretKey);
      const answer = await app.inject({ method: "POST", url: `/unsubscribe/${token}` });
      if (answer.statusCode !== 200) throw new Error(`Unsubscribing was answered with ${answer.statusCode}.`);
    }
  } finally {
    await app.close();
    await context.close();
  }
}

async function deleteSome(world: World): Promise<void> {
  for (const { id } of leavers(world)) await world.db.deleteFrom("readers").where("id", "=", id).execute();
}

export function leavers({ frozen }: Pick<World, "frozen">): World["frozen"]["readers"] {
  return frozen.readers.filter((_, n) => n % 3 === 1);
}

/** Cuts off every connection of a process that stands still, as a broken network would. */
export async function partition(world: World): Promise<void> {
  await cutConnections(world);
  await until("nobody holds a batch", 30_000, async () => {
    const { rows } =
      await sql`select from pg_stat_activity where datname = current_database() and application_name = 'paperwire-runner'`.execute(
        world.db,
      );
    return rows.length === 0;
  });
}
