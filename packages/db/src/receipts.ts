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
        .where("day", "<", day)
        .where("late", "=", false),
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
  const rows = await trx
    .selectFrom("receipts")
    .select("category")
    .distinct()
    .where("sourceId", "=", sourceId)
    .where("day", ">=", from)
    .execute();
  return rows.map(({ category }) => category);
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
      where reviewed_at is null
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
