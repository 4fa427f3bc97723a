import { type Db, hubSubscriptions, papers, sources } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { pushChecks } from "@paperwire/workers/doctor/work-checks.ts";
import { parseEnv } from "@paperwire/workers/env.ts";
import { hubStep } from "@paperwire/workers/hub.loop.ts";
import { type PushState, pushSentence, pushStateOf } from "@paperwire/workers/push-state.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import type { OpenContext } from "@paperwire/workers/runtime/open-context.ts";
import { startWeb } from "@paperwire/workers/web/server.ts";
import { sql } from "kysely";
import { describe, expect } from "vitest";
import { test as base } from "./harness/fixtures.ts";
import { feedOf, hubUrl, openWithHub, topic } from "./harness/hub-context.ts";
import { type HubDouble, startHub } from "./harness/hub-double.ts";

const publicUrl = "https://wire.example";
const start = new Date("2026-06-08T10:00:00Z");
const minuteMs = 60_000;

interface World {
  readonly context: OpenContext;
  readonly hub: HubDouble;
  /** Lets product time pass. */
  pass(minutes: number): void;
  /** Lets real time pass for what was agreed with hubs. */
  age(days: number): Promise<void>;
  /** One turn of the hubs' loop, and the work that it makes. */
  askHubs(): Promise<number>;
  source(): Promise<Source>;
  push(): Promise<PushState | undefined>;
  count(): Promise<number>;
  readonly log: string[];
}

const test = base
  .extend("websub", "on" as "on" | "auto" | "off")
  .extend("wirePublicUrl", publicUrl)
  .extend(
    "world",
    async ({ databaseUrl, db, folder, origin, websub, wirePublicUrl }, { onCleanup }): Promise<World> => {
      const settings = parseEnv({
        DATABASE_URL: databaseUrl,
        SECRET_KEY: "0123456789abcdef0123456789abcdef",
        PAPERWIRE_HOME: folder,
        PUBLIC_URL: wirePublicUrl,
        PORT: "0",
        FETCH_ALLOW_PRIVATE: origin.host,
        WEBSUB: websub,
        LOG_LEVEL: "silent",
      });
      let at = start;
      const clock = {
        get state() {
          return { kind: "standing" as const, at: at.toISOString() };
        },
        now: () => new Date(at),
      };
      let webUrl = "";
      const hub = await startHub((callback) => callback.replace(publicUrl, webUrl));
      const opened = await openWithHub(settings, hub.port, clock);
      // The hosts' gaps run on real time and have tests of their own.
      const { budget: _, ...fetching } = opened.fetching;
      const context = { ...opened, fetching };
      const web = await startWeb(context);
      webUrl = web.url;
      onCleanup(async () => {
        await web.close();
        await hub.close();
        await opened.close();
      });
      origin.serve("/feed", { body: feedOf([1]) });
      await sources.insertNew(db, {
        id: "crystals",
        url: `${origin.url}/feed`,
        kind: "feed",
        nextFetchAt: sources.neverAsked,
        createdAt: start,
      });
      await drain(context);
      const source = () => sources.getById(db, "crystals");
      return {
        context,
        hub,
        log: [],
        pass(minutes) {
          at = new Date(at.getTime() + minutes * minuteMs);
        },
        async age(days) {
          await sql`update hub_subscriptions set asked_at = asked_at - ${days} * interval '1 day',
          confirmed_at = confirmed_at - ${days} * interval '1 day', expires_at = expires_at - ${days} * interval '1 day',
          denied_at = denied_at - ${days} * interval '1 day', next_ask_at = next_ask_at - ${days} * interval '1 day'`.execute(
            db,
          );
          await sql`update sources set hub_expires_at = hub_expires_at - ${days} * interval '1 day'`.execute(
            db,
          );
        },
        async askHubs() {
          const due = await hubStep(context);
          await drain(context, { onlyOpen: true });
          return due;
        },
        source,
        push: async () => pushStateOf(await source(), await hubSubscriptions.findWanted(db, "crystals")),
        count: () => papers.count(db),
      };
    },
  );

