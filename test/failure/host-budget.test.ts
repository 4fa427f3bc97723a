import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { RetryLaterError } from "@paperwire/core";
import { hostBudgets } from "@paperwire/db";
import { createSharedBudget } from "@paperwire/workers/fetch/shared-budget.ts";
import { afterEach, describe, expect, vi } from "vitest";
import { test } from "../harness/fixtures.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Watched {
  readonly url: string;
  /** Real time of each request's arrival. */
  readonly arrivals: number[];
  readonly connections: { open: number; most: number };
}

/** An origin that notes when requests arrive and how many connections are open at once. */
async function watchedOrigin(answer: RequestListener): Promise<Watched> {
  const arrivals: number[] = [];
  const connections = { open: 0, most: 0 };
  const server = createServer((request, response) => {
    arrivals.push(performance.now());
    answer(request, response);
  });
  server.on("connection", (socket) => {
    connections.most = Math.max(connections.most, ++connections.open);
    socket.on("close", () => connections.open--);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, arrivals, connections };
}

function start(databaseUrl: string, url: string, ...more: number[]): ChildProcess {
  const file = fileURLToPath(new URL("budget-process.ts", import.meta.url));
  const child = spawn(process.execPath, [file, databaseUrl, url, ...more.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  closing.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  });
  return child;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

function gapsOf(arrivals: readonly number[]): number[] {
  return arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));
}

describe("three processes that ask one host", () => {
  test("together make one request per gap over one connection", { timeout: 60_000 }, async ({
    databaseUrl,
  }) => {
    // The answer takes a while, so that a second connection would show.
    const origin = await watchedOrigin((_, response) => void setTimeout(() => response.end("feed"), 60));
    const gapMs = 300;
    const children = [1, 2, 3].map(() => start(databaseUrl, origin.url, 4, gapMs));
    expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
    expect(origin.arrivals).toHaveLength(12);
    expect(Math.min(...gapsOf(origin.arrivals))).toBeGreaterThanOrEqual(gapMs);
    expect(origin.connections.most).toBe(1);
  });

  test("keep arXiv's three seconds", { timeout: 60_000 }, async ({ databaseUrl }) => {
    const origin = await watchedOrigin((_, response) => void response.end("feed"));
    const children = [1, 2, 3].map(() => start(databaseUrl, origin.url, 1, 3_000));
    expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
    expect(origin.arrivals).toHaveLength(3);
    expect(Math.min(...gapsOf(origin.arrivals))).toBeGreaterThanOrEqual(3_000);
    expect(origin.connections.most).toBe(1);
  });

  test("put their jobs off when the wait is long, and still get every answer", { timeout: 60_000 }, async ({
    databaseUrl,
  }) => {
    const origin = await watchedOrigin((_, response) => void response.end("feed"));
    const children = [1, 2, 3].map(() => start(databaseUrl, origin.url, 3, 200, 60_000, 50));
    expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
    expect(origin.arrivals).toHaveLength(9);
    expect(Math.min(...gapsOf(origin.arrivals))).toBeGreaterThanOrEqual(200);
  });

  test("all leave a host alone that asks twice running for patience", { timeout: 60_000 }, async ({
    databaseUrl,
  }) => {
    let asked = 0;
    const origin = await watchedOrigin((_, response) => {
      asked++;
      if (asked === 3 || asked === 4) response.writeHead(429, { "retry-after": "2" });
      response.end("feed");
    });
    const children = [1, 2, 3].map(() => start(databaseUrl, origin.url, 2, 50));
    expect(await Promise.all(children.map(ended))).toEqual([0, 0, 0]);
    const gaps = gapsOf(origin.arrivals);
    expect(origin.arrivals).toHaveLength(8);
    expect(gaps[3]).toBeGreaterThanOrEqual(2_000);
    // One 429 was the business of one source.
    expect(gaps[2]).toBeLessThan(2_000);
  });

  test("go on after one was killed while it held the slot", { timeout: 60_000 }, async ({ databaseUrl }) => {
    let silent = true;
    const origin = await watchedOrigin((_, response) => {
      if (!silent) response.end("feed");
    });
    const leaseMs = 1_500;
    const victim = start(databaseUrl, origin.url, 1, 100, leaseMs);
    await vi.waitUntil(() => origin.arrivals.length === 1, { timeout: 20_000 });
    const others = [
      start(databaseUrl, origin.url, 1, 100, leaseMs),
      start(databaseUrl, origin.url, 1, 100, leaseMs),
    ];
    victim.kill("SIGKILL");
    await ended(victim);
    silent = false;
    expect(await Promise.all(others.map(ended))).toEqual([0, 0]);
    expect(origin.arrivals).toHaveLength(3);
  });
});

