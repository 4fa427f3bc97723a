import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquirePostgres, type EmbeddedPostgres } from "@paperwire/workers/embedded/acquire-postgres.ts";
import { placeOf } from "@paperwire/workers/embedded/place.ts";
import { findServer } from "@paperwire/workers/embedded/running-server.ts";
import { stopServer } from "@paperwire/workers/embedded/server-process.ts";
import { onPath, type RedisServer, startRedis } from "../../harness/redis-service.ts";
import { makeTemplate } from "../../harness/template-database.ts";

/** A PostgreSQL and a Redis of their own, for cases that run one after another and stop either at will. */
export interface Lane {
  readonly folder: string;
  readonly adminUrl: string;
  /** Of the PostgreSQL server. */
  readonly dataDir: string;
  readonly templateName: string;
  /** Undefined, with the reason, on a machine without Redis. */
  readonly redis: RedisLane | { readonly missing: string };
  restartPostgres(): Promise<void>;
  close(): Promise<void>;
}

export interface RedisLane {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function openLane(): Promise<Lane> {
  const folder = await mkdtemp(join(tmpdir(), "paperwire-lane-"));
  await chmod(folder, 0o777);
  const home = join(folder, "services");
  const postgres: EmbeddedPostgres = await acquirePostgres({ home, fast: true });
  const cleanups: (() => Promise<void>)[] = [];
  const templateName = await makeTemplate(postgres.url, (cleanup) => void cleanups.push(cleanup));
  const redis = await openRedis(join(folder, "redis"));
  const callOff = guardLane(folder, postgres.dataDir);
  return {
    folder,
    adminUrl: postgres.url,
    dataDir: postgres.dataDir,
    templateName,
    redis,
    async restartPostgres() {
      const place = await placeOf(home);
      const running = await findServer(place, { giveUp: true });
      if (running === undefined || running === "unsettled") throw new Error("PostgreSQL does not run.");
      await stopServer(place, running);
      await postgres.ensureRunning();
    },
    async close() {
      await callOff();
      if ("stop" in redis) await redis.stop();
      for (const cleanup of cleanups) await cleanup();
      await postgres.release();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/**
 * Stops both servers and removes the folder when this process is killed. Their process ids are looked up then, since
 * cases start them anew.
 */
function guardLane(folder: string, dataDir: string): () => Promise<void> {
  const script =
    'read -r line; kill -QUIT "$(head -n 1 "$2/postmaster.pid")"; kill "$(cat "$1/redis/redis.pid")"; sleep 1; rm -rf "$1"';
  const shell = spawn("/bin/sh", ["-c", script, "guard", folder, dataDir], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.unref();
  return async () => {
    const ended = once(shell, "exit");
    shell.kill("SIGKILL");
    await ended;
  };
}

async function openRedis(folder: string): Promise<Lane["redis"]> {
  const program = (await onPath("redis-server")) ?? (await onPath("valkey-server"));
  if (program === undefined) return { missing: "neither redis-server nor valkey-server is on the path" };
  await mkdir(folder, { recursive: true });
  let server: RedisServer | undefined = await startRedis(program, folder);
  const { url, port } = server;
  return {
    url,
    async stop() {
      await server?.stop();
      server = undefined;
    },
    async start() {
      server ??= await startRedis(program, folder, port);
    },
  };
}