/** The source is pushed: asked for and verified. */
async function goLive({ askHubs, hub }: World): Promise<void> {
  await askHubs();
  expect(await hub.verify()).toMatchObject({ status: 200 });
}

async function rows(db: Db): Promise<hubSubscriptions.HubSubscription[]> {
  return db.selectFrom("hubSubscriptions").selectAll().orderBy("createdAt").execute();
}

describe("a feed that names a hub", () => {
  test("is asked for, verified, pushed, and its new paper is here before its next poll", async ({
    world,
    origin,
  }) => {
    const { askHubs, hub, context, pass } = world;
    expect(await world.push()).toMatchObject({ state: "off", hub: hubUrl, topic });
    expect(await askHubs()).toBe(1);
    expect(hub.asked).toEqual([
      {
        mode: "subscribe",
        topic,
        callback: expect.stringMatching(/^https:\/\/wire\.example\/websub\/[0-9a-f-]{36}$/),
        secret: expect.stringMatching(/^[0-9a-f]{64}$/),
        leaseSeconds: 864_000,
      },
    ]);
    expect(await world.push()).toMatchObject({ state: "asked" });
    const verified = await hub.verify();
    expect(verified).toMatchObject({ status: 200, text: verified.challenge });
    expect(await world.push()).toMatchObject({ state: "live" });
    expect(await askHubs()).toBe(0);

    pass(20);
    origin.serve("/feed", { body: feedOf([2, 1]) });
    expect(await hub.push(feedOf([2]))).toBe(202);
    expect(await world.count()).toBe(1);
    expect(await drain(context)).toMatchObject({ fetched: 1, newPapers: 1 });
    expect(await world.count()).toBe(2);
    expect(await world.push()).toMatchObject({ state: "live", pushes: 1 });
  });

  test("takes nothing from a pushed body: the source itself is read", async ({ world, origin }) => {
    await goLive(world);
    world.pass(20);
    origin.serve("/feed", { body: feedOf([1, 3]) });
    await world.hub.push(feedOf([7, 8, 9]));
    expect(await drain(world.context)).toMatchObject({ newPapers: 1 });
    expect(await world.count()).toBe(2);
  });

  test("in its headers is believed before its body", async ({ world, origin }) => {
    origin.serve("/feed", {
      body: feedOf([1, 2]),
      headers: { link: '<http://header.example/>; rel="hub", <https://journal.example/header>; rel="self"' },
    });
    world.pass(24 * 60);
    await drain(world.context);
    await world.askHubs();
    expect(world.hub.asked.at(-1)).toMatchObject({ topic: "https://journal.example/header" });
  });

  test("by a hub that verifies before it answers is live at once", async ({ world }) => {
    world.hub.answers = { status: 202, verifies: true };
    await world.askHubs();
    expect(await world.push()).toMatchObject({ state: "live" });
    expect(await world.askHubs()).toBe(0);
  });

  describe("on a machine that no hub can call", () => {
    test.override("websub", "auto");
    test.override("wirePublicUrl", "http://127.0.0.1:8080");
    test("is polled, the hub is left alone, and that is said", async ({ world }) => {
      expect(await world.askHubs()).toBe(0);
      expect(world.hub.asked).toEqual([]);
      const push = await world.push();
      expect(push).toMatchObject({ state: "off" });
      expect(pushSentence(push as PushState)).toContain("PUBLIC_URL");
    });
  });
});

