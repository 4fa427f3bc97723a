import type { TrendSignal } from "@paperwire/core";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";

/** From the instant `at` on, the count stood so; `of` tells apart the places that count. */
export interface Signal {
  readonly paperId: string;
  readonly kind: "outside-votes" | "picks";
  readonly of: string;
  readonly count: number;
  readonly at: string;
}

/** Keeps counts that were not reached before: each only once, from the first time it was seen. */
export async function insertSignals(trx: Trx, signals: readonly Signal[]): Promise<void> {
  if (signals.length === 0) return;
  await sql`
    insert into paper_signals (paper_id, kind, of, count, at)
    select r."paperId", r.kind, r.of, r.count, r.at
    from jsonb_to_recordset(${JSON.stringify(signals)}::jsonb) as r("paperId" uuid, kind text, of text, count int,
      at timestamptz)
    on conflict do nothing`.execute(trx);
}

/** All signals of the papers, by paper: homes and votes here are counted from their own tables. */
export async function signalsOf(
  db: Db | Trx,
  paperIds: readonly string[],
): Promise<Map<string, TrendSignal[]>> {
  if (paperIds.length === 0) return new Map();
  const ids = [...paperIds];
  const { rows } = await sql<Required<TrendSignal> & { paperId: string }>`
    select paper_id as "paperId", kind, of, count, at from paper_signals where paper_id = any(${ids}::uuid[])
    union all
    select paper_id, 'homes', '', row_number() over (partition by paper_id order by seen_at, home)::int, seen_at
    from homes where paper_id = any(${ids}::uuid[])
    union all
    select paper_id, 'votes', '', row_number() over (partition by paper_id order by at, reader_id)::int, at
    from votes where paper_id = any(${ids}::uuid[])`.execute(db);
  return new Map(
    Array.from(
      Map.groupBy(rows, (row) => row.paperId),
      ([id, group]) => [id, group.map(({ kind, of, count, at }) => ({ kind, of, count, at }))],
    ),
  );
}

/** Papers that got attention in the span: a vote here or elsewhere, or a pick. Merged ones are left out. */
export async function noticedBetween(
  db: Db | Trx,
  from: Date,
  until: Date,
): Promise<{ id: string; field: string }[]> {
  const { rows } = await sql<{ id: string; field: string }>`
    select p.id, coalesce((select t.topic from paper_topics t where t.paper_id = p.id and t.topic !~ '[.]'
      order by t.confidence desc, t.topic limit 1), '') as field
    from papers p where p.merged_into is null and p.id in (
      select paper_id from paper_signals where at >= ${from} and at < ${until}
      union select paper_id from votes where at >= ${from} and at < ${until})`.execute(db);
  return rows;
}

export async function saveTrends(
  trx: Trx,
  trends: readonly { id: string; trend: number | null }[],
): Promise<void> {
  if (trends.length === 0) return;
  await sql`
    update papers p set trend = r.trend
    from jsonb_to_recordset(${JSON.stringify(trends)}::jsonb) as r(id uuid, trend float8)
    where p.id = r.id and p.trend is distinct from r.trend`.execute(trx);
}

/** Adds a curator to those who picked the paper. Returns how many there are now; nothing when it was picked before. */
export async function addPicker(trx: Trx, paperId: string, by: string): Promise<number | undefined> {
  const { rows } = await sql<{ pickers: number }>`
    update papers set picked_by = picked_by || ${by}::text where id = ${paperId} and not ${by}::text = any(picked_by)
    returning cardinality(picked_by) as pickers`.execute(trx);
  return rows[0]?.pickers;
}

/** One vote a reader and paper. Returns how many the paper has from readers here. */
export async function saveVote(
  trx: Trx,
  vote: { readonly readerId: string; readonly paperId: string; readonly wants: boolean },
  now: Date,
): Promise<number> {
  if (vote.wants) {
    await trx
      .insertInto("votes")
      .values({ readerId: vote.readerId, paperId: vote.paperId, at: now })
      .onConflict((conflict) => conflict.columns(["readerId", "paperId"]).doNothing())
      .execute();
  } else {
    await trx
      .deleteFrom("votes")
      .where("readerId", "=", vote.readerId)
      .where("paperId", "=", vote.paperId)
      .execute();
  }
  const row = await trx
    .selectFrom("votes")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("paperId", "=", vote.paperId)
    .executeTakeFirstOrThrow();
  return row.count;
}

export interface TrendEntry {
  readonly paperId: string;
  /** A day or a week. */
  readonly period: string;
  /** From 1. */
  readonly rank: number;
}

/**
 * Keeps that papers are on lists, and returns those that were not before; a paper that another was merged into was
 * where that one was.
 */
export async function insertEntries(
  trx: Trx,
  entries: readonly TrendEntry[],
  at: Date,
): Promise<TrendEntry[]> {
  if (entries.length === 0) return [];
  const { rows } = await sql<TrendEntry>`
    insert into trend_entries (paper_id, period, rank, at)
    select r."paperId", r.period, r.rank, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as r("paperId" uuid, period text, rank int)
    where not exists (select from papers g join trend_entries e on e.paper_id = g.id
      where g.merged_into = r."paperId" and e.period = r.period)
    order by r."paperId", r.period
    on conflict do nothing returning paper_id as "paperId", period, rank`.execute(trx);
  return rows.sort((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : a.rank - b.rank));
}

/** Changes with every signal and vote in the span: whether lists have to be worked out again. */
export async function attentionState(db: Db, from: Date, until: Date): Promise<string> {
  const { rows } = await sql<{ state: string }>`
    select (select count(*) || '.' || coalesce(sum(count), 0) from paper_signals where at >= ${from} and at < ${until})
      || '.' || (select count(*) || '.' || coalesce(extract(epoch from max(at))::text, '') from votes
        where at >= ${from} and at < ${until}) as state`.execute(db);
  return rows[0]?.state ?? "";
}

/** What was announced of lists that are long past may go: only the last two of each kind are looked at. */
export async function prune(db: Db, now: Date): Promise<void> {
  await sql`delete from trend_entries where at < ${now}::timestamptz - interval '90 days'`.execute(db);
}
