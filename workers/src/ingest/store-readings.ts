import { PermanentError, type Reading, spanOfDay } from "@paperwire/core";
import { fetches, ingest, outbox, receipts, sources, type Trx } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { catchUpName } from "../receipts/catch-up.ts";
import { datedRightly, type NotedPoll, noteCounts, notesOf } from "../receipts/note-reading.ts";
import { arxivKinds, scopeOf } from "../receipts/scope.ts";
import { chunk } from "../runtime/chunk.ts";
import type { Context } from "../runtime/context.ts";
import type { Summary } from "../runtime/define-worker.ts";
import type { SharedWrite } from "../runtime/shared-writes.ts";
import type { SourceKind } from "../sources/source.ts";
import { recognise } from "./churn.ts";
import { type Harvest, type IngestCounts, ingestReading } from "./ingest-reading.ts";
import { changeOf } from "./source-change.ts";

/** What a body said, with the poll that brought it. */
export interface Said {
  readonly fetched: fetches.Fetch;
  readonly kind: SourceKind;
  readonly said: Reading;
  readonly now: Date;
}

/** One of them with its source as it is now. */
export interface Placed extends Said {
  readonly source: Source;
  readonly harvest: Harvest;
  readonly noted: NotedPoll;
  /** The harvest goes on with another page. */
  readonly hasNext: boolean;
  readonly isEmpty: boolean;
}

/** One of them whose papers are stored. */
export interface Stored extends Placed {
  readonly reading: Reading;
  readonly notes: readonly receipts.NewDayListing[];
  readonly held: string | undefined;
  readonly counts: IngestCounts;
}

/** Most pages of one harvest; a source that never ends its paging is cut here, with a note. */
const mostPages = 500;
const papersPerJob = 200;

/**
 * Stores what bodies said: their papers, the notes for receipts, and what the polls vouch for. Papers are placed
 * under the identity lock, and the sources' rows are held only for the short rest.
 */
export const storeReadings: SharedWrite<Said, Summary> = {
  most: 32,
  mostWeight: 500,
  weightOf: ({ said }) => said.listings.length,
  keyOf: ({ fetched }) => fetched.sourceId,

  async write(trx, items, context) {
    await ingest.lockIdentity(trx);
    const rows = await sources.findAll(
      trx,
      items.map(({ fetched }) => fetched.sourceId),
    );
    const known = await receipts.knownKeys(
      trx,
      items.flatMap(({ fetched: { sourceId }, said }) => said.listings.map(({ key }) => ({ sourceId, key }))),
    );
    const stored: Stored[] = [];
    for (const item of items) stored.push(await storePapers(trx, placed(item, rows, context), known));
    if (items.length > 1) await classifyTogether(trx);
    await sources.lockAll(trx, [...rows.keys()]);
    await receipts.noteListings(
      trx,
      stored.flatMap(({ notes }) => notes),
    );
    for (const one of stored) await note(trx, one);
    await sources.updateAll(trx, new Map(stored.map((one) => [one.source.id, changeOf(one)])));
    await fetches.markIngested(
      trx,
      stored.map(({ fetched, now, counts, reading }) => ({
        id: fetched.id,
        at: now,
        summary: { ...counts, warnings: reading.warnings.slice(0, 50) },
      })),
    );
    return stored.map(({ source, counts: { rejected, ...counts }, reading }) => ({
      sourceId: source.id,
      ...counts,
      rejectedListings: rejected,
      warnings: reading.warnings.length,
    }));
  },
};