describe("a push", () => {
  test("with a wrong signature, or none, is answered 2xx, counted, and nothing comes of it", async ({
    world,
  }) => {
    await goLive(world);
    const before = await world.source();
    world.pass(20);
    expect(await world.hub.push(feedOf([2]), { secret: "guessed" })).toBe(202);
    expect(await world.hub.push(feedOf([2]), { signature: null })).toBe(202);
    expect(await world.hub.push(feedOf([2]), { signature: "sha256=00" })).toBe(202);
    expect(await world.hub.push(feedOf([2]), { method: "md5" })).toBe(202);
    expect(await drain(world.context)).toMatchObject({ fetched: 0, notModified: 0 });
    expect((await world.source()).nextFetchAt).toEqual(before.nextFetchAt);
    expect(await world.push()).toMatchObject({
      state: "live",
      refusedPushes: 4,
      problem: expect.stringContaining("signature"),
    });
  });

  test.for(["sha1", "sha256", "sha384", "sha512"])("signed by %s is believed", async (method, { world }) => {
    await goLive(world);
    world.pass(20);
    await world.hub.push(Buffer.from([0xff, 0x00, 0xe4]), { method });
    expect((await world.source()).nextFetchAt).toEqual(world.context.clock.now());
  });

  test("of an endless body is not read to its end", async ({ world }) => {
    await goLive(world);
    world.pass(20);
    expect(await world.hub.push(Buffer.alloc(15_000_001))).toBe(413);
    expect(await world.push()).toMatchObject({ refusedPushes: 1 });
    expect(await drain(world.context)).toMatchObject({ fetched: 0, notModified: 0 });
  });

  test("to an address that was never given out is answered 410", async ({ world }) => {
    await goLive(world);
    const callback = `${publicUrl}/websub/00000000-0000-4000-8000-000000000000`;
    expect(await world.hub.push("x", { callback })).toBe(410);
    expect(await world.hub.push("x", { callback: `${publicUrl}/websub/crystals` })).toBe(410);
  });

  test("that is replayed, or one of a flood, makes no more than a poll in five minutes", async ({
    world,
    origin,
  }) => {
    await goLive(world);
    world.pass(20);
    const polls = () => origin.to("/feed").length;
    const before = polls();
    const flood = async () => {
      await Promise.all(Array.from({ length: 30 }, () => world.hub.push(feedOf([1]))));
      await drain(world.context);
    };
    await flood();
    await flood();
    expect(polls() - before).toBe(1);
    world.pass(4);
    await flood();
    expect(polls() - before).toBe(1);
    world.pass(1);
    await drain(world.context);
    await flood();
    expect(polls() - before).toBe(2);
    expect(await world.push()).toMatchObject({ pushes: 120, state: "live" });
  });

  test("that comes while its source is being read is not lost", async ({ world, origin }) => {
    await goLive(world);
    world.pass(20);
    let pushed: Promise<number> | undefined;
    origin.serve("/feed", () => {
      world.pass(1);
      pushed ??= world.hub.push(feedOf([2]));
      return { body: feedOf([1]), delayMs: 300 };
    });
    await world.hub.push(feedOf([1]));
    await drain(world.context);
    expect(await pushed).toBe(202);
    const dueInMs = (await world.source()).nextFetchAt.getTime() - world.context.clock.now().getTime();
    expect(dueInMs).toBeLessThanOrEqual(5 * minuteMs);
    expect(dueInMs).toBeGreaterThan(3 * minuteMs);
  });

  test("does not hurry a source that fails or was told to wait", async ({ world, origin }) => {
    await goLive(world);
    world.pass(24 * 60);
    origin.serve("/feed", { status: 429, retryAfter: 7_200 });
    await drain(world.context);
    const told = (await world.source()).nextFetchAt;
    world.pass(20);
    await world.hub.push(feedOf([2]));
    expect((await world.source()).nextFetchAt).toEqual(told);
  });
});

