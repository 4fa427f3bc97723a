import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Trx } from "./client.ts";
import type { DayListingTable, ReceiptTable } from "./schema.ts";

export type ReceiptRow = Selectable<ReceiptTable>;
export type DayListingRow = Selectable<DayListingTable>;

/** A source, and the first day or instant that is asked about. */
export interface Since {
  readonly sourceId: string;
  readonly from: string | Date;
}

export interface Span {
  readonly first?: string;
  readonly last?: string;
  readonly firstOpen?: string;
}

/** Between which days each source has receipts, and the first from `from` on that is neither whole nor made up for. */
export async function spansOf(trx: Trx, since: readonly Since[]): Promise<Map<string, Span>> {
  const { rows } = await sql<{
    sourceId: string;
    first: string | null;
    last: string | null;
    firstOpen: string | null;
  }>`
    select r.source_id as "sourceId", min(day) as first, max(day) as last, min(day) filter (where
      state in ('stale', 'failed', 'unknown') and caught_up_by is null and day >= s.since::date) as "firstOpen"
    from ${sinceRows(since)} join receipts r on r.source_id = s.id group by r.source_id`.execute(trx);
  return new Map(
    rows.map(({ sourceId, first, last, firstOpen }) => [
      sourceId,
      {
        ...(first === null ? {} : { first }),
        ...(last === null ? {} : { last }),
        ...(firstOpen === null ? {} : { firstOpen }),
      },
    ]),
  );
}

/** Categories of which each source has listed anything since, in order; sources without any are left out. */
export async function categoriesOf(trx: Trx, since: readonly Since[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ sourceId: string; category: string }>`
    select r.source_id as "sourceId", r.category from ${sinceRows(since)}
      join receipts r on r.source_id = s.id and r.day >= s.since::date
    union select l.source_id, l.category from ${sinceRows(since)}
      join day_listings l on l.source_id = s.id and l.day >= s.since::date
    order by category`.execute(trx);
  const found = new Map<string, string[]>();
  for (const { sourceId, category } of rows) {
    const own = found.get(sourceId);
    if (own === undefined) found.set(sourceId, [category]);
    else own.push(category);
  }
  return found;
}

/** What the sources listed since. */
export async function ownListings(trx: Trx, since: readonly Since[]): Promise<DayListingRow[]> {
  const { rows } = await sql<DayListingRow>`
    select l.* from ${sinceRows(since)} join day_listings l on l.source_id = s.id and l.day >= s.since::date`.execute(
    trx,
  );
  return rows;
}

/** The sources' receipts since. */
export async function ownReceipts(trx: Trx, since: readonly Since[]): Promise<ReceiptRow[]> {
  const { rows } = await sql<ReceiptRow>`
    select r.* from ${sinceRows(since)} join receipts r on r.source_id = s.id and r.day >= s.since::date`.execute(
    trx,
  );
  return rows;
}

/** Everything any source listed for the categories on the days from `from` on. */
export function listingsOf(trx: Trx, categories: readonly string[], from: string): Promise<DayListingRow[]> {
  if (categories.length === 0) return Promise.resolve([]);
  return trx
    .selectFrom("dayListings")
    .selectAll()
    .where("category", "in", [...categories])
    .where("day", ">=", from)
    .execute();
}

/** The receipts of the categories from `from` on, of every source. */
export function receiptsOf(trx: Trx, categories: readonly string[], from: string): Promise<ReceiptRow[]> {
  if (categories.length === 0) return Promise.resolve([]);
  return trx
    .selectFrom("receipts")
    .selectAll()
    .where("category", "in", [...categories])
    .where("day", ">=", from)
    .execute();
}

export interface PollRow {
  readonly sourceId: string;
  readonly at: Date;
  readonly isGood: boolean;
  readonly sentence: string | null;
}

/** Polls since, oldest first; those of catch-ups are no polls. A body that could not be read is a bad one. */
export async function pollsOf(trx: Trx, since: readonly Since[]): Promise<PollRow[]> {
  const { rows } = await sql<PollRow>`
    select f.source_id as "sourceId", f.at,
      f.outcome = 'not-modified' or (f.outcome = 'fetched' and f.ingested_at is not null) as "isGood",
      case when f.outcome = 'fetched' and f.ingested_at is null then 'what it sent could not be read'
        else f.sentence end as sentence
    from ${sinceRows(since)} join fetches f on f.source_id = s.id and f.at >= s.since::timestamptz and f.catch_up is null
    order by f.at`.execute(trx);
  return rows;
}

/** Active sources of the kinds that ask for all of the categories. */
export async function sourcesCovering(
  trx: Trx,
  kinds: readonly string[],
  categories: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from sources where paused_at is null and kind = any(${[...kinds]}) and scope @> ${[...categories]}::text[]
    order by id`.execute(trx);
  return rows.map(({ id }) => id);
}

function sinceRows(since: readonly Since[]) {
  const ids = since.map(({ sourceId }) => sourceId);
  const froms = since.map(({ from }) => (from instanceof Date ? from.toISOString() : from));
  return sql`unnest(${ids}::text[], ${froms}::text[]) as s(id, since)`;
}
