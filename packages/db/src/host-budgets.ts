import { sql } from "kysely";
import type { Db } from "./client.ts";

/** `held`: the slot is the caller's until it releases it or the lease ends. */
export type Hold = { readonly held: true } | NotHeld;

export interface NotHeld {
  readonly held: false;
  /** Until the gap and any block are over. */
  readonly waitMs: number;
  /** Somebody is asking just now, so that the wait may be longer. */
  readonly busy: boolean;
}

/**
 * Takes a host group's only slot if it is free: nobody holds it, the gap since the last release is over and
 * the host has not asked for patience. One row per group decides, by the database's clock, so it holds over
 * all processes and machines whatever their own clocks say. The lease ends by itself if the holder dies.
 */
export async function tryHold(db: Db, group: string, holder: string, leaseMs: number): Promise<Hold> {
  const { rows } = await sql<{ held: boolean; waitMs: number | null; busy: boolean }>`
    with taken as (
      insert into host_budgets as b (host_group, next_at, held_until, held_by)
      values (${group}, clock_timestamp(), clock_timestamp() + ${leaseMs} * interval '1 ms', ${holder})
      on conflict (host_group) do update set held_until = excluded.held_until, held_by = excluded.held_by
        where b.next_at <= clock_timestamp()
          and (b.held_until is null or b.held_until <= clock_timestamp())
          and (b.blocked_until is null or b.blocked_until <= clock_timestamp())
      returning 1
    )
    select exists (select from taken) as held,
      ceil(extract(epoch from greatest(b.next_at, b.blocked_until) - clock_timestamp()) * 1000)::float8 as wait_ms,
      b.host_group is null or coalesce(b.held_until > clock_timestamp(), false) as busy
    from (select) one left join host_budgets b on b.host_group = ${group}`.execute(db);
  const row = rows[0];
  if (row === undefined || row.held) return { held: true };
  return { held: false, waitMs: Math.max(0, row.waitMs ?? 0), busy: row.busy };
}

/** How a request ended, as far as the host's patience goes; nothing when it did not answer. */
export type SlotEnd = "answered" | { readonly retryAfterMs: number };

/**
 * Gives the slot back and starts the gap. A 429 or 503 is a strike; `blockAfter` of them with no good answer
 * between block the whole group. Does nothing when the slot is no longer the holder's.
 */
export async function release(
  db: Db,
  group: string,
  holder: string,
  gapMs: number,
  end?: SlotEnd,
  blockAfter = 2,
): Promise<void> {
  const retryAfterMs = typeof end === "object" ? end.retryAfterMs : null;
  await sql`
    update host_budgets set held_until = null, held_by = null,
      next_at = clock_timestamp() + ${gapMs} * interval '1 ms',
      strikes = case when ${retryAfterMs !== null} then strikes + 1 when ${end === "answered"} then 0 else strikes end,
      blocked_until = case when ${retryAfterMs !== null} and strikes + 1 >= ${blockAfter}
        then greatest(blocked_until, clock_timestamp() + ${retryAfterMs ?? 0} * interval '1 ms')
        else blocked_until end
    where host_group = ${group} and held_by = ${holder}`.execute(db);
}

/** Hosts that have not been asked for a day need no row. */
export async function prune(db: Db): Promise<void> {
  await sql`delete from host_budgets where next_at < clock_timestamp() - interval '1 day'
    and coalesce(held_until, '-infinity') < clock_timestamp()
    and coalesce(blocked_until, '-infinity') < clock_timestamp()`.execute(db);
}
