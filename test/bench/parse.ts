/**
 * How fast feeds are read, beside rss-parser in the same run, and what that costs in memory.
 *
 *   node test/bench/parse.ts
 *
 * Ours starts from bytes and ends in normalised listings; rss-parser starts from the decoded string and ends
 * in raw fields. Rounds alternate; the figures are medians of the processor time (garbage collection
 * included), because a busy machine stretches the clock on the wall.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readFeed } from "@paperwire/workers/sources/feed/read-feed.ts";
import { readPayload } from "@paperwire/workers/sources/read.ts";
import Parser from "rss-parser";
import { differences } from "./parse/equal-output.ts";
import { arxivFeed, manyItems } from "./parse/larger-feeds.ts";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const folder = `${shared}/data/arxiv/feeds-regenerated`;
const parser = new Parser();
setFlagsFromString("--expose-gc");
const gc: () => void = runInNewContext("gc");

const recorded = readdirSync(folder).filter((name) => name.endsWith(".xml") && !/empty|error/.test(name));
const feeds: { name: string; bytes: Uint8Array }[] = recorded.map((name) => ({
  name,
  bytes: readFileSync(`${folder}/${name}`),
}));
const items = feeds.filter(({ name }) => name.includes(".rss."));
feeds.push({
  name: "2,000 items (scaled up)",
  bytes: arxivFeed(
    items.map(({ bytes }) => Buffer.from(bytes).toString("utf8")),
    2000,
  ),
});

console.log(
  "feed".padEnd(34),
  "kB".padStart(7),
  "rss-parser".padStart(12),
  "paperwire".padStart(12),
  "ratio".padStart(7),
  "unequal".padStart(9),
);
for (let round = 0; round < 20; round++) {
  for (const { bytes } of feeds.filter((feed) => feed.bytes.length < 1_000_000)) {
    await parser.parseString(Buffer.from(bytes).toString("utf8"));
    readPayload({ bytes });
  }
}
let worst = Number.POSITIVE_INFINITY;
for (const { name, bytes } of feeds) {
  const text = Buffer.from(bytes).toString("utf8");
  const theirs: number[] = [];
  const ours: number[] = [];
  const calls = Math.max(1, Math.round(1_000_000 / bytes.length));
  for (let round = 0; round < 30; round++) {
    theirs.push(await timed(() => parser.parseString(text), calls));
    ours.push(await timed(() => readPayload({ bytes }), calls));
  }
  const [baseline, own] = [median(theirs.slice(8)), median(ours.slice(8))];
  const unequal = differences(
    await parser.parseString(text),
    readFeed({ bytes }),
    readPayload({ bytes }).reading,
  );
  worst = Math.min(worst, baseline / own);
  console.log(
    name.padEnd(34),
    (bytes.length / 1000).toFixed(0).padStart(7),
    `${baseline.toFixed(2)} ms`.padStart(12),
    `${own.toFixed(2)} ms`.padStart(12),
    (baseline / own).toFixed(2).padStart(7),
    String(unequal.length).padStart(9),
  );
  for (const difference of unequal.slice(0, 3)) console.log("   ", difference);
}
console.log(`lowest ratio ${worst.toFixed(2)}\n`);

const large = { bytes: Buffer.from(manyItems(50_000)) };
gc();
const idle = process.memoryUsage().rss;
const startedAt = performance.now();
const { reading } = readPayload(large);
const ms = performance.now() - startedAt;
const grown = (process.memoryUsage().rss - idle) / 1e6;
console.log(
  `50,000 items, ${(large.bytes.length / 1e6).toFixed(1)} MB: ${ms.toFixed(0)} ms, ${reading.listings.length} listings, +${grown.toFixed(0)} MB, ${reading.warnings.map(({ message }) => message).join(" ")}\n`,
);

console.log(
  "feeds read".padStart(11),
  "heap MB".padStart(9),
  "resident MB".padStart(12),
  "feeds/s".padStart(9),
);
const small = feeds.filter(({ bytes }) => bytes.length < 250_000);
let last = performance.now();
for (let count = 1; count <= 10_000; count++) {
  const feed = small[count % small.length];
  if (feed !== undefined) readPayload({ bytes: feed.bytes });
  if (count % 1000 !== 0) continue;
  const rate = 1000 / ((performance.now() - last) / 1000);
  gc();
  const { heapUsed, rss } = process.memoryUsage();
  console.log(
    String(count).padStart(11),
    (heapUsed / 1e6).toFixed(1).padStart(9),
    (rss / 1e6).toFixed(0).padStart(12),
    rate.toFixed(0).padStart(9),
  );
  last = performance.now();
}

/** Milliseconds of processor time for one call, over enough calls to be measured. */
async function timed(work: () => unknown, calls: number): Promise<number> {
  const start = process.cpuUsage();
  for (let call = 0; call < calls; call++) await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / calls;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
