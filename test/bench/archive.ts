/**
 * The promises of identity through the database: every recorded listing (both corpora, the raw crawl days, the
 * Hugging Face days, eight conferences' own lists) is ingested into the embedded PostgreSQL as a poll would, and
 * then the archive is asked: no arXiv id in two papers, no paper with two arXiv ids. Prints how many listings
 * joined a paper by likeness, and a sample of them for review by a person.
 *
 *   node test/bench/archive.ts [--sample 50] [--seed 1] [--every 1]     `--every 5`: each fifth listing of the corpora
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Listing } from "@paperwire/core";
import { createDb, type Db, migrateToLatest } from "@paperwire/db";
import { acquirePostgres } from "@paperwire/workers/embedded/acquire-postgres.ts";
import { ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { chunk } from "@paperwire/workers/runtime/chunk.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { sql } from "kysely";
import { corpusListings, crawlListings, dailyListings, venueListings } from "./identity/archive-listings.ts";
import { randomOf } from "./identity/boosting.ts";
import type { ArchiveListing } from "./identity/memory-archive.ts";
import { requireData } from "./identity/shared-data.ts";

const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    every: { type: "string", default: "1" },
  },
});
requireData();
const home = await mkdtemp(join(tmpdir(), "paperwire-bench-"));
const postgres = await acquirePostgres({ home });
const db = createDb({ url: postgres.url, max: 2 });
try {
  await migrateToLatest(db);
  await ingestAll(db);
  await printPromises(db);
  await printSample(db);
} finally {
  await db.destroy();
  await postgres.release();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

async function ingestAll(into: Db): Promise<void> {
  const every = Number(values.every);
  const daily = dailyListings();
  console.log(`Hugging Face days in another shape, left out: ${daily.skippedDays}`);
  for (const [name, kind, listings] of [
    ["corpora", "arxiv-oai", corpusListings().filter((_, at) => at % every === 0)],
    ["raw crawl days", "arxiv-oai", crawlListings()],
    ["Hugging Face days", "hf-daily", daily.listings],
    ["venue lists", "feed", venueListings()],
  ] as const) {
    const startedAt = performance.now();
    const total = { listed: 0, newPapers: 0, newVersions: 0, known: 0, merged: 0 };
    for (const [sourceId, own] of Map.groupBy(listings, (listing) => listing.source)) {
      for (const part of chunk(own, 2_000)) {
        const counts = await poll(into, kind, sourceId, part);
        for (const field of Object.keys(total) as (keyof typeof total)[]) total[field] += counts[field];
      }
    }
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`${name}: ${JSON.stringify(total)}, ${Math.round(total.listed / seconds)} listings/s`);
  }
}

function poll(into: Db, kindId: string, sourceId: string, own: readonly ArchiveListing[]) {
  const kind = kindById(kindId);
  if (kind === undefined) throw new Error(`There is no kind ${kindId}.`);
  const harvest = { sourceId, kind, now: new Date("2026-08-01T06:00:00Z"), firstImport: true, speaks: true };
  const reading = { listings: own.map(toListing), warnings: [] };
  return into.transaction().execute((trx) => ingestReading(trx, reading, harvest));
}

function toListing({ record }: ArchiveListing): Listing {
  const of = (scheme: string) =>
    record.keys?.find((key) => key.startsWith(`${scheme}:`))?.slice(scheme.length + 1);
  const [arxivId, doi] = [of("arxiv"), of("doi")];
  return {
    key: record.keys?.[0] ?? record.title,
    title: record.title,
    ...(record.abstract === undefined ? {} : { abstract: record.abstract }),
    authors: record.authors.map((name) => ({ name })),
    categories: [],
    ...(arxivId === undefined ? {} : { arxivId }),
    ...(doi === undefined ? {} : { doi }),
    ...(record.year === undefined ? {} : { published: `${record.year}-06-15T00:00:00Z` }),
    ...(record.venue === undefined ? {} : { venue: record.venue }),
  };
}

async function printPromises(of: Db): Promise<void> {
  const { rows } = await sql<{
    papers: number;
    ids: number;
    inTwo: number;
    withTwo: number;
    candidates: number;
  }>`
    with keys as (
      select paper_id, substr(key, 7) as id from paper_keys where key like 'arxiv:%'
    ), said as (
      select l.said ->> 'arxivId' as id, l.paper_id from listings l where l.said ? 'arxivId'
    )
    select (select count(*)::int from papers where merged_into is null) as papers,
      (select count(*)::int from keys) as ids,
      (select count(*)::int from (
        select id from (select id, paper_id from keys union select id, paper_id from said) both_ways
        group by id having count(distinct paper_id) > 1) twice) as "inTwo",
      (select count(*)::int from (
        select paper_id from (select id, paper_id from keys union select id, paper_id from said) both_ways
        group by paper_id having count(distinct id) > 1) two) as "withTwo",
      (select count(*)::int from merges where state = 'candidate') as candidates`.execute(of);
  const found = rows[0];
  console.log(
    `papers: ${found?.papers}; arXiv ids: ${found?.ids}; arXiv ids in two papers: ${found?.inTwo}; papers with two arXiv ids: ${found?.withTwo}; candidates: ${found?.candidates}`,
  );
  if (found === undefined || found.inTwo > 0 || found.withTwo > 0) process.exitCode = 1;
}

async function printSample(of: Db): Promise<void> {
  const { rows } = await sql<{
    kept: string;
    gone: string;
    keptBy: string;
    goneBy: string;
    probability: number;
    because: string;
  }>`
    select a.title as kept, b.title as gone, m.probability, array_to_string(m.because, ' ') as because,
      (select string_agg(x ->> 'name', ', ') from jsonb_array_elements(a.authors) x) as "keptBy",
      (select string_agg(x ->> 'name', ', ') from jsonb_array_elements(b.authors) x) as "goneBy"
    from merges m join papers a on a.id = m.kept join papers b on b.id = m.gone
    where m.state = 'merged' order by b.title, m.id`.execute(of);
  const random = randomOf(Number(values.seed));
  const sample = rows
    .map((row) => ({ row, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, Number(values.sample));
  console.log(`\n${rows.length} listings joined a paper by likeness; ${sample.length} of them:`);
  for (const [at, { row }] of sample.entries()) {
    console.log(`${at + 1}. ${row.gone} (${shortened(row.goneBy)})`);
    console.log(`   ${row.kept} (${shortened(row.keptBy)})`);
    console.log(`   ${(row.probability * 100).toFixed(1)} %: ${row.because}`);
  }
}

function shortened(names: string | null): string {
  return (names ?? "no authors").slice(0, 160);
}
