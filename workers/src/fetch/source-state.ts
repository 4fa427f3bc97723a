import { goneVerdict, nextCheck, type PollResult, redirectVerdict } from "@paperwire/core";
import type { sources } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import type { SourceKind } from "../sources/source.ts";
import type { FetchOutcome } from "./fetch-outcome.ts";

type Change = Parameters<typeof sources.update>[2];

/** Spread and chance make a check up to 15 % later; this keeps it within the interval that was asked for. */
const spreadShare = 1.15;

/**
 * What a poll changes about its source: freshness, failures, and when it is asked next. Every outcome has a next
 * check; only an answer "gone for good", given twice, stops a source, and says so.
 */
export function changeAfter(source: Source, kind: SourceKind, outcome: FetchOutcome, now: Date): Change {
  const isSuccess = outcome.kind === "fetched" || outcome.kind === "not-modified";
  const isOurs = outcome.kind === "failed" && outcome.networkDown;
  const failures = isSuccess ? 0 : source.failures + 1;
  const common: Change = {
    lastFetchAt: now,
    failures,
    dueFor: null,
    nextFetchAt: nextCheck({
      now,
      sourceId: source.id,
      result: resultOf(outcome, failures),
      everyMinutes: (source.everyMinutes ?? pushedEvery(source, kind, now)) / spreadShare,
      // An interval that the operator chose is kept; only the kind's own is stretched to the source's rhythm.
      ...(source.everyMinutes === null ? { observedGaps: source.observedGaps } : {}),
      ...(source.lastNewAt === null ? {} : { lastNewAt: source.lastNewAt }),
      ...(source.rhythm === null ? {} : { rhythm: source.rhythm }),
      ...(kind.calendar === undefined ? {} : { ceilingMinutes: kind.everyMinutes }),
      random: Math.random(),
    }),
  };
  if (isSuccess) {
    return {
      ...common,
      lastSuccessAt: now,
      lastError: null,
      goneCount: 0,
      ...(outcome.kind === "not-modified"
        ? {
            etag: outcome.etag ?? source.etag,
            lastModified: outcome.lastModified ?? source.lastModified,
            coveredUntil: now,
          }
        : {}),
      ...moved(source, outcome.permanentUrl, now),
    };
  }
  const goneCount = outcome.kind === "gone" ? source.goneCount + 1 : 0;
  const gone = outcome.kind === "gone" ? goneVerdict(goneCount) : undefined;
  return {
    ...common,
    lastError: gone?.sentence ?? outcome.sentence,
    goneCount,
    ...(isOurs ? { failures: source.failures } : {}),
    ...(outcome.kind === "failed" && outcome.dropValidators ? { etag: null, lastModified: null } : {}),
    ...(gone?.pause ? { pausedAt: now, pausedBecause: gone.sentence } : {}),
  };
}

/**
 * How often a source is asked while a hub pushes it: every six hours, once a push has brought news and no news has
 * come without one since; never beyond the end of the lease, and as usual where a calendar says when asking is useful.
 */
function pushedEvery(source: Source, kind: SourceKind, now: Date): number {
  const { hubExpiresAt, pushedAt, lastNewAt } = source;
  if (hubExpiresAt === null || pushedAt === null || lastNewAt === null || kind.calendar !== undefined)
    return kind.everyMinutes;
  const foundAfterMs = lastNewAt.getTime() - pushedAt.getTime();
  if (foundAfterMs < 0 || foundAfterMs > foundByPushMs || pushedAt > now) return kind.everyMinutes;
  const leaseLeftMinutes = (hubExpiresAt.getTime() - Date.now()) / 60_000;
  return Math.max(kind.everyMinutes, Math.min(pushedEveryMinutes, leaseLeftMinutes));
}

const pushedEveryMinutes = 6 * 60;
/** News that are found this soon after a push are what it told of. */
const foundByPushMs = 3_600_000;

function resultOf(outcome: FetchOutcome, failures: number): PollResult {
  if (outcome.kind === "fetched" || outcome.kind === "not-modified") {
    return {
      kind: "answered",
      ...(outcome.freshForMs === undefined ? {} : { freshForMs: outcome.freshForMs }),
    };
  }
  if (outcome.kind === "gone") return { kind: "gone" };
  if (outcome.kind === "failed" && outcome.networkDown) return { kind: "network-down" };
  return {
    kind: "failed",
    failures,
    ...(outcome.kind === "retry-later" ? { delayMs: outcome.delayMs } : {}),
  };
}

/** A permanent redirect is followed at once, and written down as the source's address when it has held for days. */
function moved(source: Source, permanentUrl: string | undefined, now: Date): Change {
  const seen =
    source.permanentUrl === null || source.permanentSince === null
      ? undefined
      : { url: source.permanentUrl, since: source.permanentSince };
  const verdict = redirectVerdict(source.url, seen, permanentUrl, now);
  switch (verdict.kind) {
    case "stay":
      return { permanentUrl: null, permanentSince: null };
    case "wait":
      return { permanentUrl: verdict.seen.url, permanentSince: verdict.seen.since };
    case "move":
      return { url: verdict.url, permanentUrl: null, permanentSince: null };
    default:
      return verdict satisfies never;
  }
}
