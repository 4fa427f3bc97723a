import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";

export interface OpenAnnouncement {
  readonly paperId: string;
  readonly occasion: string;
  readonly late: boolean;
}

/** Occasions of the papers that were not matched yet. */
export function openAnnouncements(db: Db, paperIds: readonly string[]): Promise<OpenAnnouncement[]> {
  if (paperIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom("announcements")
    .innerJoin("papers", "papers.id", "announcements.paperId")
    .select(["announcements.paperId", "announcements.occasion", "announcements.late"])
    .where("announcements.paperId", "in", [...paperIds])
    .where("announcements.matchedAt", "is", null)
    .where("announcements.held", "=", false)
    .where("papers.mergedInto", "is", null)
    .orderBy("announcements.paperId")
    .execute();
}

export interface NewMatch {
  readonly paperId: string;
  readonly occasion: string;
  readonly queryIds: readonly number[];
  readonly late: boolean;
  /** A look back of one subscription: nobody else's digest takes it. */
  readonly onlyFor?: string;
}

/** Stores what satisfied which queries, once per paper and occasion, and closes the occasions. */
export async function insertNew(trx: Trx, matches: readonly NewMatch[], at: Date): Promise<number> {
  if (matches.length === 0) return 0;
  const json = JSON.stringify(matches);
  await sql`
    update announcements a set matched_at = ${at}
    from jsonb_to_recordset(${json}::jsonb) as r("paperId" uuid, occasion text)
    where a.paper_id = r."paperId" and a.occasion = r.occasion`.execute(trx);
  const { rows } = await sql<{ count: number }>`
    with added as (
      insert into matches (paper_id, occasion, query_ids, only_for, late, at)
      select r."paperId", r.occasion, r."queryIds", r."onlyFor", r.late, ${at}::timestamptz
      from jsonb_to_recordset(${json}::jsonb) as r("paperId" uuid, occasion text, "queryIds" int[], "onlyFor" uuid, late boolean)
      where cardinality(r."queryIds") > 0
      on conflict do nothing returning 1
    ) select count(*)::int as count from added`.execute(trx);
  return rows[0]?.count ?? 0;
}

/**
 * Numbers the matches that are committed and have no number yet, and returns the newest number. One process
 * at a time does so, so that nothing appears later under a smaller number. It must commit before the numbers
 * are relied on: call it on its own, before the transaction that reads.
 */
export async function number(db: Db): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('paperwire.matches'))`.execute(trx);
    await sql`
      update matches m set seq = n.seq from (
        select id, nextval('match_sequence') as seq from (select id from matches where seq is null order by id) open
      ) n where m.id = n.id`.execute(trx);
    const { rows } = await sql<{
      last: number;
    }>`select coalesce(max(seq), 0)::bigint as last from matches`.execute(trx);
    return rows[0]?.last ?? 0;
  });
}

export interface Match {
  readonly paperId: string;
  readonly queryIds: number[];
  readonly onlyFor: string | null;
  readonly late: boolean;
  readonly seq: number;
}

/** Matches of the queries with a number in (`after`, `upTo`], oldest first. */
export async function between(
  db: Db | Trx,
  queryIds: readonly number[],
  after: number,
  upTo: number,
): Promise<Match[]> {
  if (queryIds.length === 0 || after >= upTo) return [];
  const { rows } = await sql<Match>`
    select m.paper_id as "paperId", m.query_ids as "queryIds", m.only_for as "onlyFor", m.late, m.seq from matches m
    where m.seq > ${after} and m.seq <= ${upTo} and m.query_ids && ${[...queryIds]}::int[]
    order by m.seq`.execute(db);
  return rows;
}

/** Papers with an occasion since the instant, newest first: what a new interest looks back over. */
export async function announcedSince(db: Db | Trx, since: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.paper_id as id from announcements a join papers p on p.id = a.paper_id
    where a.at >= ${since} and not a.held and p.merged_into is null
    group by a.paper_id order by max(a.at) desc, a.paper_id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Matches older than 60 days go; digests hold what they took. */
export async function prune(db: Db, now: Date): Promise<void> {
  await sql`delete from matches where at < ${now}::timestamptz - interval '60 days'`.execute(db);
}
