import { createHash } from "node:crypto";
import { PermanentError, RetryLaterError } from "@paperwire/core";
import { fetches, hubSubscriptions, outbox, readers, receipts, sources, type Trx } from "@paperwire/db";
import { catchUpKind } from "../receipts/catch-up.ts";
import { defineWorker, type JobContext } from "../runtime/define-worker.ts";
import { kindById } from "../sources/index.ts";
import type { SourceKind } from "../sources/source.ts";
import { version } from "../version.ts";
import { isTrusted } from "./address-rules.ts";
import type { Fetched, FetchOutcome } from "./fetch-outcome.ts";
import { politeFetch } from "./polite-fetch.ts";
import { changeAfter } from "./source-state.ts";
import { userAgentOf } from "./user-agent.ts";

/** How far back the first harvest of a source looks, where the source lists by date. */
const firstWindowMs = 72 * 3_600_000;
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
    const startedAt = context.clock.now();
    const source = await sources.findById(context.db, sourceId);
    if (source === undefined || source.pausedAt !== null) return { sourceId, skipped: 1 };
    const kind = catchUp === undefined ? kindById(source.kind) : catchUpKind;
    if (kind === undefined)
      throw new PermanentError(
        `source "${sourceId}" is of the kind "${source.kind}", which this release does not know`,
      );
    const urls = page === undefined ? urlsOf(source, kind, context.clock.now()) : [page.url];
    const polled: { url: string; outcome: FetchOutcome }[] = [];
    const conditional = page === undefined && urls.length === 1 && !isFullDue(source, context.clock.now());
    for (const url of urls) {
      const outcome = await poll(
        url,
        source,
        kind,
        { conditional, known: page === undefined && urls.length === 1 },
        context,
      );
      polled.push({ url, outcome });
      if (outcome.kind !== "fetched" && outcome.kind !== "not-modified") break;
    }
    const last = polled.at(-1)?.outcome;
    if (last === undefined) return { sourceId, skipped: 1 };
    // Put off once; a host that always says "a moment" is left to the next check like any other refusal.
    if (last.kind === "retry-later" && last.delayMs <= longestDeferralMs && context.deferrals === 0) {
      await sources.update(context.db, sourceId, { lastError: last.sentence });
      throw new RetryLaterError(last.sentence, last.delayMs);
    }
    return context.settle(async (trx) => {
      for (const [index, { url, outcome }] of polled.entries()) {
        const isLast = index === polled.length - 1;
        await record(trx, source.id, url, outcome, { page: page?.number ?? 1, isLast, catchUp }, context);
      }
      if (catchUp !== undefined) return { sourceId, catchUp: last.kind };
      const change = changeAfter(source, kind, last, context.clock.now());
      const full =
        page === undefined && !conditional && (last.kind === "fetched" || last.kind === "not-modified");
      await sources.update(trx, source.id, {
        ...change,
        ...(full ? { lastFullAt: context.clock.now() } : {}),
      });
      if (source.hubExpiresAt !== null)
        await hubSubscriptions.keepBell(trx, source.id, startedAt, context.clock.now());
      if (isTelling(source, kind, last)) await receipts.reviewSoon(trx, source.id, [], []);
      return { sourceId, outcome: last.kind, ...countsOf(polled.map(({ outcome }) => outcome)) };
    });
  },
});

type CatchUp = { readonly from: string; readonly to: string } | undefined;

/** Servers have been seen to answer 304 for ever: now and then everything is asked for. */
function isFullDue(source: sources.Source, now: Date): boolean {
  const last = source.lastFullAt ?? source.establishedAt;
  return last !== null && now.getTime() - last.getTime() >= fullEveryMs;
}

/** Does the poll change what receipts say? A quiet answer of a source without a calendar does not. */
function isTelling(source: sources.Source, kind: SourceKind, outcome: FetchOutcome): boolean {
  if (kind.calendar !== undefined) return true;
  const isGood = outcome.kind === "fetched" || outcome.kind === "not-modified";
  return isGood === source.failures > 0 || source.lastFetchAt === null;
}

function urlsOf(source: sources.Source, kind: SourceKind, now: Date): readonly string[] {
  if (kind.requests === undefined) return [source.url];
  const from = source.coveredUntil ?? new Date(now.getTime() - firstWindowMs);
  return kind.requests(new URL(source.url), { from, to: now });
}

async function poll(
  url: string,
  source: sources.Source,
  kind: SourceKind,
  { conditional, known }: { readonly conditional: boolean; readonly known: boolean },
  context: JobContext,
): Promise<FetchOutcome> {
  const contact = context.settings.FETCH_CONTACT ?? context.settings.publicUrl;
  return politeFetch(
    {
      url,
      trusted: isTrusted(url, source),
      userAgent: userAgentOf(version, contact, await readers.countActive(context.db)),
      signal: context.signal,
      ...(conditional && source.etag !== null ? { etag: source.etag } : {}),
      ...(conditional && source.lastModified !== null ? { lastModified: source.lastModified } : {}),
      ...(known && source.bodyHash !== null ? { knownSha256: source.bodyHash } : {}),
      ...(kind.budget === undefined ? {} : { budget: kind.budget }),
    },
    context.fetching,
  );
}

/** Stores the poll; a body goes to ingest. Its validators are handed on, and count only once its items are stored. */
async function record(
  trx: Trx,
  sourceId: string,
  url: string,
  outcome: FetchOutcome,
  part: { readonly page: number; readonly isLast: boolean; readonly catchUp: CatchUp },
  context: JobContext,
): Promise<void> {
  const body = outcome.kind === "fetched" ? outcome : readableFailure(outcome);
  if (body !== undefined) {
    await fetches.saveBody(trx, { hash: body.sha256, bytes: body.bytes, contentType: body.contentType });
  }
  const fetchId = await fetches.insert(trx, {
    sourceId,
    url,
    at: context.clock.now(),
    outcome: outcome.kind,
    status: "status" in outcome ? (outcome.status ?? null) : null,
    bodyHash: body?.sha256 ?? null,
    bytes: body?.bytes.byteLength ?? null,
    sentence: "sentence" in outcome ? outcome.sentence : null,
    page: part.page,
    validators:
      outcome.kind === "fetched" && part.page === 1 && part.isLast && part.catchUp === undefined
        ? validatorsOf(outcome)
        : null,
    ...(part.catchUp === undefined ? {} : { kind: catchUpKind.id, catchUp: JSON.stringify(part.catchUp) }),
  });
  if (outcome.kind === "fetched") await outbox.append(trx, "listing.fetched", { fetchId });
}

function validatorsOf(outcome: Fetched): string {
  return JSON.stringify({
    ...(outcome.etag === undefined ? {} : { etag: outcome.etag }),
    ...(outcome.lastModified === undefined ? {} : { lastModified: outcome.lastModified }),
    ...(outcome.hub === undefined ? {} : { hub: outcome.hub }),
  });
}

/** A refusal that came with a document is kept for the operator; nothing is ingested from it. */
function readableFailure(
  outcome: FetchOutcome,
): { sha256: string; bytes: Uint8Array; contentType?: string } | undefined {
  if (outcome.kind !== "failed" || outcome.bytes === undefined) return undefined;
  return {
    sha256: createHash("sha256").update(outcome.bytes).digest("hex"),
    bytes: outcome.bytes,
    ...(outcome.contentType === undefined ? {} : { contentType: outcome.contentType }),
  };
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
