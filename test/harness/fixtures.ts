// biome-ignore-all lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its first pattern.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDb, type Db } from "@paperwire/db";
import { test as base, inject, vi } from "vitest";
import { type Origin, startOrigin } from "./origin.ts";
import { copyTemplate, type Database } from "./template-database.ts";

export type QueueBackend = "postgres" | "redis";

/** For `describe.each`: inside, `test.override("queueBackend", backend)`. */
export const queueBackends: readonly QueueBackend[] = ["postgres", "redis"];

/**
 * Each test's own world; what a test does not name is not made.
 *
 * `database` a migrated database, `databaseUrl` its address, `db` a pool on it; a test that leaves other
 * connections open (a worker that still runs) fails. `queueBackend` which queues to use (`postgres` unless
 * overridden), `queuePrefix` random, `redisUrl` a server shared by all tests: without one the test is skipped
 * with the reason; `queueRedisUrl` is `redisUrl` when the backend is `redis`, otherwise undefined. `folder` an
 * empty folder. `origin` a scriptable site on 127.0.0.1.
 */
export const test = base
  .extend("database", async ({}, { onCleanup }): Promise<Database> => {
    const database = await copyTemplate(inject("adminUrl"), inject("templateName"));
    onCleanup(async () => {
      const left = await connectionsLeft(database);
      await database.drop();
      if (left.length > 0)
        throw new Error(`The test left ${left.length} connections open: ${left.join(", ")}.`);
    });
    return database;
  })
  .extend("databaseUrl", ({ database }): string => database.url)
  .extend("db", async ({ database }, { onCleanup }): Promise<Db> => {
    const db = createDb({ url: database.url, max: 10, applicationName: "test" });
    onCleanup(() => db.destroy());
    return db;
  })
  .extend("queueBackend", "postgres" as QueueBackend)
  .extend("queuePrefix", (): string => `test-${randomBytes(6).toString("hex")}`)
  .extend("redisUrl", ({ skip }): string => {
    const redis = inject("redis");
    return "url" in redis ? redis.url : skip(redis.missing);
  })
  .extend("queueRedisUrl", ({ queueBackend, skip }): string | undefined => {
    if (queueBackend === "postgres") return undefined;
    const redis = inject("redis");
    return "url" in redis ? redis.url : skip(redis.missing);
  })
  .extend("folder", async ({}, { onCleanup }): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "paperwire-"));
    onCleanup(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    return folder;
  })
  .extend("origin", async ({}, { onCleanup }): Promise<Origin> => {
    const origin = await startOrigin();
    onCleanup(() => origin.close());
    return origin;
  });

/** A closed connection takes a moment to leave the server's list; an open one stays. */
async function connectionsLeft(database: Database): Promise<string[]> {
  let left: string[] = [];
  await vi
    .waitUntil(
      async () => {
        left = await database.connections();
        return left.length === 0;
      },
      { timeout: 3_000, interval: 10 },
    )
    .catch(() => undefined);
  return left;
}
