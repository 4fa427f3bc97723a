import type { Author } from "@paperwire/core";
import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { DigestTable } from "./schema.ts";

export type Digest = Selectable<DigestTable>;

/** A paper as digests, pages and explanations show it. */
export interface PaperCard {
  readonly id: string;
  readonly title: string;
  readonly abstract: string | null;
  readonly authors: readonly Author[];
  readonly categories: readonly string[];
  readonly firstSeen: Date;
  readonly published: Date | null;
  readonly votes: number;
  readonly pickedBy: readonly string[];
  readonly trend: number | null;
  /** `name`: what the source calls itself, where the home is a source of its own. */
  readonly homes: readonly {
    readonly home: string;
    readonly url: string | null;
    readonly name: string | null;
  }[];
  readonly topics: readonly string[];
}

/** Cards of the papers that exist; merged ones are left out. No order. */
export async function cardsOf(db: Db | Trx, ids: readonly string[]): Promise<PaperCard[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<PaperCard>`
    select p.id, p.title, p.abstract, p.authors, p.categories, p.first_seen as "firstSeen", p.published,
      p.votes + (select count(*)::int from votes v where v.paper_id = p.id) as votes,
      p.picked_by as "pickedBy", p.trend,
      coalesce((select jsonb_agg(jsonb_build_object('home', h.home, 'url', h.url,
        'name', (select s.title from sources s where s.id = h.home)) order by h.seen_at, h.home)
        from homes h where h.paper_id = p.id), '[]') as homes,
      array(select topic from paper_topics t where t.paper_id = p.id group by topic
        order by max(confidence) desc, topic) as topics
    from papers p where p.id = any(${[...ids]}::uuid[]) and p.merged_into is null`.execute(db);
  return rows;
}

/** Which of the papers each reader has had or is about to get, as `reader:paper`. */
export async function mailedAmong(
  trx: Db | Trx,
  readerIds: readonly string[],
  paperIds: readonly string[],
): Promise<Set<string>> {
  if (readerIds.length === 0 || paperIds.length === 0) return new Set();
  const { rows } = await sql<{ pair: string }>`
    select reader_id || ':' || paper_id as pair from mailed
    where reader_id = any(${[...readerIds]}::uuid[]) and paper_id = any(${[...paperIds]}::uuid[])`.execute(
    trx,
  );
  return new Set(rows.map((row) => row.pair));
}

export interface Released {
  readonly readerId: string;
  readonly paperId: string;
  readonly late: boolean;
}

/** Papers of digests that certainly did not go out, which the reader has not had since. */
export async function releasedFor(trx: Trx, readerIds: readonly string[], since: Date): Promise<Released[]> {
  if (readerIds.length === 0) return [];
  const { rows } = await sql<Released>`
    select distinct d.reader_id as "readerId", dp.paper_id as "paperId", true as late
    from digests d join digest_papers dp on dp.digest_id = d.id
    where d.reader_id = any(${[...readerIds]}::uuid[]) and dp.state = 'released' and d.due_at >= ${since}
      and not exists (select from mailed m where m.reader_id = d.reader_id and m.paper_id = dp.paper_id)`.execute(
    trx,
  );
  return rows;
}

export interface NewDigest {
  readonly readerId: string;
  readonly period: string;
  readonly dueAt: Date;
  readonly frozenAt: Date;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly content: unknown;
  readonly state: "frozen" | "empty" | "skipped";
  readonly because?: string;
}