describe("polling", () => {
  const nextInMinutes = async ({ source, context }: World) =>
    ((await source()).nextFetchAt.getTime() - context.clock.now().getTime()) / minuteMs;

  test("rests for six hours once pushes bring the news, and wakes when news come without one", async ({
    world,
    origin,
  }) => {
    await goLive(world);
    world.pass(20);
    origin.serve("/feed", { body: feedOf([1, 2]) });
    await world.hub.push("x");
    await drain(world.context);
    expect(await nextInMinutes(world)).toBeLessThanOrEqual(60);
    world.pass(60);
    await drain(world.context);
    expect(await nextInMinutes(world)).toBeGreaterThan(300);
    expect(await nextInMinutes(world)).toBeLessThanOrEqual(360);
    origin.serve("/feed", { body: feedOf([1, 2, 3]) });
    world.pass(360);
    expect(await drain(world.context)).toMatchObject({ newPapers: 1 });
    world.pass(360);
    await drain(world.context);
    expect(await nextInMinutes(world)).toBeLessThanOrEqual(60);
  });

  test("is as it was without a push that brought news", async ({ world }) => {
    await goLive(world);
    world.pass(24 * 60);
    await drain(world.context);
    expect(await nextInMinutes(world)).toBeLessThanOrEqual(60);
  });

  test("does not rest beyond the end of the lease", async ({ world, origin, db }) => {
    world.hub.lease = 7_200;
    await goLive(world);
    world.pass(20);
    origin.serve("/feed", { body: feedOf([1, 2]) });
    await world.hub.push("x");
    await drain(world.context);
    world.pass(60);
    await drain(world.context);
    expect(await nextInMinutes(world)).toBeLessThanOrEqual(120);
    await sql`update sources set next_fetch_at = ${new Date(world.context.clock.now().getTime() + 6 * 3_600_000)}`.execute(
      db,
    );
    await world.age(1);
    await world.hub.verify({ "hub.mode": "denied" });
    expect(await nextInMinutes(world)).toBeLessThanOrEqual(60);
  });
});

