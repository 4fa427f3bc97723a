import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { outbox } from "@paperwire/db";
import { parseEnv } from "@paperwire/workers/env.ts";
import { subscribeReader } from "@paperwire/workers/readers/subscribe.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import { type OpenContext, openContext } from "@paperwire/workers/runtime/open-context.ts";
import { standingClock } from "@paperwire/workers/runtime/product-clock.ts";
import { Redis } from "ioredis";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { test as base, queueBackends } from "./harness/fixtures.ts";
import type { Origin } from "./harness/origin.ts";
import { expectedMails, hours, mailsIn, serveHour } from "./scenario/scripted-day.ts";

interface World {
  /** Opens a context whose clock stands where `now` says. */
  open(): Promise<OpenContext>;
  now: Date;
  readonly outboxFolder: string;
}

const test = base.extend("world", ({ databaseUrl, queueRedisUrl, queuePrefix, folder, origin }): World => {
  const settings = parseEnv({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    REDIS_URL: queueRedisUrl,
    REDIS_PREFIX: queuePrefix,
    PAPERWIRE_HOME: folder,
    FETCH_ALLOW_PRIVATE: origin.host,
    LOG_LEVEL: "error",
  });
  const world: World = {
    now: hours[0] ?? new Date(0),
    open: () =>
      openContext(settings, {
        clock: {
          get state() {
            return standingClock(world.now).state;
          },
          now: () => new Date(world.now),
        },
        poolSize: 24,
      }),
    outboxFolder: join(folder, "outbox"),
  };
  return world;
});

/** Runs `work` at every hour of the scenario, in one process. */
async function everyHour(
  world: World,
  origin: Origin,
  work: (context: OpenContext, hour: Date) => Promise<void>,
): Promise<void> {
  const context = await world.open();
  try {
    await addSourcesAndReaders(context, origin.url);
    for (const hour of hours) {
      world.now = hour;
      serveHour(origin, hour);
      // Politeness towards hosts runs on real time; here an hour has passed for them too.
      await context.db.deleteFrom("hostBudgets").execute();
      await work(context, hour);
    }
  } finally {
    await context.close();
  }
}

async function addSourcesAndReaders(context: OpenContext, originUrl: string): Promise<void> {
  const start = hours[0] ?? new Date(0);
  await context.db
    .insertInto("sources")
    .values([
      {
        id: "cs.CL",
        url: `${originUrl}/rss/cs.CL`,
        kind: "arxiv-rss",
        everyMinutes: 60,
        nextFetchAt: start,
        createdAt: start,
      },
      {
        id: "journal",
        url: `${originUrl}/journal.xml`,
        kind: "feed",
        everyMinutes: 60,
        nextFetchAt: start,
        createdAt: start,
      },
    ])
    .execute();
  const common = { at: "08:00", confirmed: true };
  await subscribeReader(
    context,
    { ...common, email: "ada@example.org", categories: ["cs.CL"], zone: "Europe/Berlin" },
    start,
  );
  await subscribeReader(
    context,
    { ...common, email: "bob@example.org", query: '"knowledge distillation"', zone: "America/New_York" },
    start,
  );
  await subscribeReader(
    context,
    { ...common, email: "chie@example.org", authors: ["Kurt Gödel"], zone: "Asia/Tokyo" },
    start,
  );
}

describe.each(queueBackends)("on %s queues", (backend) => {
  test.override("queueBackend", backend);

  test("48 hours of drains mail every reader exactly what matters, once", { timeout: 240_000 }, async ({
    world,
    origin,
  }) => {
    await everyHour(world, origin, async (context) => {
      expect((await drain(context)).failedJobs).toBe(0);
    });
    expect(await mailsIn(world.outboxFolder)).toEqual(expectedMails);
  });

  test("a queue that is wiped in the middle of the work changes nothing", { timeout: 240_000 }, async ({
    world,
    origin,
    queueRedisUrl,
    queuePrefix,
  }) => {
    await everyHour(world, origin, async (context, hour) => {
      if (hour.getUTCHours() % 6 === 4) {
        // Doorbells that were rung and lost: the rows say published, the queue knows nothing.
        await context.db
          .transaction()
          .execute((trx) => outbox.append(trx, "source.due", { sourceId: "cs.CL" }));
        await context.db.transaction().execute((trx) => outbox.takeUnpublished(trx, 100));
        await wipe(context, queueRedisUrl, queuePrefix);
      }
      expect((await drain(context)).failedJobs).toBe(0);
    });
    expect(await mailsIn(world.outboxFolder)).toEqual(expectedMails);
  });
});

async function wipe(context: OpenContext, redisUrl: string | undefined, prefix: string): Promise<void> {
  if (redisUrl === undefined) {
    await sql`drop schema if exists bullmq cascade`.execute(context.db);
    return;
  }
  const redis = new Redis(redisUrl);
  const keys = await redis.keys(`${prefix}:*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}

test("an event of a newer release waits, is named, and stops nothing else", { timeout: 120_000 }, async ({
  world,
  origin,
}) => {
  const context = await world.open();
  try {
    await addSourcesAndReaders(context, origin.url);
    world.now = hours[5] ?? world.now;
    serveHour(origin, world.now);
    await context.db
      .insertInto("outbox")
      .values({ id: randomUUID(), event: "paper.unheard-of", payload: JSON.stringify({}) })
      .execute();
    const drained = await drain(context);
    expect(drained).toMatchObject({
      listed: 4,
      newPapers: 4,
      failedJobs: 0,
      left: [{ event: "paper.unheard-of", open: 1 }],
    });
  } finally {
    await context.close();
  }
});
