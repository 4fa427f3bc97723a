import { setImmediate } from "node:timers/promises";
import type { Poll, Reading } from "@paperwire/core";
import { mostCandidates, mostPapersPerKey } from "@paperwire/core/identity/blocking.ts";
import { ingest, merges, outbox, type Trx, trends } from "@paperwire/db";
import { chunk } from "../runtime/chunk.ts";
import type { SourceKind } from "../sources/source.ts";
import { refreshTrends } from "./attention.ts";
import { type Incoming, toIncoming } from "./incoming.ts";
import { newId } from "./new-id.ts";
import { type Plan, planChunk } from "./plan.ts";
import { fromStored, nearest, WorkingSet } from "./working-set.ts";

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
  const left = leftOut(reading);
  const rejected = reading.listings.length - titled.length + left.rejected;
  const total = { newPapers: 0, newVersions: 0, known: left.repeated, merged: 0 };
  let announced = 0;
  const authority = harvest.speaks
    ? {
        schemes: harvest.kind.authority ?? [],
        doiPrefixes: harvest.kind.doiPrefixes ?? [],
        links: harvest.kind.links === true,
      }
    : {};
  const home = harvest.kind.home ?? harvest.sourceId;
  const parts = chunk(titled, listingsPerChunk);
  const prepared = (at: number) => parts[at]?.map((listing) => toIncoming(listing, harvest.sourceId)) ?? [];
  // While the server writes one chunk, the next is made ready.
  const whileWriting = async (at: number) => {
    await setImmediate();
    const made = prepared(at);
    for (const one of made) void one.blocks;
    return made;
  };
  let next = prepared(0);
  await ingest.lockIdentity(trx);
  for (const at of parts.keys()) {
    const part = next;
    const keys = part.map((one) => one.listing.key);
    const knownListings = await ingest.findListings(trx, harvest.sourceId, keys);
    const set = new WorkingSet();
    const fresh = part.filter((one) => knownListings.get(one.listing.key)?.hash !== one.hash);
    await load(trx, set, fresh);
    const plan = planChunk(part, set, { poll, home, authority, knownListings, newId });
    const [written, following] = await Promise.all([write(trx, plan, set), whileWriting(at + 1)]);
    next = following;
    announced += written;
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

/** Fills the set with the stored papers that the listings may be: by identifier, else the nearest by likeness. */
async function load(trx: Trx, set: WorkingSet, fresh: readonly Incoming[]): Promise<void> {
  const byKey = await ingest.findByKeys(trx, [...new Set(fresh.flatMap((one) => one.keys))]);
  const unknown = fresh.filter((one) => !one.keys.some((key) => byKey.has(key)));
  const [arxiv, others] = [unknown.filter(isArxiv), unknown.filter((one) => !isArxiv(one))];
  const near = await nearestOf(trx, others, { withoutArxiv: false, perKey: mostPapersPerKey });
  for (const [id, blocks] of await nearestOf(trx, arxiv, { withoutArxiv: true, perKey: mostPapersPerKey }))
    near.set(id, [...new Set([...(near.get(id) ?? []), ...blocks])]);
  for (const stored of await ingest.loadPapers(trx, [...new Set([...byKey.values(), ...near.keys()])])) {
    set.add(fromStored(stored, near.get(stored.id) ?? []));
  }
}

function isArxiv(one: Incoming): boolean {
  return one.listing.arxivId !== undefined;
}

/** The papers nearest to each of the listings, with the blocks that led to them. */
async function nearestOf(
  trx: Trx,
  listings: readonly Incoming[],
  options: { readonly withoutArxiv: boolean; readonly perKey: number },
): Promise<Map<string, string[]>> {
  const hits = await ingest.findByBlocks(trx, [...new Set(listings.flatMap((one) => one.blocks))], options);
  const byBlock = Map.groupBy(hits, (hit) => hit.key);
  const near = new Map<string, string[]>();
  for (const one of listings) {
    const shared = new Map<string, number>();
    for (const block of one.blocks) {
      for (const { paperId } of byBlock.get(block) ?? []) shared.set(paperId, (shared.get(paperId) ?? 0) + 1);
    }
    for (const id of nearest(shared, mostCandidates)) near.set(id, []);
  }
  for (const { key, paperId } of hits) near.get(paperId)?.push(key);
  return near;
}

async function write(trx: Trx, plan: Plan, set: WorkingSet): Promise<number> {
  const papers = [...set.papers.values(), ...set.folded];
  const made = papers.filter((paper) => paper.isNew);
  const changed = papers.filter((paper) => !paper.isNew && paper.changed !== "nothing");
  const announced =
    plan.listings.length === 0
      ? []
      : await ingest.insertChunk(trx, {
          ...plan,
          // A place may list one entry twice; what it said last counts.
          listings: [...new Map(plan.listings.map((row) => [row.key, row])).values()],
          papers: [
            ...made.map((paper) => ({ ...paper.row, blocks: paper.blocks, mergedInto: undefined })),
            ...plan.stubs,
          ],
        });
  await ingest.insertMerges(trx, plan.merges);
  for (const { kept, gone } of plan.folds) await merges.mergeInto(trx, kept, gone);
  await ingest.updateFacts(
    trx,
    changed.filter((paper) => paper.changed === "facts").map((paper) => paper.row),
  );
  await ingest.updateTexts(
    trx,
    changed.filter((paper) => paper.changed === "text").map((paper) => paper.row),
  );
  await ingest.markBlocksArxiv(trx, [...plan.gotArxivId]);
  await trends.insertSignals(trx, plan.signals);
  await refreshTrends(trx, [
    ...new Set([...plan.signals.map(({ paperId }) => paperId), ...plan.folds.map(({ kept }) => kept)]),
  ]);
  // A merged paper's open occasions are the other's now.
  const touched = new Set([...announced, ...made.map(({ id }) => id), ...plan.folds.map(({ kept }) => kept)]);
  await outbox.appendAll(
    trx,
    "paper.ingested",
    chunk([...touched], 200).map((paperIds) => ({ paperIds })),
  );
  return announced.length;
}
