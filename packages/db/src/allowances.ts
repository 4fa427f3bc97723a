import { sql } from "kysely";
import type { Db } from "./client.ts";

/** Counts a use in the current hour (real time) and returns how many there were, this one included. */
export async function use(db: Db, purpose: string, who: string): Promise<number> {
  const { rows } = await sql<{ used: number }>`
    insert into allowances as a (purpose, who, window_start, used)
    values (${purpose}, ${who}, date_trunc('hour', clock_timestamp()), 1)
    on conflict (purpose, who, window_start) do update set used = a.used + 1 returning used`.execute(db);
  return rows[0]?.used ?? 1;
}

export async function prune(db: Db): Promise<void> {
  await sql`delete from allowances where window_start < clock_timestamp() - interval '2 hours'`.execute(db);
}
