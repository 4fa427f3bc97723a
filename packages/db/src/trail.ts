import type { Listing } from "@paperwire/core";
import { sql } from "kysely";
import type { Db } from "./client.ts";

/** Everything that is stored of one paper on its way to one reader. Ids of merged papers count as the paper. */
export interface Trail {
  readonly listings: readonly TrailListing[];
  readonly versions: readonly {
    readonly home: string;
    readonly version: number;
    readonly seenAt: Date;
    readonly changed: string[];
  }[];
  readonly topics: readonly {
    readonly topic: string;
    readonly classifier: string;
    readonly version: string;
    readonly confidence: number;
  }[];
  readonly merges: readonly {
    readonly kept: string;
    readonly gone: string;
    readonly state: string;
    readonly because: string[];
    readonly at: Date;
  }[];
  readonly occasions: readonly TrailOccasion[];
  readonly matches: readonly TrailMatch[];
  readonly entries: readonly TrailEntry[];
  /** The reader's digests from the first occasion on, oldest first, at most 100. */
  readonly digests: readonly TrailDigest[];
  readonly deliveries: readonly TrailDelivery[];
  readonly attempts: readonly TrailAttempt[];
}

export interface TrailListing {
  readonly sourceId: string;
  readonly key: string;
  readonly url: string | null;
  readonly announceType: string | null;
  readonly announcedOn: string | null;
  readonly version: number | null;
  readonly said: Listing;
  readonly firstSeen: Date;
  /** When the source last said something else of it: what is said above is from then. */
  readonly lastSeen: Date;
  /** When the first harvest of its source was complete; null while it never was, or when the source is gone. */
  readonly establishedAt: Date | null;
}

export interface TrailOccasion {
  readonly occasion: string;
  readonly sourceId: string | null;
  readonly at: Date;
  readonly late: boolean;
  readonly matchedAt: Date | null;
}

export interface TrailMatch {
  readonly occasion: string;
  readonly queryIds: number[];
  readonly onlyFor: string | null;
  readonly late: boolean;
  readonly at: Date;
  readonly seq: number | null;
}

/** The paper's place in one of the reader's digests. */
export interface TrailEntry {
  readonly digestId: string;
  readonly state: "in" | "over-cap" | "released";
  readonly rank: number;
  readonly score: number;
  readonly reasons: readonly { readonly subscriptionName: string }[];
  readonly papers: number;
}

export interface TrailDigest {
  readonly id: string;
  readonly period: string;
  readonly dueAt: Date;
  readonly frozenAt: Date;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly state: string;
  readonly because: string | null;
}

export interface TrailDelivery {
  readonly id: string;
  readonly digestId: string;
  readonly channel: string;
  readonly state: string;
  readonly providerState: string | null;
  readonly because: string | null;
  readonly batchId: string | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

export interface TrailAttempt {
  readonly batchId: string;
  readonly at: Date;
  readonly outcome: string;
  readonly detail: string | null;
}

export async function trailOf(db: Db, paperId: string, readerId: string): Promise<Trail> {
  const { rows: gone } = await sql<{
    id: string;
  }>`select id from papers where merged_into = ${paperId}`.execute(db);
  const ids = [paperId, ...gone.map((row) => row.id)];
  const [listings, versions, topics, merges, occasions, matches, entries] = await Promise.all([
    listingsOf(db, ids),
    db
      .selectFrom("versions")
      .select(["home", "version", "seenAt", "changed"])
      .where("paperId", "=", paperId)
      .orderBy("seenAt")
      .orderBy("version")
      .execute(),
    db
      .selectFrom("paperTopics")
      .select(["topic", "classifier", "version", "confidence"])
      .where("paperId", "=", paperId)
      .orderBy("confidence", "desc")
      .orderBy("topic")
      .execute(),
    db
      .selectFrom("merges")
      .select(["kept", "gone", "state", "because", "at"])
      .where((where) => where.or([where("kept", "in", ids), where("gone", "in", ids)]))
      .orderBy("at")
      .execute(),
    db
      .selectFrom("announcements")
      .select(["occasion", "sourceId", "at", "late", "matchedAt"])
      .distinct()
      .where("paperId", "in", ids)
      .orderBy("at")
      .execute(),
    db
      .selectFrom("matches")
      .select(["occasion", "queryIds", "onlyFor", "late", "at", "seq"])
      .where("paperId", "in", ids)
      .orderBy("at")
      .execute(),
    entriesOf(db, ids, readerId),
  ]);
  const digests = await digestsOf(
    db,
    readerId,
    occasions[0]?.at ?? new Date(0),
    entries.map((one) => one.digestId),
  );
  const deliveries = await deliveriesOf(
    db,
    entries.map((one) => one.digestId),
  );
  const attempts = await attemptsOf(
    db,
    deliveries.flatMap((one) => one.batchId ?? []),
  );
  return { listings, versions, topics, merges, occasions, matches, entries, digests, deliveries, attempts };
}

async function listingsOf(db: Db, ids: readonly string[]): Promise<TrailListing[]> {
  const { rows } = await sql<TrailListing>`
    select l.source_id as "sourceId", l.key, l.url, l.announce_type as "announceType", l.announced_on as "announcedOn",
      l.version, l.said, l.first_seen as "firstSeen", l.last_seen as "lastSeen", s.established_at as "establishedAt"
    from listings l left join sources s on s.id = l.source_id
    where l.paper_id = any(${[...ids]}::uuid[]) order by l.first_seen, l.source_id, l.key`.execute(db);
  return rows;
}

async function entriesOf(db: Db, ids: readonly string[], readerId: string): Promise<TrailEntry[]> {
  const { rows } = await sql<TrailEntry>`
    select dp.digest_id as "digestId", dp.state, dp.rank, dp.score, dp.reasons,
      (select count(*)::int from digest_papers other where other.digest_id = d.id and other.state <> 'over-cap') as papers
    from digest_papers dp join digests d on d.id = dp.digest_id
    where d.reader_id = ${readerId} and dp.paper_id = any(${[...ids]}::uuid[]) order by d.frozen_at`.execute(
    db,
  );
  return rows;
}

function digestsOf(db: Db, readerId: string, since: Date, ids: readonly string[]): Promise<TrailDigest[]> {
  return db
    .selectFrom("digests")
    .select(["id", "period", "dueAt", "frozenAt", "fromSeq", "toSeq", "state", "because"])
    .where("readerId", "=", readerId)
    .where((where) =>
      where.or([where("frozenAt", ">=", since), ...(ids.length === 0 ? [] : [where("id", "in", [...ids])])]),
    )
    .orderBy("frozenAt")
    .limit(100)
    .execute();
}

async function deliveriesOf(db: Db, digestIds: readonly string[]): Promise<TrailDelivery[]> {
  if (digestIds.length === 0) return [];
  const rows = await db
    .selectFrom("deliveries")
    .select([
      "id",
      "digestId",
      "channel",
      "state",
      "providerState",
      "because",
      "batchId",
      "createdAt",
      "settledAt",
    ])
    .where("digestId", "in", [...digestIds])
    .orderBy("createdAt")
    .execute();
  return rows.flatMap((row) => (row.digestId === null ? [] : { ...row, digestId: row.digestId }));
}

async function attemptsOf(db: Db, batchIds: readonly string[]): Promise<TrailAttempt[]> {
  if (batchIds.length === 0) return [];
  return db
    .selectFrom("deliveryAttempts")
    .select(["batchId", "at", "outcome", "detail"])
    .where("batchId", "in", [...batchIds])
    .orderBy("id")
    .execute();
}
