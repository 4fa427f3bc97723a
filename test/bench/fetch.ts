import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createDb, migrateToLatest } from "@paperwire/db";
import { acquirePostgres } from "@paperwire/workers/embedded/acquire-postgres.ts";
import { parseAllowList } from "@paperwire/workers/fetch/address-rules.ts";
import type { HostBudget } from "@paperwire/workers/fetch/host-budget.ts";
import { createFetchAgents } from "@paperwire/workers/fetch/pinned-agent.ts";
import { politeFetch } from "@paperwire/workers/fetch/polite-fetch.ts";
import { createSharedBudget } from "@paperwire/workers/fetch/shared-budget.ts";

/**
 * How many feeds a second one process fetches from a local origin: `node test/bench/fetch.ts [feeds]`. Every
 * feed has a host of its own, as in life, so every fetch reserves and releases a slot in PostgreSQL. Beside it,
 * in the same run: the same without the budget, and the platform's own `fetch` without any politeness.
 */
const FEEDS = Number(process.argv[2] ?? 10_000);
const CONCURRENCY = 32;
const TARGET_PER_S = 300;
const PRIVATE_HOST = "127.0.0.1";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

const origin = fork(fileURLToPath(new URL("fetch-origin.ts", import.meta.url)));
const [{ port }] = (await once(origin, "message")) as [AddressInfo];
const folder = await mkdtemp(join(tmpdir(), "paperwire-bench-"));
const postgres = process.env.TEST_DATABASE_URL
  ? undefined
  : await acquirePostgres({ home: join(folder, "home"), fast: true });
const db = createDb({ url: process.env.TEST_DATABASE_URL ?? postgres?.url ?? "", max: 10 });
await migrateToLatest(db);
const agents = createFetchAgents({
  allowPrivate: parseAllowList("127.0.0.1"),
  resolve: (_, answer) => answer(null, [{ address: "127.0.0.1", family: 4 }]),
});
const shared = createSharedBudget({ db });
const etags = new Map<string, string>();

async function polite(feed: number, host: string, budget: HostBudget | undefined): Promise<string> {
  const url = `http://${host}:${port}/${feed}.xml`;
  const etag = etags.get(url);
  const request = {
    url,
    trusted: true,
    userAgent: "Paperwire/bench",
    ...(etag === undefined ? {} : { etag }),
    // A second apart and a connection each, as for any public host.
    ...(host === PRIVATE_HOST ? {} : { budget: { group: host, gapMs: 1_000 } }),
  };
  const outcome = await politeFetch(request, { agents, ...(budget === undefined ? {} : { budget }) });
  if (outcome.kind === "fetched" && outcome.etag !== undefined) etags.set(url, outcome.etag);
  return outcome.kind;
}

async function plain(feed: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/${feed}.xml`);
  await response.arrayBuffer();
  return response.ok ? "fetched" : "failed";
}

/** Runs `work` for every feed with a fixed number at once; prints the rate and returns it. */
async function round(
  name: string,
  work: (feed: number) => Promise<string>,
  expected: string,
): Promise<number> {
  let next = 0;
  let wrong = 0;
  const startedAt = performance.now();
  const line = async () => {
    while (next < FEEDS) if ((await work(next++)) !== expected) wrong++;
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, line));
  const rate = FEEDS / ((performance.now() - startedAt) / 1000);
  // Closed connections and spent timers are let go at the next turns of the loop.
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 100));
  collect();
  const memory = Math.round(process.memoryUsage().heapUsed / 1e6);
  process.stdout.write(
    `${name.padEnd(58)} ${rate.toFixed(0).padStart(6)} feeds/s   ${memory} MB heap   wrong ${wrong}\n`,
  );
  if (wrong > 0) process.exitCode = 1;
  return rate;
}

const ownHost = (feed: number) => `feed-${feed}.example`;
const baseline = await round("platform fetch, whole bodies, one host", plain, "fetched");
await round(
  "polite, first time, whole bodies, a host each",
  (feed) => polite(feed, ownHost(feed), shared),
  "fetched",
);
const rate = await round(
  "polite, unchanged (304), a host each",
  (feed) => polite(feed, ownHost(feed), shared),
  "not-modified",
);
await round(
  "polite, unchanged (304), a host each, again",
  (feed) => polite(feed, ownHost(feed), shared),
  "not-modified",
);
await round(
  "polite, unchanged (304), without the shared budget",
  (feed) => polite(feed, ownHost(feed), undefined),
  "not-modified",
);
await round(
  "polite, first time, one private host (one at a time)",
  (feed) => polite(feed, PRIVATE_HOST, shared),
  "fetched",
);
await round(
  "polite, unchanged (304), one private host",
  (feed) => polite(feed, PRIVATE_HOST, shared),
  "not-modified",
);
process.stdout.write(
  `unchanged feeds: ${(rate / TARGET_PER_S).toFixed(1)}× the target of ${TARGET_PER_S}/s, ${(rate / baseline).toFixed(2)}× platform fetch\n`,
);
if (rate < TARGET_PER_S) process.exitCode = 1;

origin.disconnect();
await agents.close();
await db.destroy();
await postgres?.release();
await rm(folder, { recursive: true, force: true });
