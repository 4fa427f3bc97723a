import { contracts, type EventName, eventNames, type Payload, parsePayload } from "@paperwire/core";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import { aliveRunners } from "./runners.ts";

/** Rows of a newer release wait for a process that knows their event. */
const isKnown = sql`event = any(${eventNames})`;

/** Says that work is to be done, in the transaction that made it true. */
export async function append<E extends EventName>(trx: Trx, event: E, payload: Payload<E>): Promise<void> {
  await appendAll(trx, event, [payload]);
}

export async function appendAll<E extends EventName>(
  trx: Trx,
  event: E,
  payloads: readonly Payload<E>[],
): Promise<void> {
  if (payloads.length === 0) return;
  await trx
    .insertInto("outbox")
    .values(payloads.map((payload) => ({ event, payload: JSON.stringify(payload) })))
    .execute();
}

/**
 * Takes back what this very transaction has appended, which nobody can have seen yet, in order: so that it may be
 * appended again as fewer, larger ones.
 */
export async function takeBack<E extends EventName>(trx: Trx, event: E): Promise<Payload<E>[]> {
  const { rows } = await sql<{ seq: number; payload: unknown }>`
    delete from outbox where event = ${event} and done_at is null and failed_at is null
      and xmin::text = pg_current_xact_id()::xid::text
    returning seq, payload`.execute(trx);
  return rows.sort((a, b) => a.seq - b.seq).map(({ payload }) => parsePayload(event, payload));
}

/** The same, for work that must not start before an instant of real time. */
export async function appendAt<E extends EventName>(
  trx: Trx,
  event: E,
  payloads: readonly Payload<E>[],
  notBefore: Date,
): Promise<void> {
  if (payloads.length === 0) return;
  await trx
    .insertInto("outbox")
    .values(payloads.map((payload) => ({ event, payload: JSON.stringify(payload), notBefore })))
    .execute();
}

export interface Doorbell {
  readonly id: string;
  readonly event: EventName;
  /** Unique per intended run: the queue forgets it when the job is gone, and refuses it while it is there. */
  readonly jobId: string;
}

/** Takes up to `limit` rows that no queue knows of yet, oldest first, and marks them published. */
export async function takeUnpublished(trx: Trx, limit: number): Promise<Doorbell[]> {
  const { rows } = await sql<{ id: string; event: EventName; publications: number }>`
    update outbox set published_at = clock_timestamp(), publications = publications + 1
    where id in (
      select id from outbox
      where done_at is null and failed_at is null and published_at is null and not_before <= clock_timestamp()
        and ${isKnown}
      order by not_before, seq limit ${limit} for update skip locked
    )
    returning id, event, publications`.execute(trx);
  return rows.map((row) => ({ id: row.id, event: row.event, jobId: `${row.id}-${row.publications}` }));
}

/**
 * Re-derives doorbells that may be lost: rows published `olderThanMs` ago that nobody runs. Ringing again
 * is harmless, because the queue refuses a job id it still has.
 */
export async function takeSilent(trx: Trx, olderThanMs: number, limit: number): Promise<Doorbell[]> {
  const { rows } = await sql<{ id: string; event: EventName; publications: number }>`
    update outbox set published_at = clock_timestamp()
    where id in (
      select id from outbox
      where done_at is null and failed_at is null and held_by is null and not_before <= clock_timestamp()
        and published_at <= clock_timestamp() - make_interval(secs => ${olderThanMs / 1000}) and ${isKnown}
      order by seq limit ${limit} for update skip locked
    )
    returning id, event, publications`.execute(trx);
  return rows.map((row) => ({ id: row.id, event: row.event, jobId: `${row.id}-${row.publications}` }));
}

