import { PermanentError, type Reading, spanOfDay, withGap } from "@paperwire/core";
import { fetches, outbox, receipts, sources } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { catchUpName } from "../receipts/catch-up.ts";
import { datedRightly, type NotedPoll, noteReading } from "../receipts/note-reading.ts";
import { arxivKinds, scopeOf } from "../receipts/scope.ts";
import { defineWorker, type JobContext } from "../runtime/define-worker.ts";
import { kindById } from "../sources/index.ts";
import { readPayload } from "../sources/read.ts";
import type { SourceKind } from "../sources/source.ts";
import { recognise } from "./churn.ts";
import { type Harvest, ingestReading } from "./ingest-reading.ts";

/** Most pages of one harvest; a source that never ends its paging is cut here, with a note. */
const mostPages = 500;
/** An index that announces more than it gives is asked again after an hour; nothing counts as read until then. */
const askAgainMs = 3_600_000;
const emptySentence = "The source announced listings and sent an empty page; it is asked again.";

/**
 * Turns one fetched body into papers, and the page after it into the next fetch. Running it twice adds nothing:
 * every row has a key, and the validators are stored only together with what they vouch for.
 */
export const ingestWorker = defineWorker({
  event: "listing.fetched",
  timeoutMs: 120_000,

  async handle({ fetchId }, context) {
    const fetched = await fetches.getWithBody(context.db, fetchId);
    const source = await sources.getById(context.db, fetched.sourceId);
    const kind = kindById(fetched.kind ?? source.kind);
    if (kind === undefined)
      throw new PermanentError(
        `source "${source.id}" is of the kind "${source.kind}", which this release does not know`,
      );
    const payload = {
      bytes: fetched.body,
      ...(fetched.contentType === null ? {} : { contentType: fetched.contentType }),
      ...(fetched.url === null ? {} : { url: fetched.url }),
    };
    const { reading: said } = readPayload(payload, kind.id);
    const now = context.clock.now();
    const isEmpty = isEmptyPage(said);
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
    const noted: NotedPoll = {
      ...harvest,
      scope: catchUp === undefined ? scopeOf(source.url, said) : source.scope,
      createdAt: firstOf(source.createdAt, source.establishedAt ?? now),
      ...(catchUp === undefined ? {} : { catchUp }),
    };
    const hasNext = said.next !== undefined && fetched.page < mostPages;
    return context.settle(async (trx) => {
      const reading = await datedRightly(trx, said, noted);
      const { newKeys, held } = await recognise(trx, reading.listings, harvest);
      const counts = await ingestReading(trx, reading, harvest);
      if (held !== undefined) await receipts.holdAnnounced(trx, source.id, now);
      await noteReading(trx, reading, newKeys, noted);
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
      await sources.update(trx, source.id, {
        ...(catchUp === undefined ? afterPoll(source, fetched, reading, now, hasNext || isEmpty) : {}),
        ...(catchUp === undefined && noted.scope.length > 0 ? { scope: [...noted.scope] } : {}),
        ...(counts.newPapers > 0 && catchUp === undefined
          ? { lastNewAt: now, observedGaps: withGap(source.observedGaps, source.lastNewAt ?? undefined, now) }
          : {}),
        ...(held === undefined ? {} : { heldAt: now, heldBecause: held }),
        ...(isEmpty ? { lastError: emptySentence, nextFetchAt: new Date(now.getTime() + askAgainMs) } : {}),
      });
      await receipts.reviewSoon(trx, source.id, kind.calendar === "arxiv" ? noted.scope : [], arxivKinds);
      await fetches.markIngested(trx, fetchId, now, { ...counts, warnings: reading.warnings.slice(0, 50) });
      const { rejected, ...rest } = counts;
      return { sourceId: source.id, ...rest, rejectedListings: rejected, warnings: reading.warnings.length };
    });
  },
});

/** What a poll vouches for, once its last page is stored: until when, and with which validators. */
function afterPoll(
  source: Source,
  fetched: fetches.FetchWithBody,
  reading: Reading,
  now: Date,
  goesOn: boolean,
) {
  return {
    ...(goesOn ? {} : { establishedAt: source.establishedAt ?? now, coveredUntil: fetched.at }),
    rhythm: reading.rhythm === undefined ? null : JSON.stringify(reading.rhythm),
    ...(source.title === null && reading.title !== undefined ? { title: reading.title } : {}),
    ...(fetched.validators === null
      ? {}
      : {
          etag: fetched.validators.etag ?? null,
          lastModified: fetched.validators.lastModified ?? null,
          ...hubOffer(fetched.validators.hub ?? reading.hub),
          bodyHash: fetched.bodyHash,
        }),
  };
}

/** Headers speak before the body (WebSub §4). Whether a hub is asked is decided elsewhere. */
function hubOffer(hub: Reading["hub"]): { hubUrl: string | null; hubTopic: string | null } {
  const isUsable =
    hub !== undefined && [hub.url, hub.topic].every((url) => /^https?:/.test(url) && url.length <= 2_000);
  return isUsable ? { hubUrl: hub.url, hubTopic: hub.topic } : { hubUrl: null, hubTopic: null };
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
function speaksFor(url: string, kind: SourceKind, context: JobContext): boolean {
  if (url.startsWith("file:")) return true;
  const place = new URL(url);
  return kind.recognises?.(place) === true || context.fetching.agents.isOwnHost(place);
}
