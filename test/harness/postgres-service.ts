import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { acquirePostgres } from "@paperwire/workers/embedded/acquire-postgres.ts";
import type { Where } from "./redis-service.ts";

/** A PostgreSQL 15 or newer where databases may be created. */
export async function findPostgres({
  docker,
  folder,
  onTeardown,
}: Where): Promise<{ url: string; what: string; pid?: number }> {
  if (process.env.TEST_DATABASE_URL) {
    return { url: process.env.TEST_DATABASE_URL, what: "PostgreSQL from TEST_DATABASE_URL" };
  }
  if (docker) {
    const { GenericContainer, Wait } = await import("testcontainers");
    const container = await new GenericContainer("postgres:18-alpine")
      .withEnvironment({ POSTGRES_PASSWORD: "test" })
      .withCommand(["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200"])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forLogMessage("database system is ready to accept connections", 2))
      .start();
    onTeardown(async () => {
      await container.stop();
    });
    const address = `${container.getHost()}:${container.getMappedPort(5432)}`;
    return { url: `postgres://postgres:test@${address}/postgres`, what: "PostgreSQL in a container" };
  }
  const postgres = await acquirePostgres({ home: join(folder, "services"), fast: true });
  onTeardown(() => postgres.release());
  const pid = Number((await readFile(join(postgres.dataDir, "postmaster.pid"), "utf8")).split("\n")[0]);
  return { url: postgres.url, what: "embedded PostgreSQL", pid };
}