/** Work held by processes that died is free again at once. Returns how many rows were freed. */
export async function freeOrphans(db: Db): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update outbox set held_by = null, published_at = null
    where done_at is null and failed_at is null and held_by is not null
      and held_by not in (select id from ${aliveRunners})
    returning id`.execute(db);
  return rows.length;
}

export interface Run {
  readonly id: string;
  readonly run: number;
}

/** The runs that a process is on record as having in hand. */
export function heldBy(db: Db, runnerId: string): Promise<Run[]> {
  return db
    .selectFrom("outbox")
    .select(["id", "run"])
    .where("heldBy", "=", runnerId)
    .where("doneAt", "is", null)
    .where("failedAt", "is", null)
    .execute();
}

/** Frees runs whose process knows that they have ended, though it could not record how. */
export async function freeRuns(db: Db, runs: readonly Run[]): Promise<void> {
  if (runs.length === 0) return;
  await sql`
    update outbox o set held_by = null, published_at = null
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) as r(id uuid, run int)
    where o.id = r.id and o.run = r.run and o.done_at is null and o.failed_at is null`.execute(db);
}

export interface Held {
  readonly id: string;
  readonly event: string;
  readonly payload: unknown;
  /** Fencing token: a later holder has a greater one, and only the latest may close the row. */
  readonly run: number;
  readonly attempts: number;
  readonly deferrals: number;
}

/**
 * Takes the work for this process, unless it is done, failed, not due, or held by a living process. By id, only
 * what was taken. Rows are locked in one order, so that two processes that are rung for the same work do not
 * wait for each other.
 */
export async function beginAll(db: Db, ids: readonly string[], runnerId: string): Promise<Map<string, Held>> {
  const { rows } = await sql<Held>`
    update outbox set held_by = ${runnerId}, run = run + 1
    where id in (select id from outbox where id = any(${[...ids]}::uuid[]) order by id for update)
      and done_at is null and failed_at is null and not_before <= clock_timestamp()
      and (held_by is null or held_by = ${runnerId} or held_by not in (select id from ${aliveRunners}))
    returning id, event, payload, run, attempts, deferrals`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Closes the work; `false` when another run took it over or it is closed already, and nothing may be written. */
export async function close(trx: Db | Trx, id: string, run: number): Promise<boolean> {
  const result = await trx
    .updateTable("outbox")
    .set({ doneAt: sql<Date>`clock_timestamp()`, heldBy: null, error: null })
    .where("id", "=", id)
    .where("run", "=", run)
    .where("doneAt", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Closes several; the ids of those that were closed, the others being another run's or closed already. */
export async function closeAll(trx: Trx, runs: readonly Run[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    update outbox o set done_at = clock_timestamp(), held_by = null, error = null
    from (
      select o.id, o.run from unnest(${runs.map(({ id }) => id)}::uuid[], ${runs.map(({ run }) => run)}::int[]) as r(id, run)
      join outbox o on o.id = r.id and o.run = r.run and o.done_at is null order by o.id for update of o
    ) r
    where o.id = r.id and o.run = r.run and o.done_at is null returning o.id`.execute(trx);
  return new Set(rows.map(({ id }) => id));
}

export type Setback =
  | { readonly kind: "released" }
  | { readonly kind: "deferred"; readonly delayMs: number; readonly because: string }
  | { readonly kind: "retrying"; readonly delayMs: number; readonly because: string }
  | { readonly kind: "failed"; readonly because: string };

/** Records why the work did not get done, and when to try again. A newer run of the same row is left alone. */
export async function setBack(db: Db, id: string, run: number, setback: Setback): Promise<void> {
  const delayMs = "delayMs" in setback ? setback.delayMs : 0;
  await db
    .updateTable("outbox")
    .set({
      heldBy: null,
      publishedAt: null,
      notBefore: sql<Date>`clock_timestamp() + make_interval(secs => ${delayMs / 1000})`,
      ...("because" in setback ? { error: setback.because } : {}),
      ...(setback.kind === "deferred" ? { deferrals: sql<number>`deferrals + 1` } : {}),
      ...(setback.kind === "retrying" || setback.kind === "failed"
        ? { attempts: sql<number>`attempts + 1` }
        : {}),
      ...(setback.kind === "failed" ? { failedAt: sql<Date>`clock_timestamp()` } : {}),
    })
    .where("id", "=", id)
    .where("run", "=", run)
    .where("doneAt", "is", null)
    .execute();
}

