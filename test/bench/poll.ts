/**
 * Polls through the real workers on embedded PostgreSQL: feeds spread over many hosts (127.0.0.0/8) are fetched,
 * parsed and stored. A first round in which all is new, a round of unchanged feeds (304), and mixed rounds in which
 * one feed in ten has one or two new listings. Beside it in the same run: the same requests made without storing
 * anything. Resident memory is printed after every round.
 *
 *   node test/bench/poll.ts [feeds] [mixed rounds] [hosts]     3,000, 2 and feeds / 10 when left out
 */

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "@paperwire/workers/env.ts";
import { politeFetch } from "@paperwire/workers/fetch/polite-fetch.ts";
import { type Drained, drain } from "@paperwire/workers/runtime/drain.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";

const count = Number(process.argv[2] ?? 3000);
const mixedRounds = Number(process.argv[3] ?? 2);
const hosts = Number(process.argv[4] ?? Math.ceil(count / 10));
const listingsPerFeed = 10;
const hourMs = 3_600_000;

/** How many listings each feed has published; its validator is that number. */
const published = new Uint32Array(count).fill(listingsPerFeed);
let served = 0;
const origin = createServer((request, response) => {
  served += 1;
  const n = Number(request.url?.slice(1) ?? 0);
  const etag = `"${n}-${published[n]}"`;
  if (request.headers["if-none-match"] === etag) response.writeHead(304, { etag }).end();
  else response.writeHead(200, { etag, "content-type": "application/rss+xml" }).end(feed(n));
});
await new Promise<void>((resolve) => origin.listen(0, "0.0.0.0", resolve));
const address = origin.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
const urlOf = (n: number) => `http://127.1.${(n % hosts) >> 8}.${(n % hosts) & 255}:${port}/${n}`;

const home = await mkdtemp(join(tmpdir(), "paperwire-poll-"));
let now = new Date("2026-06-08T06:00:00Z");
const settings = parseEnv({ PAPERWIRE_HOME: home, FETCH_ALLOW_PRIVATE: "127.0.0.0/8", LOG_LEVEL: "error" });
const clock = {
  get state() {
    return { kind: "standing", at: now.toISOString() } as const;
  },
  now: () => now,
};
const context = await openContext(settings, { clock, poolSize: 40 });
try {
  const rows = Array.from({ length: count }, (_, n) => ({
    id: `f${n}`,
    url: urlOf(n),
    kind: "feed",
    everyMinutes: 60,
    nextFetchAt: new Date(0),
    createdAt: now,
  }));
  for (let at = 0; at < rows.length; at += 1000)
    await context.db
      .insertInto("sources")
      .values(rows.slice(at, at + 1000))
      .execute();

  const rates: Record<string, number> = {};
  rates.new = await round("all new: fetched, parsed, stored", () => drain(context));
  now = new Date(now.getTime() + 2 * hourMs);
  rates.unchanged = await round("all unchanged (304), recorded", () => drain(context));
  for (let at = 1; at <= mixedRounds; at += 1) {
    now = new Date(now.getTime() + 2 * hourMs);
    for (let n = at % 10; n < count; n += 10) published[n] = (published[n] ?? 0) + 1 + (n % 2);
    rates.mixed = await round(`mixed ${at}: one feed in ten has 1-2 new`, () => drain(context));
  }
  rates.plain = await round("the same requests, nothing stored", () => askOnly());
  const { plain, ...stored } = rates;
  for (const [name, rate] of Object.entries(stored))
    console.log(`ratio ${name} ${(rate / plain).toFixed(3)}`);
} finally {
  await context.close();
  origin.close();
  await rm(home, { recursive: true, force: true });
}

async function round(label: string, work: () => Promise<Drained | undefined>): Promise<number> {
  const before = { served, cpu: process.cpuUsage(), at: performance.now() };
  const drained = await work();
  const seconds = (performance.now() - before.at) / 1000;
  const cpu = process.cpuUsage(before.cpu);
  const rate = (served - before.served) / seconds;
  const said =
    drained === undefined
      ? ""
      : `, ${drained.fetched} changed, ${drained.notModified} unchanged, ${drained.newPapers} new papers, ${drained.failedJobs} failed`;
  console.log(
    `${label}: ${served - before.served} requests in ${seconds.toFixed(1)} s, ${rate.toFixed(0)} feeds/s${said}, ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of this process's CPU, ${memory()}`,
  );
  return rate;
}

/** Resident, and with `--expose-gc` what is still reachable. */
function memory(): string {
  const gc = (globalThis as { gc?: () => void }).gc;
  const resident = process.memoryUsage().rss;
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const live = gc === undefined ? "" : `, ${Math.round((heapUsed + external) / 1e6)} MB of it live`;
  return `${Math.round(resident / 1e6)} MB${live}`;
}

async function askOnly(): Promise<undefined> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < count) {
        const n = next++;
        const etag = `"${n}-${published[n]}"`;
        await politeFetch(
          { url: urlOf(n), trusted: true, userAgent: "bench", etag },
          { agents: context.fetching.agents },
        );
      }
    }),
  );
}

function feed(n: number): string {
  const total = published[n] ?? 0;
  const items = Array.from({ length: listingsPerFeed }, (_, index) => {
    const i = total - 1 - index;
    return `<item><title>${titleOf(n, i)}</title><guid>${n}-${i}</guid><link>http://x.example/${n}/${i}</link><dc:creator>${nameOf(n)}</dc:creator><description>What ${nameOf(i)} and ${nameOf(n + i)} found about ${titleOf(i, n)}, measured on ${n} samples.</description></item>`;
  });
  return `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Feed ${n}</title><link>http://x.example/${n}</link>${items.join("")}</channel></rss>`;
}

/** Titles as unlike each other as those of a field are: seven of some thousand words. */
function titleOf(n: number, i: number): string {
  const syllables = "ka lo mi tru ven dra sol pex gri nu tho bel cor fin qua zet".split(" ");
  let state = (n * 7919 + i * 104_729 + 1) >>> 0;
  const words = Array.from({ length: 7 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return [8, 16, 24].map((shift) => syllables[(state >>> shift) & 15]).join("");
  });
  return `The ${words.join(" ")}`;
}

function nameOf(n: number): string {
  return `Ada ${String.fromCharCode(65 + (n % 26))}. Writer${n % 997}`;
}