/** Freezes the period. Nothing is returned, and nothing written, when it has been used already. */
export async function insertNew(trx: Trx, digest: NewDigest): Promise<string | undefined> {
  const row = await trx
    .insertInto("digests")
    .values({ ...digest, content: digest.content === undefined ? null : JSON.stringify(digest.content) })
    .onConflict((conflict) => conflict.columns(["readerId", "period"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

export interface DigestPaper {
  readonly paperId: string;
  readonly rank: number;
  readonly state: "in" | "over-cap";
  readonly score: number;
  readonly reasons: unknown;
}

/** Writes what the digest holds, and reserves the papers that are in it for the reader. */
export async function insertPapers(
  trx: Trx,
  digestId: string,
  readerId: string,
  papers: readonly DigestPaper[],
  at: Date,
): Promise<void> {
  if (papers.length === 0) return;
  await sql`
    insert into digest_papers (digest_id, paper_id, rank, state, score, reasons)
    select ${digestId}::uuid, r."paperId", r.rank, r.state, r.score, r.reasons
    from jsonb_to_recordset(${JSON.stringify(papers)}::jsonb) as r("paperId" uuid, rank int, state text,
      score float8, reasons jsonb)
    on conflict do nothing`.execute(trx);
  await sql`
    insert into mailed (reader_id, paper_id, digest_id, at)
    select ${readerId}::uuid, paper_id, digest_id, ${at}::timestamptz from digest_papers
    where digest_id = ${digestId} and state = 'in'`.execute(trx);
}

/** It is certain that the digests did not go out: their papers may be mailed in another one. */
export async function release(trx: Trx, digestIds: readonly string[]): Promise<void> {
  if (digestIds.length === 0) return;
  await sql`update digest_papers set state = 'released' where digest_id = any(${[...digestIds]}::uuid[]) and state = 'in'`.execute(
    trx,
  );
  await sql`delete from mailed where digest_id = any(${[...digestIds]}::uuid[])`.execute(trx);
}

/** The mail had no room for them: they count as over the cap, and were not mailed. */
export async function moveOverCap(
  trx: Trx,
  moved: readonly { readonly digestId: string; readonly paperIds: readonly string[] }[],
): Promise<void> {
  const pairs = moved.flatMap(({ digestId, paperIds }) => paperIds.map((paperId) => ({ digestId, paperId })));
  if (pairs.length === 0) return;
  const digestIds = pairs.map(({ digestId }) => digestId);
  const paperIds = pairs.map(({ paperId }) => paperId);
  const over = sql`unnest(${digestIds}::uuid[], ${paperIds}::uuid[]) as r(digest_id, paper_id)`;
  await sql`update digest_papers p set state = 'over-cap' from ${over}
    where p.digest_id = r.digest_id and p.paper_id = r.paper_id and p.state = 'in'`.execute(trx);
  await sql`delete from mailed m using ${over}
    where m.digest_id = r.digest_id and m.paper_id = r.paper_id`.execute(trx);
}

/** When each reader's newest instant mail was frozen; readers without one are left out. */
export async function lastInstant(trx: Trx, readerIds: readonly string[]): Promise<Map<string, Date>> {
  if (readerIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom("digests")
    .select(["readerId", ({ fn }) => fn.max("frozenAt").as("at")])
    .where("readerId", "in", [...readerIds])
    .where("period", "like", "instant-%")
    .where("state", "=", "frozen")
    .groupBy("readerId")
    .execute();
  return new Map(rows.map((row) => [row.readerId, new Date(row.at)]));
}

/** How many instant mails a reader has had, the skipped ones included: the next one's number. */
export async function countInstant(trx: Trx, readerId: string): Promise<number> {
  const row = await trx
    .selectFrom("digests")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("readerId", "=", readerId)
    .where("period", "like", "instant-%")
    .executeTakeFirstOrThrow();
  return row.count;
}

export function findById(db: Db | Trx, id: string): Promise<Digest | undefined> {
  return db.selectFrom("digests").selectAll().where("id", "=", id).executeTakeFirst();
}

export function latestOf(db: Db, readerId: string, limit: number) {
  return db
    .selectFrom("digests")
    .select(["id", "period", "dueAt", "frozenAt", "state", "because"])
    .where("readerId", "=", readerId)
    .orderBy("frozenAt", "desc")
    .limit(limit)
    .execute();
}

export interface DigestEntry {
  readonly paperId: string;
  readonly state: string;
}

/** What a digest held, best first: in the mail, over the cap, or released. */
export function papersOf(db: Db, digestId: string): Promise<DigestEntry[]> {
  return db
    .selectFrom("digestPapers")
    .select(["paperId", "state"])
    .where("digestId", "=", digestId)
    .orderBy("rank")
    .execute();
}
