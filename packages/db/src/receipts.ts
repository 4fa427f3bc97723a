import type { ReceiptState } from "@paperwire/core";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { ReceiptRow } from "./receipt-material.ts";

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

/** Listings by day go after 90 days, receipts after 400. */
export async function prune(db: Db, now: Date): Promise<void> {
  await sql`delete from day_listings where day < (${now}::timestamptz - interval '90 days')::date`.execute(
    db,
  );
  await sql`delete from receipts where day < (${now}::timestamptz - interval '400 days')::date`.execute(db);
}

export * from "./held-announcements.ts";
export * from "./receipt-material.ts";
export * from "./receipt-notes.ts";
export * from "./receipt-reviews.ts";
