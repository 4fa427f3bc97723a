/**
 * Ingest of mixed listings (30 % duplicates), timed until their identity is decided and committed, on the embedded
 * PostgreSQL as it ships, through `ingestReading` in one transaction a poll; beside it, in the same run, the same rows
 * bulk-inserted with their keys into the same tables and indexes. Three polls are under way at once, which wait for
 * one another at the lock of identity; the listings lie on disk, so that the memory is ingest's. What searches read is
 * the labelling job's to write; it is written and timed afterwards.
 *
 *   node test/bench/ingest.ts [100000] listings/s, ratio to the bulk insert, memory
 *   node test/bench/ingest.ts --grow [1000000] [--minutes 20]     cost per listing from an empty archive to a million papers
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Author } from "@paperwire/core";
import { createDb, type Db, migrateToLatest, search, sources } from "@paperwire/db";
import { acquirePostgres } from "@paperwire/workers/embedded/acquire-postgres.ts";
import { type IngestCounts, ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { sql } from "kysely";
import pg from "pg";
import { requireData } from "./identity/shared-data.ts";
import { bulkInsert, rowsAndKeys, written } from "./ingest/bulk.ts";
import { type CpuSeconds, cpuNow } from "./ingest/cpu.ts";
import type { Poll } from "./ingest/mixed-listings.ts";
import { preparePolls, readPolls } from "./ingest/prepared-polls.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grow: { type: "boolean", default: false }, minutes: { type: "string" } },
});
requireData();
let serial = 0;
const home = await mkdtemp(join(tmpdir(), "paperwire-bench-"));
const postgres = await acquirePostgres({ home });
try {
  if (values.grow) await grow(Number(positionals[0] ?? 1_000_000));
  else await compare(Number(positionals[0] ?? 100_000));
} finally {
  await postgres.release();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

async function compare(count: number): Promise<void> {
  const listings = await preparePolls(`${home}/polls`, count);
  const db = await freshDatabase("ingested");
  const began = cpuNow(postgres.dataDir);
  const startedAt = performance.now();
  const totals = { newPapers: 0, newVersions: 0, known: 0, merged: 0 };
  const memory: number[] = [];
  let polls = 0;
  let seen = 0;
  await ingestAll(db, (counts) => {
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += counts[name];
    polls += 1;
    seen += counts.listed;
    if (seen > ((memory.length + 1) * listings) / 10) memory.push(process.memoryUsage().rss / 1e6);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = since(began);
  console.log(`${listings} listings in ${polls} polls: ${JSON.stringify(totals)}`);
  console.log(
    `ingest: ${seconds.toFixed(1)} s, ${Math.round(listings / seconds)} listings/s; ${line(cpu, listings)}`,
  );
  console.log(
    `resident memory over the run: ${memory.map((megabytes) => `${megabytes.toFixed(0)} MB`).join(", ")}`,
  );
  const texts = await writeTexts(db);
  console.log(
    `search texts of ${texts.papers} papers, which the labelling job writes beside ingest: ${texts.seconds.toFixed(1)} s; one after the other, both make ${Math.round(listings / (seconds + texts.seconds))} listings/s`,
  );
  for (const [name, tables] of [
    ["every row that ingest wrote", written],
    ["papers, keys and listings alone", rowsAndKeys],
  ] as const) {
    const copy = await freshDatabase("bulk");
    // Rows arrive in no order of merging here.
    await sql`alter table papers drop constraint papers_merged_into_fkey`.execute(copy);
    const bulkBegan = cpuNow(postgres.dataDir);
    const bulk = await bulkInsert(db, copy, tables);
    const bulkCpu = since(bulkBegan);
    await copy.destroy();
    console.log(
      `bulk insert of ${name}: ${bulk.seconds.toFixed(1)} s for ${bulk.rows} rows (reading them included: ${line(bulkCpu, listings)}); ingest runs at ${(bulk.seconds / seconds).toFixed(2)} of it (at least 0.33 is asked)`,
    );
  }
  await db.destroy();
}

async function writeTexts(db: Db): Promise<{ papers: number; seconds: number }> {
  const perJob = 200;
  const { rows } = await sql<{ id: string; authors: Author[] }>`
    select id, authors from papers where merged_into is null order by id`.execute(db);
  const began = performance.now();
  for (let at = 0; at < rows.length; at += perJob) {
    await db.transaction().execute((trx) => search.saveTexts(trx, rows.slice(at, at + perJob)));
  }
  return { papers: rows.length, seconds: (performance.now() - began) / 1000 };
}

async function grow(papers: number): Promise<void> {
  const db = await freshDatabase("growing");
  const perStep = 100_000;
  let first: number | undefined;
  let held = 0;
  let step = 0;
  const stopAt = performance.now() + Number(values.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  while (held < papers && performance.now() < stopAt) {
    const listings = await preparePolls(`${home}/polls`, perStep, step);
    const began = cpuNow(postgres.dataDir);
    const startedAt = performance.now();
    await ingestAll(db, (counts) => {
      held += counts.newPapers;
    });
    const seconds = (performance.now() - startedAt) / 1000;
    const cpu = since(began);
    const perListing = ((cpu.own + cpu.server) / listings) * 1e6;
    first ??= perListing;
    console.log(
      `${held} papers: ${Math.round(listings / seconds)} listings/s, ${perListing.toFixed(0)} µs CPU a listing (${(perListing / first).toFixed(2)}× the first step), ${line(cpu, listings)}, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
    );
    step += 1;
  }
  await db.destroy();
}

/** More at once change nothing: identity is decided by one at a time. */
async function ingestAll(db: Db, done: (counts: IngestCounts) => void): Promise<void> {
  const polls = readPolls(`${home}/polls`);
  const work = async () => {
    for (;;) {
      const next = await polls.next();
      if (next.done === true) return;
      done(await ingest(db, next.value));
    }
  };
  await Promise.all(Array.from({ length: 3 }, work));
}

function ingest(db: Db, poll: Poll) {
  const kind = kindById(poll.kind);
  if (kind === undefined) throw new Error(`no kind ${poll.kind}`);
  const harvest = {
    sourceId: poll.sourceId,
    kind,
    now: new Date("2026-06-08T06:00:00Z"),
    firstImport: true,
    speaks: true,
  };
  return db.transaction().execute((trx) => ingestReading(trx, poll.reading, harvest));
}

async function freshDatabase(what: string): Promise<Db> {
  serial += 1;
  const name = `bench_${what}_${serial}`;
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  const db = createDb({ url: url.href, max: 4 });
  await migrateToLatest(db);
  const now = new Date("2026-06-08T06:00:00Z");
  for (const id of ["arxiv-oai", "arxiv-rss", "crossref", "feed", "hf-daily"]) {
    await db.transaction().execute((trx) =>
      sources.insertNew(trx, {
        id,
        url: `https://example.org/${id}`,
        kind: id,
        nextFetchAt: now,
        createdAt: now,
      }),
    );
  }
  return db;
}

function since(began: CpuSeconds): CpuSeconds {
  const now = cpuNow(postgres.dataDir);
  return { own: now.own - began.own, server: now.server - began.server };
}

function line({ own, server }: CpuSeconds, listings: number): string {
  return `CPU ${own.toFixed(1)} s here and ${server.toFixed(1)} s in PostgreSQL, ${Math.round(((own + server) / listings) * 1e6)} µs a listing`;
}
