import type { ReceiptState } from "@paperwire/core";
import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { DayListingTable, ReceiptTable, SourceTable } from "./schema.ts";

export type ReceiptRow = Selectable<ReceiptTable>;
export type DayListingRow = Selectable<DayListingTable>;

export interface NewDayListing {
  readonly category: string;
  readonly day: string;
  readonly key: string;
  readonly announceType?: string | undefined;
  readonly late: boolean;
}

/** Notes which listings a source had for which day, each once however often it is polled. */
export async function noteListings(
  trx: Trx,
  sourceId: string,
  listings: readonly NewDayListing[],
  at: Date,
): Promise<void> {
  if (listings.length === 0) return;
  await sql`
    insert into day_listings (source_id, category, day, key, announce_type, late, seen_at)
    select ${sourceId}, r.category, r.day, r.key, r."announceType", r.late, ${at}
    from jsonb_to_recordset(${JSON.stringify(listings)}::jsonb) as r(category text, day date, key text,
      "announceType" text, late boolean)
    on conflict do nothing`.execute(trx);
}

export interface DayNote {
  readonly category: string;
  readonly day: string;
  /** The source's own count of the day. */
  readonly counted?: number | undefined;
  readonly cut?: string | undefined;
  readonly staleBecause?: string | undefined;
}

/** What a payload says of a whole day. A later payload of the same day takes back what an earlier one complained of. */
export async function noteDay(trx: Trx, sourceId: string, note: DayNote, at: Date): Promise<void> {
  await sql`
    insert into receipts (source_id, category, day, state, counted, cut, stale_because, updated_at)
    values (${sourceId}, ${note.category}, ${note.day}, 'unknown', ${note.counted ?? null}, ${note.cut ?? null},
      ${note.staleBecause ?? null}, ${at})
    on conflict (source_id, category, day) do update set
      counted = coalesce(excluded.counted, receipts.counted), cut = excluded.cut,
      stale_because = excluded.stale_because`.execute(trx);
}

/** The days were harvested afterwards, through that upstream. */
export async function noteCaughtUp(
  trx: Trx,
  sourceId: string,
  from: string,
  to: string,
  by: string,
): Promise<void> {
  await sql`
    update receipts set caught_up_by = ${by} where source_id = ${sourceId} and day between ${from} and ${to}
      and catch_up_at is not null and caught_up_by is null`.execute(trx);
}

/** The days are being asked for again. */
export async function noteAskedAgain(
  trx: Trx,
  sourceId: string,
  days: readonly string[],
  at: Date,
): Promise<void> {
  if (days.length === 0) return;
  await sql`
    update receipts set catch_up_at = ${at}, catch_up_tries = catch_up_tries + 1
    where source_id = ${sourceId} and day = any(${[...days]}::date[])`.execute(trx);
}

/** What the source listed on the last day before `day` of which it listed anything. */
export async function listedBefore(
  trx: Trx,
  sourceId: string,
  category: string,
  day: string,
): Promise<DayListingRow[]> {
  return trx
    .selectFrom("dayListings")
    .selectAll()
    .where("sourceId", "=", sourceId)
    .where("category", "=", category)
    .where("day", "=", ({ selectFrom }) =>
      selectFrom("dayListings")
        .select(({ fn }) => fn.max("day").as("day"))
        .where("sourceId", "=", sourceId)
        .where("category", "=", category)
        .where("day", "<", day),
    )
    .execute();
}

