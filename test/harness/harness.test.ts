import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { openQueues } from "@paperwire/workers/runtime/queues.ts";
import { sql } from "kysely";
import { describe, expect, inject } from "vitest";
import { dockerAnswers } from "./docker-engine.ts";
import { queueBackends, test } from "./fixtures.ts";
import { copyTemplate } from "./template-database.ts";

describe("a test's own world", () => {
  test("the database is migrated and belongs to one test", async ({ db, databaseUrl }) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from outbox`.execute(db);
    expect(rows).toEqual([{ n: 0 }]);
    const other = await copyTemplate(inject("adminUrl"), inject("templateName"));
    expect(other.url).not.toBe(databaseUrl);
    await other.drop();
  });

  test("an open connection is noticed by the name it gave", async ({ database, db }) => {
    await sql`select 1`.execute(db);
    expect(await database.connections()).toEqual(["test"]);
  });

  test("a dropped database takes its connections with it", async () => {
    const other = await copyTemplate(inject("adminUrl"), inject("templateName"));
    await other.drop();
    expect(await other.connections()).toEqual([]);
  });

  describe.each(queueBackends)("queues on %s", (backend) => {
    test.override("queueBackend", backend);
    test("carry a job", async ({ databaseUrl, queueRedisUrl, queuePrefix }) => {
      const onError = () => {};
      const queues = openQueues({ databaseUrl, redisUrl: queueRedisUrl, prefix: queuePrefix, onError });
      expect(queues.backend).toBe(backend);
      await queues.prepare();
      const { promise, resolve } = Promise.withResolvers<string>();
      const listener = queues.listen("fetch", { concurrency: 1, onError }, async ({ id }) => resolve(id));
      const id = crypto.randomUUID();
      await queues.ring([{ queue: "fetch", event: "source.due", jobId: id, data: { id } }]);
      expect(await promise).toBe(id);
      await listener.close();
      await queues.close();
    });
  });
});

describe("the search for a Docker engine", () => {
  test("an engine is what answers the ping with 200", async ({ folder }) => {
    const socketPath = `${folder}/engine.sock`;
    let status = 200;
    const engine = createServer((request, response) => {
      response.writeHead(request.url === "/_ping" ? status : 404).end("OK");
    }).listen(socketPath);
    await once(engine, "listening");
    expect(await dockerAnswers(`unix://${socketPath}`)).toBe(true);
    status = 500;
    expect(await dockerAnswers(`unix://${socketPath}`)).toBe(false);
    engine.close();
    await rm(socketPath, { force: true });
    expect(await dockerAnswers(`unix://${socketPath}`)).toBe(false);
  });

  test("an engine that says nothing is none", async ({ origin }) => {
    origin.serve("/_ping", { outage: "silence" });
    expect(await dockerAnswers(`tcp://${origin.host}`)).toBe(false);
    origin.serve("/_ping", { body: "OK" });
    expect(await dockerAnswers(`tcp://${origin.host}`)).toBe(true);
  });
});
