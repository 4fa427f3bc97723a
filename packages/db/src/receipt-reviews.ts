import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Trx } from "./client.ts";
import type { ReceiptRow } from "./receipt-material.ts";
import type { SourceTable } from "./schema.ts";

export interface Reviewable {
  /** Of these kinds, or of any other. */
  readonly kinds: readonly string[];
  readonly isOne: boolean;
  /** Looked at last before then, those that follow a calendar and the others. */
  readonly calendarBefore: Date;
  readonly otherBefore: Date;
  readonly calendarKinds: readonly string[];
}

/** Takes the sources to look at again, each for one process only, by id. */
export async function takeReviewable(
  trx: Trx,
  now: Date,
  which: Reviewable,
  limit: number,
): Promise<Selectable<SourceTable>[]> {
  const { rows } = await sql<{ id: string }>`
    update sources set reviewed_at = ${now} where id in (
      select id from sources
      where (kind = any(${[...which.kinds]})) = ${which.isOne} and (reviewed_at is null or reviewed_at > ${now}
        or reviewed_at <= case when kind = any(${[...which.calendarKinds]})
          then ${which.calendarBefore}::timestamptz else ${which.otherBefore}::timestamptz end)
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
  if (categories.length === 0) {
    await sql`update sources set reviewed_at = null where id = ${sourceId}`.execute(trx);
    return;
  }
  await sql`
    update sources set reviewed_at = null
    where id = ${sourceId} or (scope && ${[...categories]}::text[] and kind = any(${[...kinds]}))`.execute(
    trx,
  );
}

export type SavedReceipt = Pick<
  ReceiptRow,
  | "sourceId"
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

/** Brings the receipts up to date; what was noted for a day beside them stays. */
export async function save(trx: Trx, receipts: readonly SavedReceipt[], at: Date): Promise<void> {
  if (receipts.length === 0) return;
  await sql`
    insert into receipts (source_id, category, day, announced, ingested, new_count, cross_count, replaced_count,
      late_count, missing, missing_keys, state, because, checked_against, updated_at)
    select r."sourceId", r.category, r.day, r.announced, r.ingested, r."newCount", r."crossCount", r."replacedCount",
      r."lateCount", r.missing, r."missingKeys", r.state, r.because, r."checkedAgainst", ${at}
    from json_to_recordset(${JSON.stringify(receipts)}::json) as r("sourceId" text, category text, day date,
      announced int, ingested int, "newCount" int, "crossCount" int, "replacedCount" int, "lateCount" int,
      missing int, "missingKeys" text[], state text, because text, "checkedAgainst" text[])
    on conflict (source_id, category, day) do update set
      announced = excluded.announced, ingested = excluded.ingested, new_count = excluded.new_count,
      cross_count = excluded.cross_count, replaced_count = excluded.replaced_count, late_count = excluded.late_count,
      missing = excluded.missing, missing_keys = excluded.missing_keys, state = excluded.state,
      because = excluded.because, checked_against = excluded.checked_against, updated_at = excluded.updated_at`.execute(
    trx,
  );
}
