import { randomUUID } from "node:crypto";
import type { Poll, Reading } from "@paperwire/core";
import { mostPapersPerKey } from "@paperwire/core/identity/blocking.ts";
import { ingest, merges, outbox, type Trx } from "@paperwire/db";
import { chunk } from "../runtime/chunk.ts";
import type { SourceKind } from "../sources/source.ts";
import { toIncoming } from "./incoming.ts";
import { type Plan, planChunk } from "./plan.ts";
import { fromStored, WorkingSet } from "./working-set.ts";

/** The poll that a reading came from. */
export interface Harvest {
  readonly sourceId: string;
  readonly kind: SourceKind;
  readonly now: Date;
  readonly firstImport: boolean;
  /** It is the authority of its kind's identifiers. */
  readonly speaks: boolean;
  readonly coveredUntil?: Date;
  /** When the first harvest was complete. */
  readonly establishedAt?: Date;
}

/** `listed` is the sum of the others; `known`: nothing new but perhaps a category or home. */
export interface IngestCounts {
  readonly listed: number;
  readonly newPapers: number;
  readonly newVersions: number;
  readonly known: number;
  readonly merged: number;
  readonly rejected: number;
  /** Papers that may now be mailed. */
  readonly announced: number;
}

/** Listings whose identity is decided together: few round trips, and a lock held for a fraction of a second. */
const listingsPerChunk = 500;

/**
 * Decides which papers the listings are and writes everything that follows, within the caller's transaction.
 * Holds the identity lock until that commits.
 */
export async function ingestReading(trx: Trx, reading: Reading, harvest: Harvest): Promise<IngestCounts> {
  const poll: Poll = {
    sourceId: harvest.sourceId,
    now: harvest.now,
    firstImport: harvest.firstImport,
    picks: harvest.kind.picks === true,
    calendar: harvest.kind.calendar !== undefined,
    ...(reading.date === undefined ? {} : { date: reading.date }),
    ...(harvest.coveredUntil === undefined ? {} : { coveredUntil: harvest.coveredUntil }),
    ...(harvest.establishedAt === undefined ? {} : { establishedAt: harvest.establishedAt }),
  };
  const titled = reading.listings.filter((listing) => listing.title !== "");
  const incoming = titled.map((listing) => toIncoming(listing, harvest.sourceId));
  const left = leftOut(reading);
  const rejected = reading.listings.length - titled.length + left.rejected;
  const total = { newPapers: 0, newVersions: 0, known: left.repeated, merged: 0 };
  let announced = 0;
  await ingest.lockIdentity(trx);
  for (const part of chunk(incoming, listingsPerChunk)) {
    const knownListings = await ingest.findListings(
      trx,
      harvest.sourceId,
      part.map((one) => one.listing.key),
    );
    const set = new WorkingSet();
    const fresh = part.filter((one) => knownListings.get(one.listing.key)?.hash !== one.hash);
    await load(trx, set, fresh);
    const plan = planChunk(part, set, {
      poll,
      home: harvest.kind.home ?? harvest.sourceId,
      authority: harvest.speaks
        ? {
            schemes: harvest.kind.authority ?? [],
            doiPrefixes: harvest.kind.doiPrefixes ?? [],
            links: harvest.kind.links === true,
          }
        : {},
      knownListings,
      newId: randomUUID,
    });
    announced += await write(trx, plan, set);
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += plan.counts[name];
  }
  const listed = titled.length + left.repeated + rejected;
  return { listed, ...total, rejected, announced };
}

/** Entries that the payload has and the reading does not: unusable ones, and repeats of one that is there. */
function leftOut(reading: Reading): { rejected: number; repeated: number } {
  const keys = new Set(reading.listings.map((listing) => listing.key));
  const unusable = reading.warnings.filter(
    ({ code, at }) => (code === "bad-row" || code === "no-title") && (at === undefined || !keys.has(at)),
  );
  return {
    rejected: unusable.length,
    repeated: reading.warnings.filter(({ code }) => code === "duplicate-key").length,
  };
}

/** Fills the set with every stored paper that one of the listings may be. */
async function load(
  trx: Trx,
  set: WorkingSet,
  fresh: readonly ReturnType<typeof toIncoming>[],
): Promise<void> {
  const byKey = await ingest.findByKeys(trx, [...new Set(fresh.flatMap((one) => one.keys))]);
  const blocksOf = (arxiv: boolean) =>
    fresh
      .filter(
        (one) => (one.listing.arxivId !== undefined) === arxiv && !one.keys.some((key) => byKey.has(key)),
      )
      .flatMap((one) => one.blocks);
  const hits = [
    ...(await ingest.findByBlocks(trx, [...new Set(blocksOf(true))], {
      withoutArxiv: true,
      perKey: mostPapersPerKey,
    })),
    ...(await ingest.findByBlocks(trx, [...new Set(blocksOf(false))], {
      withoutArxiv: false,
      perKey: mostPapersPerKey,
    })),
  ];
  const ids = new Set([...byKey.values(), ...hits.map((hit) => hit.paperId)]);
  const blocks = Map.groupBy(hits, (hit) => hit.paperId);
  for (const stored of await ingest.loadPapers(trx, [...ids])) {
    set.add(
      fromStored(stored),
      (blocks.get(stored.id) ?? []).map((hit) => hit.key),
    );
  }
}

async function write(trx: Trx, plan: Plan, set: WorkingSet): Promise<number> {
  const papers = [...set.papers.values()];
  await ingest.insertPapers(
    trx,
    papers.filter((paper) => paper.isNew).map((paper) => paper.row),
  );
  await ingest.insertKeys(trx, plan.keys);
  await ingest.insertMerges(trx, plan.merges);
  for (const merge of plan.merges)
    if (merge.state === "merged") await merges.mergeInto(trx, merge.kept, merge.gone);
  await ingest.updatePapers(
    trx,
    papers.filter((paper) => !paper.isNew && paper.changed).map((paper) => paper.row),
  );
  await ingest.markBlocksArxiv(trx, [...plan.gotArxivId]);
  await ingest.insertBlocks(trx, plan.blocks);
  await ingest.saveListings(trx, plan.listings);
  await ingest.insertVersions(trx, plan.versions);
  await ingest.insertHomes(trx, plan.homes);
  await ingest.insertEvents(trx, plan.events);
  const announced = await ingest.insertAnnouncements(trx, plan.announcements);
  const touched = new Set([...announced, ...papers.filter((paper) => paper.isNew).map((paper) => paper.id)]);
  await outbox.appendAll(
    trx,
    "paper.ingested",
    chunk([...touched], 200).map((paperIds) => ({ paperIds })),
  );
  return announced.length;
}
