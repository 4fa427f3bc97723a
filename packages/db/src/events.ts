import { sql } from "kysely";
import type { Db } from "./client.ts";

export interface StoredEvent {
  readonly id: string;
  readonly cursor: number;
  readonly type: string;
  readonly paperId: string;
  readonly at: Date;
  readonly data: Record<string, unknown>;
}

/**
 * Gives committed events their cursors, in the order they were written, and returns how many. One numberer at
 * a time: a cursor is visible only after every smaller one, so consumers that follow it miss nothing.
 */
export async function number(db: Db, limit = 5000): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows: open } = await sql<{ seq: number }>`
      select seq from events where cursor is null order by seq limit 1`.execute(trx);
    if (open.length === 0) return 0;
    await sql`select last from event_cursor for update`.execute(trx);
    const { numAffectedRows } = await sql`
      update events e set cursor = n.cursor from (
        select seq, (select last from event_cursor) + row_number() over (order by seq) as cursor
        from (select seq from events where cursor is null order by seq limit ${limit}) open
      ) n where e.seq = n.seq`.execute(trx);
    await sql`update event_cursor set last = (select coalesce(max(cursor), last) from events)`.execute(trx);
    return Number(numAffectedRows ?? 0n);
  });
}

/** Events after the cursor, in order. `types` and `topics` narrow. */
export async function after(
  db: Db,
  cursor: number,
  limit: number,
  filter: { readonly topics?: readonly string[] } = {},
): Promise<StoredEvent[]> {
  const topics = filter.topics ?? [];
  const { rows } = await sql<StoredEvent>`
    select e.id, e.cursor, e.type, e.paper_id as "paperId", e.at, e.data from events e
    where e.cursor > ${cursor}
      and (${topics.length === 0} or exists (
        select from paper_topics t where t.paper_id = e.paper_id and t.topic = any(${[...topics]})))
    order by e.cursor limit ${limit}`.execute(db);
  return rows;
}

/** The smallest cursor that can still be replayed, and the newest; zeros while there are no events. */
export async function range(db: Db): Promise<{ first: number; last: number }> {
  const { rows } = await sql<{ first: number; last: number }>`
    select coalesce((select min(cursor) from events), 0)::bigint as first,
      (select last from event_cursor) as last`.execute(db);
  return rows[0] ?? { first: 0, last: 0 };
}

/** Events are kept for 90 days of product time. */
export async function prune(db: Db, now: Date): Promise<void> {
  await sql`delete from events where cursor is not null and at < ${now}::timestamptz - interval '90 days'`.execute(
    db,
  );
}
