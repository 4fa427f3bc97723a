import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { dockerAnswers } from "./docker-engine.ts";
import { guard } from "./guard.ts";
import { findPostgres } from "./postgres-service.ts";
import { findRedis, type RedisService } from "./redis-service.ts";
import { makeTemplate } from "./template-database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the server, as an account that may create databases. */
    adminUrl: string;
    /** A migrated database to copy; nothing may connect to it. */
    templateName: string;
    redis: RedisService;
    /** What each service is, for the curious. */
    services: readonly string[];
  }
}

const cleanups: (() => Promise<void>)[] = [];

/**
 * Once per run: PostgreSQL and Redis for the tests that need them, from TEST_DATABASE_URL and TEST_REDIS_URL,
 * else from containers where a Docker engine answers, else the embedded PostgreSQL and a `redis-server` (or
 * `valkey-server`) on the path. Without any Redis its tests are skipped, with the reason; REQUIRE_REDIS=1 forbids that.
 */
export async function setup(project: TestProject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "paperwire-test-"));
  // The embedded server and the tests may run as other accounts.
  await chmod(folder, 0o777);
  onTeardown(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  process.env.TMPDIR = folder;
  try {
    const docker = await dockerAnswers();
    const [postgres, redis] = await Promise.all([
      findPostgres({ docker, folder, onTeardown }),
      findRedis({ docker, folder, onTeardown }),
    ]);
    onTeardown(
      guard(
        folder,
        [redis.pid, postgres.pid].filter((pid) => pid !== undefined),
      ),
    );
    const templateName = await makeTemplate(postgres.url, onTeardown);
    project.provide("adminUrl", postgres.url);
    project.provide("templateName", templateName);
    project.provide("redis", redis);
    project.provide("services", [postgres.what, redis.what]);
    process.stderr.write(`Services: ${postgres.what}; ${redis.what}.\n`);
  } catch (error) {
    await teardown();
    throw error;
  }
}

/** In the reverse order of what was started; one failure does not keep the rest running. */
export async function teardown(): Promise<void> {
  const failures: unknown[] = [];
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup().catch((error) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "Some test services could not be stopped.");
}

function onTeardown(cleanup: () => Promise<void>): void {
  cleanups.push(cleanup);
}