describe("a lease", () => {
  test("is renewed from its half on, at the same callback, and pushes go on meanwhile", async ({
    world,
    db,
  }) => {
    await goLive(world);
    const [first] = await rows(db);
    await world.age(4);
    expect(await world.askHubs()).toBe(0);
    await world.age(2);
    expect(await world.askHubs()).toBe(1);
    expect(world.hub.asked).toHaveLength(2);
    expect(world.hub.asked[1]).toEqual(world.hub.asked[0]);
    expect(await world.push()).toMatchObject({ state: "live" });
    await world.hub.verify();
    const [renewed] = await rows(db);
    expect((renewed?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(9.9 * 86_400_000);
    expect(renewed).toMatchObject({ id: first?.id, failures: 0, lastError: null });
    expect((await world.source()).hubExpiresAt).toEqual(renewed?.expiresAt);
  });

  test("that ends while the hub is away is over, is said to be, and is asked for again", async ({
    world,
  }) => {
    await goLive(world);
    world.hub.answers = { status: 503 };
    await world.age(11);
    expect(await world.askHubs()).toBe(1);
    expect(await world.push()).toMatchObject({ state: "failing", problem: expect.stringContaining("503") });
    world.hub.answers = { status: 202 };
    await world.age(1);
    expect(await world.askHubs()).toBe(1);
    await world.hub.verify();
    expect(await world.push()).toMatchObject({ state: "live" });
  });
});

describe("a hub", () => {
  test("that is down costs nothing: polling goes on, and it is asked again, later each time", async ({
    world,
    origin,
    db,
  }) => {
    world.hub.answers = { status: 503 };
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      expect(await world.askHubs()).toBe(1);
      expect(await world.askHubs()).toBe(0);
      const [row] = await rows(db);
      waits.push(Math.round(((row?.nextAskAt.getTime() ?? 0) - Date.now()) / minuteMs));
      await sql`update hub_subscriptions set next_ask_at = clock_timestamp()`.execute(db);
    }
    expect(waits).toEqual([15, 30, 60, 120]);
    origin.serve("/feed", { body: feedOf([1, 2]) });
    world.pass(60);
    expect(await drain(world.context)).toMatchObject({ newPapers: 1, fetchFailed: 0 });
    expect(pushChecks([await world.source()], await hubSubscriptions.listWanted(db))).toMatchObject([
      { check: "push", state: "ok" },
      { check: "push of crystals", state: "warn", sentence: expect.stringContaining("503") },
    ]);
  });

  test("that takes the request and never calls back is found out", async ({ world }) => {
    await world.askHubs();
    await world.age(1);
    await world.askHubs();
    expect(await world.push()).toMatchObject({
      state: "failing",
      problem: expect.stringContaining("not called back"),
    });
  });

  test("that denies is asked again after a week, and its reason is shown", async ({ world }) => {
    await goLive(world);
    const answer = await world.hub.verify({ "hub.mode": "denied", "hub.reason": "no\r\nmore <b>space" });
    expect(answer.status).toBe(200);
    expect(await world.push()).toMatchObject({
      state: "denied",
      problem: expect.stringContaining("no more <b>space"),
    });
    expect((await world.source()).hubExpiresAt).toBeNull();
    await world.age(6);
    expect(await world.askHubs()).toBe(0);
    await world.age(2);
    expect(await world.askHubs()).toBe(1);
  });

  test("that speaks of another topic, or of what was not asked, is not confirmed", async ({ world }) => {
    await world.askHubs();
    for (const changed of [
      { "hub.topic": "https://journal.example/feed/" },
      { "hub.topic": "https://elsewhere.example/feed" },
      { "hub.mode": "unsubscribe" },
      { "hub.challenge": "" },
      { "hub.lease_seconds": "0" },
    ]) {
      expect((await world.hub.verify(changed)).status, JSON.stringify(changed)).toBe(404);
    }
    expect(await world.push()).toMatchObject({ state: "asked" });
  });

  test("is told to stop when the feed moves to another topic, and asked for that", async ({
    world,
    origin,
  }) => {
    await goLive(world);
    const old = world.hub.asked[0];
    origin.serve("/feed", { body: feedOf([1, 2], { self: "https://journal.example/moved" }) });
    world.pass(24 * 60);
    await drain(world.context);
    expect(await world.askHubs()).toBe(2);
    expect(
      world.hub.asked
        .slice(1)
        .map(({ mode, topic: one }) => [mode, one])
        .toSorted(),
    ).toEqual([
      ["subscribe", "https://journal.example/moved"],
      ["unsubscribe", topic],
    ]);
    expect(await world.hub.push("x", { callback: old?.callback ?? "", secret: old?.secret ?? "" })).toBe(410);
  });

  test("is told to stop when the feed no longer names it", async ({ world, origin, db }) => {
    await goLive(world);
    origin.serve("/feed", { body: feedOf([1, 2], { hub: null }) });
    world.pass(24 * 60);
    await drain(world.context);
    await world.askHubs();
    expect(world.hub.asked.at(-1)).toMatchObject({ mode: "unsubscribe", topic });
    expect(await world.push()).toBeUndefined();
    expect((await world.source()).hubExpiresAt).toBeNull();
    const answer = await world.hub.verify();
    expect(answer).toMatchObject({ status: 200, text: answer.challenge });
    expect(await rows(db)).toEqual([]);
  });

  test.for(["removed", "paused"])("is told to stop when the source is %s", async (what, { world, db }) => {
    await goLive(world);
    if (what === "removed") await sources.remove(db, "crystals");
    else await sources.update(db, "crystals", { pausedAt: start, pausedBecause: "an operator paused it" });
    await world.askHubs();
    expect(world.hub.asked.at(-1)).toMatchObject({ mode: "unsubscribe", topic });
    expect(await world.hub.push("x")).toBe(410);
    expect((await world.hub.verify()).status).toBe(200);
    expect(await rows(db)).toEqual([]);
    if (what === "removed") return;
    await sources.update(db, "crystals", { pausedAt: null });
    await world.askHubs();
    expect(world.hub.asked.at(-1)).toMatchObject({ mode: "subscribe", topic });
    expect(
      new Set(world.hub.asked.filter(({ mode }) => mode === "subscribe").map(({ secret }) => secret)).size,
    ).toBe(2);
  });

  test("that does not hear that it is to stop is forgotten", async ({ world, db }) => {
    await goLive(world);
    await sources.remove(db, "crystals");
    world.hub.answers = { status: 500 };
    for (let round = 0; round < 7; round += 1) {
      await world.askHubs();
      await sql`update hub_subscriptions set next_ask_at = clock_timestamp()`.execute(db);
    }
    expect(world.hub.asked.filter(({ mode }) => mode === "unsubscribe")).toHaveLength(5);
    expect(await rows(db)).toEqual([]);
  });
});