function placed(item: Said, rows: ReadonlyMap<string, Source>, context: Context): Placed {
  const { fetched, kind, said, now } = item;
  const source = rows.get(fetched.sourceId);
  if (source === undefined)
    throw new PermanentError(`there is no source "${fetched.sourceId}"; it may have been removed`);
  const catchUp = fetched.catchUp ?? undefined;
  const harvest: Harvest = {
    speaks: speaksFor(source.url, kind, context),
    sourceId: source.id,
    kind,
    now,
    firstImport: source.establishedAt === null && catchUp === undefined,
    ...(source.establishedAt === null ? {} : { establishedAt: source.establishedAt }),
    ...coverage(source, catchUp),
  };
  return {
    ...item,
    source,
    harvest,
    noted: {
      ...harvest,
      scope: catchUp === undefined ? scopeOf(source.url, said) : source.scope,
      createdAt: firstOf(source.createdAt, source.establishedAt ?? now),
      ...(catchUp === undefined ? {} : { catchUp }),
    },
    hasNext: said.next !== undefined && fetched.page < mostPages,
    isEmpty: isEmptyPage(said),
  };
}

async function storePapers(trx: Trx, one: Placed, known: ReadonlySet<string>): Promise<Stored> {
  const reading = await datedRightly(trx, one.said, one.noted);
  const { newKeys, held } = await recognise(trx, reading.listings, one.harvest, known);
  const counts = await ingestReading(trx, reading, one.harvest);
  await withdrawDeleted(trx, reading, one.harvest);
  if (held !== undefined) await receipts.holdAnnounced(trx, one.source.id, one.now);
  return { ...one, reading, notes: notesOf(reading, newKeys, one.noted), held, counts };
}

/** Papers of several readings are classified and matched by the same few jobs. */
async function classifyTogether(trx: Trx): Promise<void> {
  const appended = await outbox.takeBack(trx, "paper.ingested");
  const paperIds = [...new Set(appended.flatMap((payload) => payload.paperIds))];
  await outbox.appendAll(
    trx,
    "paper.ingested",
    chunk(paperIds, papersPerJob).map((ids) => ({ paperIds: ids })),
  );
}

/** What a home says it has deleted is withdrawn: the paper stays, and says so. */
async function withdrawDeleted(trx: Trx, { deleted = [] }: Reading, harvest: Harvest): Promise<void> {
  const { home } = harvest.kind;
  if (home === undefined || !harvest.speaks) return;
  await ingest.withdraw(
    trx,
    deleted.map((key) => `${home}:${key}`),
    home,
    harvest.now,
  );
}

async function note(trx: Trx, one: Stored): Promise<void> {
  const { source, reading, noted, fetched, hasNext, isEmpty, kind } = one;
  const catchUp = fetched.catchUp ?? undefined;
  await noteCounts(trx, reading, one.notes, noted);
  if (hasNext && reading.next !== undefined) {
    await outbox.append(trx, "source.due", {
      sourceId: source.id,
      page: { url: reading.next, number: fetched.page + 1 },
      ...(catchUp === undefined ? {} : { catchUp }),
    });
  }
  if (catchUp !== undefined && !hasNext && !isEmpty) {
    await receipts.noteCaughtUp(trx, source.id, catchUp.from, catchUp.to, catchUpName);
  }
  if (kind.calendar === "arxiv") await receipts.reviewSoon(trx, source.id, noted.scope, arxivKinds);
}

/** A catch-up begins where its days do, whatever the source has read since. */
function coverage(source: Source, catchUp: { readonly from: string } | undefined): { coveredUntil?: Date } {
  if (catchUp !== undefined) return { coveredUntil: spanOfDay(catchUp.from, "arxiv").from };
  return source.coveredUntil === null ? {} : { coveredUntil: source.coveredUntil };
}

/** A source may be polled under an earlier clock than it was added under. */
function firstOf(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function isEmptyPage(reading: Reading): boolean {
  return reading.listings.length === 0 && reading.warnings.some((warning) => warning.code === "empty-page");
}

/**
 * Whether the source speaks for the identifiers of its kind: at the kind's own hosts, at the operator's private
 * hosts, and in the operator's files. A feed elsewhere that looks like arXiv's cannot claim another's paper.
 */
function speaksFor(url: string, kind: SourceKind, context: Context): boolean {
  if (url.startsWith("file:")) return true;
  const place = new URL(url);
  return kind.recognises?.(place) === true || context.fetching.agents.isOwnHost(place);
}
