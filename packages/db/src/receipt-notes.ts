import { sql } from "kysely";
import type { Trx } from "./client.ts";
import type { DayListingRow } from "./receipt-material.ts";

export interface NewDayListing {
  readonly sourceId: string;
  readonly category: string;
  readonly day: string;
  readonly key: string;
  readonly announceType?: string | undefined;
  readonly late: boolean;
  readonly seenAt: Date;
}

/** Notes which listings sources had for which day, each once however often they are polled. */
export async function noteListings(trx: Trx, listings: readonly NewDayListing[]): Promise<void> {
  if (listings.length === 0) return;
  await sql`
    insert into day_listings (source_id, category, day, key, announce_type, late, seen_at)
    select r."sourceId", r.category, r.day, r.key, r."announceType", r.late, r."seenAt"
    from json_to_recordset(${JSON.stringify(listings)}::json) as r("sourceId" text, category text, day date, key text,
      "announceType" text, late boolean, "seenAt" timestamptz)
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