describe("the slot of a host", () => {
  const group = { group: "tested", gapMs: 0 };

  test("has one holder, whoever asks", async ({ db }) => {
    const holds = await Promise.all(
      Array.from({ length: 8 }, () => hostBudgets.tryHold(db, "tested", crypto.randomUUID(), 60_000)),
    );
    expect(holds.filter(({ held }) => held)).toHaveLength(1);
    expect(holds.filter((hold) => !hold.held && hold.busy).length).toBeGreaterThan(0);
  });

  test("is not given back by one who lost it", async ({ db }) => {
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    await hostBudgets.tryHold(db, "tested", first, 0);
    expect(await hostBudgets.tryHold(db, "tested", second, 60_000)).toEqual({ held: true });
    await hostBudgets.release(db, "tested", first, 0);
    expect(await hostBudgets.tryHold(db, "tested", first, 60_000)).toMatchObject({ held: false, busy: true });
  });

  test("says how long the gap, or a block, still lasts", async ({ db }) => {
    const holder = crypto.randomUUID();
    await hostBudgets.tryHold(db, "gap", holder, 60_000);
    await hostBudgets.release(db, "gap", holder, 50_000, "answered");
    expect(await hostBudgets.tryHold(db, "gap", holder, 60_000)).toMatchObject({ held: false, busy: false });
    await hostBudgets.tryHold(db, "block", holder, 60_000);
    await hostBudgets.release(db, "block", holder, 0, { retryAfterMs: 3_600_000 }, 1);
    const hold = await hostBudgets.tryHold(db, "block", holder, 60_000);
    expect(hold.held ? 0 : hold.waitMs).toBeGreaterThan(3_500_000);
  });

  test("is not blocked by strikes that a good answer came between", async ({ db }) => {
    const holder = crypto.randomUUID();
    for (const end of [
      { retryAfterMs: 3_600_000 },
      "answered",
      { retryAfterMs: 3_600_000 },
      undefined,
    ] as const) {
      expect(await hostBudgets.tryHold(db, "tested", holder, 60_000)).toEqual({ held: true });
      await hostBudgets.release(db, "tested", holder, 0, end);
    }
    await hostBudgets.tryHold(db, "tested", holder, 60_000);
    await hostBudgets.release(db, "tested", holder, 0, { retryAfterMs: 3_600_000 });
    expect(await hostBudgets.tryHold(db, "tested", holder, 60_000)).toMatchObject({
      held: false,
      busy: false,
    });
  });

  test("is given in the order of asking, one at a time", async ({ db }) => {
    const budget = createSharedBudget({ db });
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const slot = await budget.reserve(group);
        expect(++inside).toBe(1);
        order.push(index);
        await hostBudgets.prune(db);
        inside--;
        await slot.release("answered");
        await slot.release("answered");
      }),
    );
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test("puts a job off with the time it would wait, and lets the next one try", async ({ db }) => {
    const budget = createSharedBudget({ db, patienceMs: 100 });
    const slot = await budget.reserve({ group: "slow", gapMs: 60_000 });
    const refusal = await budget.reserve({ group: "slow", gapMs: 60_000 }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RetryLaterError);
    await slot.release("answered");
    const again = await budget.reserve({ group: "slow", gapMs: 60_000 }).catch((error: unknown) => error);
    expect(again instanceof RetryLaterError && again.delayMs).toBeGreaterThan(50_000);
    await (await budget.reserve(group)).release();
  });

  test("is not waited for once the caller is stopped", async ({ db }) => {
    const budget = createSharedBudget({ db });
    const stop = new AbortController();
    const reason = new Error("shutting down");
    const slot = await budget.reserve(group);
    const inLine = budget.reserve(group, stop.signal);
    const behind = budget.reserve(group);
    stop.abort(reason);
    await expect(inLine).rejects.toBe(reason);
    await slot.release();
    await (await behind).release();

    const other = createSharedBudget({ db });
    const held = await other.reserve(group);
    const atTheDatabase = new AbortController();
    const waiting = budget.reserve(group, atTheDatabase.signal);
    atTheDatabase.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await held.release();
    await (await budget.reserve(group)).release();
  });

  test("leaves no row behind of a host that is not asked any more", async ({ db }) => {
    const holder = crypto.randomUUID();
    await hostBudgets.tryHold(db, "old", holder, 60_000);
    await hostBudgets.release(db, "old", holder, -2 * 86_400_000);
    await hostBudgets.tryHold(db, "held", holder, 60_000);
    await hostBudgets.prune(db);
    const rows = await db.selectFrom("hostBudgets").select("hostGroup").execute();
    expect(rows).toEqual([{ hostGroup: "held" }]);
  });
});
