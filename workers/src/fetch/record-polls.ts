import { createHash } from "node:crypto";
import { fetches, hubSubscriptions, outbox, sources } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { newId } from "../ingest/new-id.ts";
import { catchUpKind } from "../receipts/catch-up.ts";
import type { SharedWrite } from "../runtime/shared-writes.ts";
import type { SourceKind } from "../sources/source.ts";
import type { Fetched, FetchOutcome } from "./fetch-outcome.ts";
import { changeAfter } from "./source-state.ts";

/** One address that was asked for, and what came of it. */
export interface Asked {
  readonly url: string;
  readonly outcome: FetchOutcome;
  /** Until when the source is read once this is stored, where that is not the instant of the poll. */
  readonly coversUntil?: Date;
}

/** A job's polls, ready to be stored. */
export interface Polled {
  readonly source: Source;
  readonly kind: SourceKind;
  readonly startedAt: Date;
  readonly at: Date;
  readonly asked: readonly Asked[];
  readonly page?: number;
  readonly catchUp?: { readonly from: string; readonly to: string };
  /** Everything was asked for, whatever the validators said. */
  readonly isFull: boolean;
  /** Less than all that is due was asked for. */
  readonly isPortion: boolean;
}

/**
 * Stores polls, whatever came: an outcome and a next check for each. Bodies go to ingest; their validators are
 * handed on, and count only once their items are stored.
 */
export const recordPolls: SharedWrite<Polled, boolean> = {
  most: 64,
  keyOf: ({ source }) => source.id,

  async write(trx, items) {
    const there = await sources.lockAll(
      trx,
      items.map(({ source }) => source.id),
    );
    const present = items.filter(({ source }) => there.has(source.id));
    const rows = present.flatMap((item) => item.asked.map((asked, index) => ({ item, asked, index })));
    await fetches.saveBodies(
      trx,
      rows.flatMap(({ asked }) => bodyOf(asked.outcome) ?? []),
    );
    const made = rows.map(({ item, asked, index }) => rowOf(item, asked, index === item.asked.length - 1));
    await fetches.insertAll(trx, made);
    await outbox.appendAll(
      trx,
      "listing.fetched",
      made.flatMap(({ id, outcome }) => (outcome === "fetched" ? [{ fetchId: id }] : [])),
    );
    const changes = present.flatMap((item) => {
      const change = changeOf(item);
      return change === undefined ? [] : [[item.source.id, change] as const];
    });
    await sources.updateAll(trx, new Map(changes));
    for (const { source, startedAt, at, catchUp } of present) {
      if (source.hubExpiresAt === null || catchUp !== undefined) continue;
      await hubSubscriptions.keepBell(trx, source.id, startedAt, at);
    }
    return items.map(({ source }) => there.has(source.id));
  },
};

function changeOf(item: Polled): sources.Change | undefined {
  const last = item.asked.at(-1)?.outcome;
  if (item.catchUp !== undefined || last === undefined) return undefined;
  const { coveredUntil, ...change } = changeAfter(item.source, item.kind, last, item.at);
  const isGood = last.kind === "fetched" || last.kind === "not-modified";
  return {
    ...change,
    // A part of what is due vouches for no more than its bodies do.
    ...(coveredUntil === undefined || item.isPortion ? {} : { coveredUntil }),
    ...(item.isFull && item.page === undefined && isGood ? { lastFullAt: item.at } : {}),
    ...(isTelling(item.source, item.kind, last) ? { reviewedAt: null } : {}),
  };
}

/** Does the poll change what receipts say? A quiet answer of a source without a calendar does not. */
function isTelling(source: Source, kind: SourceKind, outcome: FetchOutcome): boolean {
  if (kind.calendar !== undefined) return true;
  const isGood = outcome.kind === "fetched" || outcome.kind === "not-modified";
  return isGood === source.failures > 0 || source.lastFetchAt === null;
}

function rowOf(item: Polled, { url, outcome, coversUntil }: Asked, isLast: boolean): fetches.NewFetch {
  const body = bodyOf(outcome);
  const page = item.page ?? 1;
  return {
    id: newId(),
    sourceId: item.source.id,
    url,
    at: item.at,
    outcome: outcome.kind,
    status: "status" in outcome ? (outcome.status ?? null) : null,
    bodyHash: body?.hash ?? null,
    bytes: body?.bytes.byteLength ?? null,
    sentence: "sentence" in outcome ? outcome.sentence : null,
    page,
    validators:
      outcome.kind === "fetched" && page === 1 && isLast && item.catchUp === undefined
        ? validatorsOf(outcome)
        : null,
    ...(coversUntil === undefined ? {} : { coversUntil }),
    ...(item.catchUp === undefined ? {} : { kind: catchUpKind.id, catchUp: JSON.stringify(item.catchUp) }),
  };
}

function validatorsOf(outcome: Fetched): string {
  return JSON.stringify({
    ...(outcome.etag === undefined ? {} : { etag: outcome.etag }),
    ...(outcome.lastModified === undefined ? {} : { lastModified: outcome.lastModified }),
    ...(outcome.hub === undefined ? {} : { hub: outcome.hub }),
  });
}

/** A refusal that came with a document is kept for the operator; nothing is ingested from it. */
function bodyOf(outcome: FetchOutcome): fetches.StoredBody | undefined {
  if (outcome.kind === "fetched")
    return { hash: outcome.sha256, bytes: outcome.bytes, contentType: outcome.contentType };
  if (outcome.kind !== "failed" || outcome.bytes === undefined) return undefined;
  const hash = createHash("sha256").update(outcome.bytes).digest("hex");
  return { hash, bytes: outcome.bytes, contentType: outcome.contentType };
}
