import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { ClockState } from "./schema.ts";

/** First half of the advisory lock's name; the second is the runner's own number. ("pwrn") */
const lockSpace = 0x7077726e;

/**
 * The runners whose process still holds its session lock, as a table expression. PostgreSQL drops the lock
 * the moment the process dies, so there is no heartbeat to wait for.
 */
export const aliveRunners = sql<{ id: string }>`(
  select r.id, r.workers, r.clock, r.host, r.pid, r.started_at from runners r
  join pg_locks l on l.locktype = 'advisory' and l.classid = ${sql.lit(lockSpace)} and l.objid = r.lock_key::oid
    and l.objsubid = 2 and l.granted
    and l.database = (select oid from pg_database where datname = current_database())
)`;

export interface RunnerRow {
  readonly id: string;
  readonly workers: string[];
  readonly clock: ClockState;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: Date;
}

export async function listAlive(db: Db): Promise<RunnerRow[]> {
  const { rows } = await sql<RunnerRow>`
    select id, workers, clock, host, pid, started_at as "startedAt" from ${aliveRunners} as alive
    order by started_at`.execute(db);
  return rows;
}

export async function isAlive(db: Db | Trx, id: string): Promise<boolean> {
  const { rows } = await sql`select from ${aliveRunners} as alive where id = ${id}`.execute(db);
  return rows.length > 0;
}

export interface NewRunner {
  readonly id: string;
  readonly workers: readonly string[];
  readonly clock: ClockState;
  readonly host: string;
  readonly pid: number;
}

/** Writes the runner's row, after the ones of dead processes are gone, and returns the number of its lock. */
export async function register(db: Db, runner: NewRunner): Promise<number> {
  await sql`delete from runners where id not in (select id from ${aliveRunners} as alive)
    and started_at < clock_timestamp() - interval '1 minute'`.execute(db);
  const { rows } = await sql<{ lockKey: number }>`
    insert into runners (id, lock_key, workers, clock, host, pid)
    values (${runner.id}, (random() * 2147483646)::int, ${[...runner.workers]}, ${JSON.stringify(runner.clock)},
      ${runner.host}, ${runner.pid})
    returning lock_key as "lockKey"`.execute(db);
  const lockKey = rows[0]?.lockKey;
  if (lockKey === undefined) throw new Error("the database did not answer with the runner's lock number");
  return lockKey;
}

/** The statement with which a dedicated connection keeps the runner alive. */
export function lockStatement(lockKey: number): { text: string; values: number[] } {
  return { text: "select pg_advisory_lock($1, $2)", values: [lockSpace, lockKey] };
}

export async function unregister(db: Db, id: string): Promise<void> {
  await db.deleteFrom("runners").where("id", "=", id).execute();
}