export interface OpenWork {
  /** Rows that could run now. */
  readonly ready: number;
  /** Rows that wait for a time, and the nearest of these. */
  readonly waiting: number;
  readonly nextInMs: number | undefined;
  readonly failed: number;
}

export async function openWork(db: Db): Promise<OpenWork> {
  const { rows } = await sql<{ ready: number; waiting: number; nextInMs: number | null; failed: number }>`
    select count(*) filter (where not_before <= clock_timestamp())::int as ready,
      count(*) filter (where not_before > clock_timestamp())::int as waiting,
      (extract(epoch from min(not_before) filter (where not_before > clock_timestamp()) - clock_timestamp()) * 1000)::float8
        as "nextInMs",
      (select count(*)::int from outbox where failed_at is not null and done_at is null) as failed
    from outbox where done_at is null and failed_at is null and ${isKnown}`.execute(db);
  const row = rows[0];
  return {
    ready: row?.ready ?? 0,
    waiting: row?.waiting ?? 0,
    nextInMs: row?.nextInMs ?? undefined,
    failed: row?.failed ?? 0,
  };
}

/** Open rows per event, with the age of the oldest in seconds. */
export function backlog(db: Db) {
  return db
    .selectFrom("outbox")
    .select(["event"])
    .select(({ fn }) => fn.countAll<number>().as("open"))
    .select(sql<number>`extract(epoch from clock_timestamp() - min(created_at))::float8`.as("oldestSeconds"))
    .where("doneAt", "is", null)
    .where("failedAt", "is", null)
    .groupBy("event")
    .execute();
}

/** What ended in failure, newest first. */
export function listFailed(db: Db, limit = 100) {
  return db
    .selectFrom("outbox")
    .select(["id", "event", "payload", "attempts", "error", "failedAt"])
    .where("failedAt", "is not", null)
    .where("doneAt", "is", null)
    .orderBy("failedAt", "desc")
    .limit(limit)
    .execute();
}

/** Gives failed work a fresh set of attempts. Returns how many rows. */
export async function retryFailed(db: Db, ids?: readonly string[]): Promise<number> {
  const result = await db
    .updateTable("outbox")
    .set({
      failedAt: null,
      attempts: 0,
      publishedAt: null,
      heldBy: null,
      notBefore: sql<Date>`clock_timestamp()`,
    })
    .where("failedAt", "is not", null)
    .where("doneAt", "is", null)
    .$if(ids !== undefined, (query) => query.where("id", "in", ids?.length ? [...ids] : [""]))
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Gives up on failed work. Returns how many rows. */
export async function discardFailed(db: Db, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const result = await db
    .updateTable("outbox")
    .set({ doneAt: sql<Date>`clock_timestamp()` })
    .where("failedAt", "is not", null)
    .where("doneAt", "is", null)
    .where("id", "in", [...ids])
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Closed rows older than a day go; failed ones stay until a person decides. */
export async function prune(db: Db): Promise<void> {
  await sql`delete from outbox where done_at < clock_timestamp() - interval '1 day'`.execute(db);
}

const pipeline = [
  "source.due",
  "listing.fetched",
  "paper.ingested",
  "paper.classified",
  "subscription.changed",
] satisfies EventName[];

/** Is fresh work still on its way to the matches? What is deferred, failed or older than two minutes does not count. */
export async function pipelineBusy(trx: Db | Trx): Promise<boolean> {
  const row = await trx
    .selectFrom("outbox")
    .select("id")
    .where("event", "in", pipeline)
    .where("doneAt", "is", null)
    .where("failedAt", "is", null)
    .where("notBefore", "<=", sql<Date>`clock_timestamp() + interval '10 seconds'`)
    .where("createdAt", ">", sql<Date>`clock_timestamp() - interval '2 minutes'`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** How often each event is tried before it counts as failed. */
export function attemptsOf(event: EventName): number {
  return contracts[event].attempts;
}
