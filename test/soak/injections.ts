import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { sql } from "kysely";
import { despiteDeadlocks } from "../failure/matrix/until.ts";
import type { Soak } from "./run-soak.ts";

export interface Injection {
  readonly name: string;
  /** How often, against the others. */
  readonly weight: number;
  readonly only?: "postgres" | "redis";
  inject(soak: Soak, random: () => number): Promise<void>;
}

export const injections: readonly Injection[] = [
  { name: "kill", weight: 60, inject: kill },
  { name: "ordinary stop", weight: 4, inject: stop },
  { name: "connections cut", weight: 6, inject: cutDatabase },
  { name: "PostgreSQL restarted", weight: 3, inject: async ({ lane }) => lane.restartPostgres() },
  { name: "provider connections cut", weight: 8, inject: async ({ gate }) => gate.cut() },
  { name: "provider half reached", weight: 4, inject: (soak, random) => gateFor(soak, "half", random) },
  { name: "provider's answers lost", weight: 4, inject: (soak, random) => gateFor(soak, "mute", random) },
  { name: "provider unreachable", weight: 3, inject: (soak, random) => gateFor(soak, "shut", random) },
  { name: "provider restarted", weight: 3, inject: async ({ provider }) => provider.restart() },
  { name: "queue schema dropped", weight: 3, only: "postgres", inject: dropQueue },
  { name: "Redis flushed", weight: 4, only: "redis", inject: flushRedis },
  { name: "Redis restarted", weight: 4, only: "redis", inject: restartRedis },
];

async function kill(soak: Soak, random: () => number): Promise<void> {
  const n = Math.floor(random() * soak.processes.length);
  await soak.processes[n]?.kill();
  soak.processes[n] = soak.start(random);
}

async function stop(soak: Soak, random: () => number): Promise<void> {
  const n = Math.floor(random() * soak.processes.length);
  await soak.processes[n]?.stop();
  soak.processes[n] = soak.start(random);
}

async function cutDatabase({ db }: Soak): Promise<void> {
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name <> 'test'`.execute(db);
}

async function dropQueue({ db }: Soak): Promise<void> {
  await despiteDeadlocks(() => sql`drop schema if exists bullmq cascade`.execute(db));
}

async function gateFor({ gate }: Soak, mode: "half" | "mute" | "shut", random: () => number): Promise<void> {
  // Connections that are open already go on as they were; these are cut, so that new ones are made.
  gate.set(mode);
  gate.cut();
  await delay(200 + random() * 1_500);
  gate.cut();
  gate.set("open");
}

async function flushRedis({ lane }: Soak): Promise<void> {
  if (!("url" in lane.redis)) return;
  const redis = new Redis(lane.redis.url);
  await redis.flushall();
  redis.disconnect();
}

async function restartRedis({ lane }: Soak, random: () => number): Promise<void> {
  if (!("url" in lane.redis)) return;
  await lane.redis.stop();
  await delay(random() * 2_000);
  await lane.redis.start();
}
