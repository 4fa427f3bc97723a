import { PermanentError, type Reading, RetryLaterError, withGap } from "@paperwire/core";
import { fetches, outbox, sources } from "@paperwire/db";
import { defineWorker, type JobContext } from "../runtime/define-worker.ts";
import { kindById } from "../sources/index.ts";
import { readPayload } from "../sources/read.ts";
import type { SourceKind } from "../sources/source.ts";
import { type Harvest, ingestReading } from "./ingest-reading.ts";

/** Most pages of one harvest; a source that never ends its paging is cut here, with a note. */
const mostPages = 500;

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
    const kind = kindById(source.kind);
    if (kind === undefined)
      throw new PermanentError(
        `source "${source.id}" is of the kind "${source.kind}", which this release does not know`,
      );
    const payload = {
      bytes: fetched.body,
      ...(fetched.contentType === null ? {} : { contentType: fetched.contentType }),
      ...(fetched.url === null ? {} : { url: fetched.url }),
    };
    const { reading } = readPayload(payload, kind.id);
    if (isEmptyPage(reading)) {
      throw new RetryLaterError(
        "the source announced listings and sent an empty page; asking again later",
        60_000,
      );
    }
    const now = context.clock.now();
    const harvest: Harvest = {
      speaks: speaksFor(source.url, kind, context),
      sourceId: source.id,
      kind,
      now,
      firstImport: source.establishedAt === null,
      ...(source.coveredUntil === null ? {} : { coveredUntil: source.coveredUntil }),
    };
    const hasNext = reading.next !== undefined && fetched.page < mostPages;
    return context.settle(async (trx) => {
      const counts = await ingestReading(trx, reading, harvest);
      if (hasNext && reading.next !== undefined) {
        await outbox.append(trx, "source.due", {
          sourceId: source.id,
          page: { url: reading.next, number: fetched.page + 1 },
        });
      }
      await sources.update(trx, source.id, {
        ...(hasNext ? {} : { establishedAt: source.establishedAt ?? now, coveredUntil: fetched.at }),
        ...(counts.newPapers > 0
          ? { lastNewAt: now, observedGaps: withGap(source.observedGaps, source.lastNewAt ?? undefined, now) }
          : {}),
        rhythm: reading.rhythm === undefined ? null : JSON.stringify(reading.rhythm),
        ...(source.title === null && reading.title !== undefined ? { title: reading.title } : {}),
        ...(fetched.validators === null
          ? {}
          : {
              etag: fetched.validators.etag ?? null,
              lastModified: fetched.validators.lastModified ?? null,
              bodyHash: fetched.bodyHash,
            }),
      });
      await fetches.markIngested(trx, fetchId, now, { ...counts, warnings: reading.warnings.slice(0, 50) });
      const { rejected, ...rest } = counts;
      return { sourceId: source.id, ...rest, rejectedListings: rejected, warnings: reading.warnings.length };
    });
  },
});

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
