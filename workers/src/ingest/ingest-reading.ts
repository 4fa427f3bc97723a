import { setImmediate } from "node:timers/promises";
import type { Listing, Poll, Reading } from "@paperwire/core";
import { ingest, type Trx } from "@paperwire/db";
import type { KnownListing, ListingRow } from "@paperwire/db/ingest.ts";
import { chunk } from "../runtime/chunk.ts";
import type { SourceKind } from "../sources/source.ts";
import { type Incoming, toIncoming } from "./incoming.ts";
import { newId } from "./new-id.ts";
import { emptyPlan, type Plan, type PlanInput, place } from "./plan.ts";
import { findStored, type Stored } from "./stored-papers.ts";
import { WorkingSet } from "./working-set.ts";
import { writePlan } from "./write-plan.ts";

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

/** Listings that are looked up and written together: few round trips. */
const listingsPerChunk = 250;
/** Placed in a row before the server's answers are looked at. */
const listingsAtATime = 25;

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
  const authority = harvest.speaks
    ? {
        schemes: harvest.kind.authority ?? [],
        doiPrefixes: harvest.kind.doiPrefixes ?? [],
        links: harvest.kind.links === true,
      }
    : {};
  const home = harvest.kind.home ?? harvest.sourceId;
  const placing: Placing = {
    listings: titled,
    input: { poll, home, authority, newId },
    announced: 0,
    counts: { newPapers: 0, newVersions: 0, known: left.repeated, merged: 0 },
  };
  await placeAll(trx, placing);
  const listed = titled.length + left.repeated + rejected;
  return { listed, ...placing.counts, rejected, announced: placing.announced };
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

interface Placing {
  readonly listings: readonly Listing[];
  readonly input: Omit<PlanInput, "knownListings">;
  announced: number;
  readonly counts: Record<keyof Plan["counts"], number>;
}

/**
 * Places chunk after chunk. While the server writes one and looks up the next but one, this process decides the
 * next: the working set knows what the rows do not say yet.
 */
async function placeAll(trx: Trx, placing: Placing): Promise<void> {
  const { input, counts } = placing;
  const { sourceId } = input.poll;
  const parts = chunk(placing.listings, listingsPerChunk);
  const set = new WorkingSet();
  let before = new Map<string, KnownListing>();
  const find = (part: readonly Incoming[]) =>
    part.length === 0 ? nothingStored : findStored(trx, sourceId, part);
  let [part, next] = [await makeReady(parts[0], sourceId), await makeReady(parts[1], sourceId)];
  await ingest.lockIdentity(trx);
  let stored = await find(part);
  let running: Promise<Stored> = Promise.resolve(find(next));
  for (const at of parts.keys()) {
    const plan = emptyPlan();
    const here = { part, stored };
    const [following, afterNext] = await bothEnded(running, async () => {
      const knownListings = new Map([...here.stored.listings, ...before]);
      for (const paper of here.stored.papers) set.admit(paper);
      for (const some of chunk(here.part, listingsAtATime)) {
        for (const one of some) place(one, set, { ...input, knownListings }, plan);
        await setImmediate();
      }
      return makeReady(parts[at + 2], sourceId);
    });
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += plan.counts[name];
    const changes = set.endChunk();
    before = new Map(plan.listings.map((row) => [row.key, asKnown(row)]));
    running = writePlan(trx, plan, changes).then((announced) => {
      placing.announced += announced;
      return find(afterNext);
    });
    [part, stored, next] = [next, following, afterNext];
  }
  await running;
}

const nothingStored: Stored = { listings: new Map(), papers: [] };

/** What can be told of the listings without the archive; gives way to the server's answers now and then. */
async function makeReady(part: readonly Listing[] | undefined, sourceId: string): Promise<Incoming[]> {
  const made: Incoming[] = [];
  for (const some of chunk(part ?? [], listingsAtATime)) {
    for (const listing of some) {
      const one = toIncoming(listing, sourceId);
      void one.blocks;
      made.push(one);
    }
    await setImmediate();
  }
  return made;
}

function asKnown(row: ListingRow): KnownListing {
  const { key, hash, paperId, announceType, announcedOn } = row;
  return { key, hash, paperId, announceType: announceType ?? null, announcedOn: announcedOn ?? null };
}

/** Both results; when one fails, only after the other has ended: no statement may follow a rollback. */
async function bothEnded<A, B>(running: Promise<A>, work: () => Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([running, work()]);
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}
