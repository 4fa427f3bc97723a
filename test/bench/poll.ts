/**
 * Polls through the real workers: N unchanged feeds on a local origin, fetched (304), recorded and scheduled anew on
 * embedded PostgreSQL. Beside it in the same run: the same requests made without storing anything.
 *
 *   node test/bench/poll.ts [feeds]     3,000 when left out
 */

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "@paperwire/workers/env.ts";
import { politeFetch } from "@paperwire/workers/fetch/polite-fetch.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";

const count = Number(process.argv[2] ?? 3000);
const home = await mkdtemp(join(tmpdir(), "paperwire-poll-"));
const body = (n: number) =>
  `<rss version="2.0"><channel><title>Feed ${n}</title><link>http://x.example/${n}</link>${Array.from({ length: 10 }, (_, i) => `<item><title>Paper ${n}-${i}</title><guid>${n}-${i}</guid><link>http://x.example/${n}/${i}</link></item>`).join("")}</channel></rss>`;
let served = 0;
const origin = createServer((request, response) => {
  served += 1;
  const n = Number(request.url?.slice(1) ?? 0);
  const etag = `"${n}"`;
  if (request.headers["if-none-match"] === etag) response.writeHead(304, { etag }).end();
  else response.writeHead(200, { etag, "content-type": "application/rss+xml" }).end(body(n));
});
await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
const address = origin.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
let now = new Date("2026-06-08T06:00:00Z");
const settings = parseEnv({
  PAPERWIRE_HOME: home,
  FETCH_ALLOW_PRIVATE: `127.0.0.1:${port}`,
  LOG_LEVEL: "error",
});
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
    url: `http://127.0.0.1:${port}/${n}`,
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
  const round = async (label: string, work: () => Promise<unknown>) => {
    const before = { served, cpu: process.cpuUsage(), at: performance.now() };
    await work();
    const seconds = (performance.now() - before.at) / 1000;
    const cpu = process.cpuUsage(before.cpu);
    const rate = (served - before.served) / seconds;
    console.log(
      `${label}: ${served - before.served} requests, ${seconds.toFixed(1)} s, ${rate.toFixed(0)} feeds/s, ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of this process's CPU, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    );
    return rate;
  };
  await round("first time, whole bodies, parsed and stored", () => drain(context));
  now = new Date(now.getTime() + 2 * 3_600_000);
  const stored = await round("unchanged (304), recorded", () => drain(context));
  const plain = await round("the same requests, nothing stored", async () => {
    let next = 0;
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        while (next < count) {
          const n = next++;
          await politeFetch(
            { url: `http://127.0.0.1:${port}/${n}`, trusted: true, userAgent: "bench", etag: `"${n}"` },
            { agents: context.fetching.agents },
          );
        }
      }),
    );
  });
  console.log(`ratio ${(stored / plain).toFixed(2)}`);
} finally {
  await context.close();
  origin.close();
  await rm(home, { recursive: true, force: true });
}