/** Identifiers that other sources have as new for the day; a few thousand at most. */
export async function newElsewhere(trx: Trx, sourceId: string, day: string): Promise<string[]> {
  const rows = await trx
    .selectFrom("dayListings")
    .select("key")
    .distinct()
    .where("day", "=", day)
    .where("announceType", "=", "new")
    .where("sourceId", "<>", sourceId)
    .limit(3_000)
    .execute();
  return rows.map(({ key }) => key);
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

/** Categories of which the source has listed anything since. */
export async function categoriesOf(trx: Trx, sourceId: string, from: string): Promise<string[]> {
  const { rows } = await sql<{ category: string }>`
    select category from receipts where source_id = ${sourceId} and day >= ${from}
    union select category from day_listings where source_id = ${sourceId} and day >= ${from}
    order by category`.execute(trx);
  return rows.map(({ category }) => category);
}

/** Between which days the source has receipts, and the first since `openSince` that is neither whole nor made up for. */
export async function spanOf(
  trx: Trx,
  sourceId: string,
  openSince: string,
): Promise<{ first?: string; last?: string; firstOpen?: string }> {
  const { rows } = await sql<{ first: string | null; last: string | null; firstOpen: string | null }>`
    select min(day) as first, max(day) as last,
      min(day) filter (where state in ('stale', 'failed', 'unknown') and caught_up_by is null and day >= ${openSince}) as "firstOpen"
    from receipts where source_id = ${sourceId}`.execute(trx);
  const row = rows[0];
  return {
    ...(row?.first == null ? {} : { first: row.first }),
    ...(row?.last == null ? {} : { last: row.last }),
    ...(row?.firstOpen == null ? {} : { firstOpen: row.firstOpen }),
  };
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

export interface PollRow {
  readonly at: Date;
  readonly isGood: boolean;
  readonly sentence: string | null;
}

/** Polls since the instant, oldest first; those of catch-ups are no polls. A body that could not be read is a bad one. */
export async function pollsOf(trx: Trx, sourceId: string, since: Date): Promise<PollRow[]> {
  const rows = await trx
    .selectFrom("fetches")
    .select(["at", "outcome", "sentence", "ingestedAt"])
    .where("sourceId", "=", sourceId)
    .where("at", ">=", since)
    .where("catchUp", "is", null)
    .orderBy("at")
    .execute();
  return rows.map(({ at, outcome, sentence, ingestedAt }) => ({
    at,
    isGood: outcome === "not-modified" || (outcome === "fetched" && ingestedAt !== null),
    sentence: outcome === "fetched" && ingestedAt === null ? "what it sent could not be read" : sentence,
  }));
}

export type SavedReceipt = Pick<
  ReceiptRow,
  | "category"
  | "day"
  | "announced"
  | "ingested"
  | "newCount"
  | "crossCount"
  | "replacedCount"
  | "lateCount"
  | "missing"
  | "missingKeys"
  | "state"
  | "because"
  | "checkedAgainst"
>;

export async function save(
  trx: Trx,
  sourceId: string,
  receipts: readonly SavedReceipt[],
  at: Date,
): Promise<void> {
  if (receipts.length === 0) return;
  await trx
    .insertInto("receipts")
    .values(receipts.map((receipt) => ({ ...receipt, sourceId, updatedAt: at })))
    .onConflict((conflict) =>
      conflict.columns(["sourceId", "category", "day"]).doUpdateSet(({ ref }) => ({
        announced: ref("excluded.announced"),
        ingested: ref("excluded.ingested"),
        newCount: ref("excluded.newCount"),
        crossCount: ref("excluded.crossCount"),
        replacedCount: ref("excluded.replacedCount"),
        lateCount: ref("excluded.lateCount"),
        missing: ref("excluded.missing"),
        missingKeys: ref("excluded.missingKeys"),
        state: ref("excluded.state"),
        because: ref("excluded.because"),
        checkedAgainst: ref("excluded.checkedAgainst"),
        updatedAt: ref("excluded.updatedAt"),
      })),
    )
    .execute();
}

export interface Selection {
  readonly day?: string | undefined;
  readonly sourceId?: string | undefined;
  readonly limit: number;
}

/** Newest day first, then by source and category. */
export function list(db: Db | Trx, selection: Selection): Promise<ReceiptRow[]> {
  return db
    .selectFrom("receipts")
    .selectAll()
    .$if(selection.day !== undefined, (query) => query.where("day", "=", selection.day ?? ""))
    .$if(selection.sourceId !== undefined, (query) => query.where("sourceId", "=", selection.sourceId ?? ""))
    .orderBy("day", "desc")
    .orderBy("sourceId")
    .orderBy("category")
    .limit(selection.limit)
    .execute();
}

/** Takes the sources to look at again, each for one process only. */
export async function takeReviewable(
  trx: Trx,
  now: Date,
  before: { readonly calendar: Date; readonly other: Date; readonly kinds: readonly string[] },
  limit: number,
): Promise<Selectable<SourceTable>[]> {
  const { rows } = await sql<{ id: string }>`
    update sources set reviewed_at = ${now} where id in (
      select id from sources
      where reviewed_at is null or reviewed_at > ${now}
        or reviewed_at <= case when kind = any(${[...before.kinds]}) then ${before.calendar}::timestamptz else ${before.other}::timestamptz end
      order by reviewed_at nulls first limit ${limit} for update skip locked
    ) returning id`.execute(trx);
  if (rows.length === 0) return [];
  return trx
    .selectFrom("sources")
    .selectAll()
    .where(
      "id",
      "in",
      rows.map(({ id }) => id),
    )
    .orderBy("id")
    .execute();
}

/** The receipts of a source, and of all that are compared with it, are made anew at the next tick. */
export async function reviewSoon(
  trx: Trx,
  sourceId: string,
  categories: readonly string[],
  kinds: readonly string[],
): Promise<void> {
  await sql`
    update sources set reviewed_at = null
    where id = ${sourceId} or (scope && ${[...categories]}::text[] and kind = any(${[...kinds]}))`.execute(
    trx,
  );
}

/** Listings by day go after 90 days, receipts after 400. */
export async function prune(db: Db, now: Date): Promise<void> {
  await sql`delete from day_listings where day < (${now}::timestamptz - interval '90 days')::date`.execute(
    db,
  );
  await sql`delete from receipts where day < (${now}::timestamptz - interval '400 days')::date`.execute(db);
}

/** By title key: the paper that the source listed under that title. Titles of several papers are left out. */
export async function papersByTitle(
  trx: Trx,
  sourceId: string,
  titleKeys: readonly string[],
): Promise<Map<string, string>> {
  if (titleKeys.length === 0) return new Map();
  const { rows } = await sql<{ titleKey: string; paperId: string }>`
    select p.title_key as "titleKey", min(p.id::text) as "paperId"
    from listings l join papers p on p.id = l.paper_id
    where l.source_id = ${sourceId} and p.title_key = any(${[...titleKeys]}) and p.merged_into is null
    group by p.title_key having count(distinct p.id) = 1`.execute(trx);
  return new Map(rows.map((row) => [row.titleKey, row.paperId]));
}

/** What the source announced at that instant is mailed to nobody until the operator resumes it. */
export async function holdAnnounced(trx: Trx, sourceId: string, at: Date): Promise<void> {
  await sql`
    update announcements set held = true
    where source_id = ${sourceId} and at = ${at} and matched_at is null`.execute(trx);
}

/** Announcements that the source's operator held back may be mailed now. Returns their papers. */
export async function releaseHeld(trx: Trx, sourceId: string): Promise<string[]> {
  const { rows } = await sql<{ paperId: string }>`
    update announcements set held = false where source_id = ${sourceId} and held
    returning paper_id as "paperId"`.execute(trx);
  return [...new Set(rows.map((row) => row.paperId))];
}

/**
 * The best state of each category's list of the day, of sources of the kinds that had a list on an earlier day:
 * whole, in part, old, failed, not known. Only categories of which an active source of the `dated` kinds has lists.
 */
export async function statesOf(
  trx: Trx,
  kinds: readonly string[],
  dated: readonly string[],
  day: string,
): Promise<Map<string, ReceiptState>> {
  const { rows } = await sql<{ category: string; state: ReceiptState }>`
    select distinct on (r.category) r.category, r.state from receipts r join sources s on s.id = r.source_id
    where r.day = ${day} and s.kind = any(${[...kinds]}) and s.paused_at is null
      and exists (select from receipts e where e.source_id = r.source_id and e.category = r.category
        and e.day < ${day} and e.state in ('complete', 'partial') and e.ingested > 0)
      and exists (select from sources d where d.kind = any(${[...dated]}) and d.paused_at is null
        and r.category = any(d.scope))
    order by r.category, array_position(array['complete', 'partial', 'stale', 'failed', 'unknown'], r.state)`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.category, row.state]));
}

export interface TroubledDay {
  readonly sourceId: string;
  readonly day: string;
  readonly state: ReceiptState;
}

/** Days since `from` that a source did not bring whole, that were not made up for, and that no other source has. */
export async function troubled(trx: Trx, from: string): Promise<TroubledDay[]> {
  const { rows } = await sql<TroubledDay>`
    select distinct r.source_id as "sourceId", r.day, r.state from receipts r
    where r.day >= ${from} and r.caught_up_by is null
      and (r.state in ('stale', 'failed') or (r.state = 'partial' and (r.cut is not null or r.missing > 0)))
      and not exists (select from receipts o where o.category = r.category and o.day = r.day
        and o.source_id <> r.source_id and o.category <> 'all'
        and (o.state = 'complete' or (o.state = 'partial' and o.cut is null and coalesce(o.missing, 0) = 0)))
    order by r.source_id, r.day`.execute(trx);
  return rows;
}
