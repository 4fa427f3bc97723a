import { PermanentError, RetryLaterError } from "@paperwire/core";
import { sources } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { catchUpKind } from "../receipts/catch-up.ts";
import { defineWorker, type JobContext } from "../runtime/define-worker.ts";
import { kindById } from "../sources/index.ts";
import type { SourceKind } from "../sources/source.ts";
import { version } from "../version.ts";
import { isTrusted } from "./address-rules.ts";
import type { FetchOutcome } from "./fetch-outcome.ts";
import { politeFetch } from "./polite-fetch.ts";
import { portionOf } from "./portion.ts";
import { type Asked, recordPolls } from "./record-polls.ts";
import { sourceOf, subscribersOf } from "./shared-lookups.ts";
import { userAgentOf } from "./user-agent.ts";

/** A wait that is worth a deferral; a longer one is left to the source's next check. */
const longestDeferralMs = 60_000;
const fullEveryMs = 7 * 24 * 3_600_000;

/**
 * Polls one source and stores what came, whatever it was: every way out records an outcome and a next check.
 * Running it twice asks twice and stores the same body once.
 */
export const fetchWorker = defineWorker({
  event: "source.due",
  timeoutMs: 180_000,

  async handle({ sourceId, page, catchUp }, context) {
    const source = await sourceOf(context.db, sourceId);
    if (source === undefined || source.pausedAt !== null) return { sourceId, skipped: 1 };
    const kind = catchUp === undefined ? kindById(source.kind) : catchUpKind;
    if (kind === undefined)
      throw new PermanentError(
        `source "${sourceId}" is of the kind "${source.kind}", which this release does not know`,
      );
    const now = context.clock.now();
    const { urls, from, to } =
      page === undefined ? portionOf(source, kind, now) : { urls: [page.url], from: now, to: now };
    const isAlone = page === undefined && urls.length === 1;
    const conditional = isAlone && !isFullDue(source, now);
    const asked: Asked[] = [];
    for (const [index, url] of urls.entries()) {
      const outcome = await poll(url, source, kind, { conditional, known: isAlone }, context);
      const isLast = index === urls.length - 1;
      asked.push({ url, outcome, ...coverageOf(isLast, from, to < now ? to : undefined) });
      if (outcome.kind !== "fetched" && outcome.kind !== "not-modified") break;
    }
    const last = asked.at(-1)?.outcome;
    if (last === undefined) return { sourceId, skipped: 1 };
    // Put off once; a host that always says "a moment" is left to the next check like any other refusal.
    if (last.kind === "retry-later" && last.delayMs <= longestDeferralMs && context.deferrals === 0) {
      await sources.update(context.db, sourceId, { lastError: last.sentence });
      throw new RetryLaterError(last.sentence, last.delayMs);
    }
    const isStored = await context.settleTogether(recordPolls, {
      source,
      kind,
      startedAt: now,
      at: context.clock.now(),
      asked,
      isFull: page === undefined && !conditional,
      isPortion: urls.length > 1,
      ...(page === undefined ? {} : { page: page.number }),
      ...(catchUp === undefined ? {} : { catchUp }),
    });
    if (!isStored) return { sourceId, skipped: 1 };
    if (catchUp !== undefined) return { sourceId, catchUp: last.kind };
    return { sourceId, outcome: last.kind, ...countsOf(asked.map(({ outcome }) => outcome)) };
  },
});

/** Nothing counts as read before the last address of the window is; then the window does, or all until the poll. */
function coverageOf(isLast: boolean, from: Date, cutAt: Date | undefined): { coversUntil?: Date } {
  if (!isLast) return { coversUntil: from };
  return cutAt === undefined ? {} : { coversUntil: cutAt };
}

/** Servers have been seen to answer 304 for ever: now and then everything is asked for. */
function isFullDue(source: Source, now: Date): boolean {
  const last = source.lastFullAt ?? source.establishedAt;
  return last !== null && now.getTime() - last.getTime() >= fullEveryMs;
}

async function poll(
  url: string,
  source: Source,
  kind: SourceKind,
  { conditional, known }: { readonly conditional: boolean; readonly known: boolean },
  context: JobContext,
): Promise<FetchOutcome> {
  const contact = context.settings.FETCH_CONTACT ?? context.settings.publicUrl;
  return politeFetch(
    {
      url,
      trusted: isTrusted(url, source),
      userAgent: userAgentOf(version, contact, await subscribersOf(context.db)),
      signal: context.signal,
      ...(conditional && source.etag !== null ? { etag: source.etag } : {}),
      ...(conditional && source.lastModified !== null ? { lastModified: source.lastModified } : {}),
      ...(known && source.bodyHash !== null ? { knownSha256: source.bodyHash } : {}),
      ...(kind.budget === undefined ? {} : { budget: kind.budget }),
    },
    context.fetching,
  );
}

function countsOf(outcomes: readonly FetchOutcome[]): Record<string, number> {
  const count = (...kinds: FetchOutcome["kind"][]) =>
    outcomes.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    fetched: count("fetched"),
    notModified: count("not-modified"),
    fetchFailed: count("failed", "refused", "gone", "retry-later"),
  };
}
