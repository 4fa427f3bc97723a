import { type DeliveryState, PermanentError } from "@paperwire/core";
import type { Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { BatchTable, DeliveryTable } from "./schema.ts";

export type Delivery = Selectable<DeliveryTable>;
/** The request is megabytes long and is asked for only where it is sent again. */
export type Batch = Omit<Selectable<BatchTable>, "request">;

export interface NewDelivery {
  readonly kind: "digest" | "confirm" | "settings";
  readonly digestId?: string;
  readonly readerId: string;
  readonly channel: string;
  readonly address: string;
  readonly period?: string;
  readonly wishId?: string;
  readonly createdAt: Date;
}

/** Puts deliveries of one channel into one new open batch, in the given order, and returns the batch. */
export async function insertBatch(
  trx: Trx,
  channel: string,
  deliveries: readonly NewDelivery[],
): Promise<string> {
  const batch = await trx.insertInto("batches").values({ channel }).returning("id").executeTakeFirstOrThrow();
  await trx
    .insertInto("deliveries")
    .values(deliveries.map((delivery, position) => ({ ...delivery, batchId: batch.id, position })))
    .execute();
  return batch.id;
}

/** Is a mail of this kind on its way to the reader? */
export async function isWaiting(trx: Trx, readerId: string, kind: NewDelivery["kind"]): Promise<boolean> {
  const row = await trx
    .selectFrom("deliveries")
    .select("id")
    .where("readerId", "=", readerId)
    .where("kind", "=", kind)
    .where("state", "in", ["pending", "claimed", "deferred"])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** New batches for members of others that certainly did not go out, under keys of their own. */
export async function rebatch(
  trx: Trx,
  channel: string,
  groups: readonly (readonly string[])[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const members of groups) {
    const batch = await trx
      .insertInto("batches")
      .values({ channel })
      .returning("id")
      .executeTakeFirstOrThrow();
    await sql`
      update deliveries d set batch_id = ${batch.id}, channel = ${channel}, position = r.n - 1, state = 'pending'
      from unnest(${[...members]}::uuid[]) with ordinality as r(id, n) where d.id = r.id`.execute(trx);
    ids.push(batch.id);
  }
  return ids;
}

export function lockBatch(trx: Trx, id: string): Promise<Batch | undefined> {
  return trx
    .selectFrom("batches")
    .select([
      "id",
      "channel",
      "state",
      "generation",
      "burned",
      "doubts",
      "firstAttemptAt",
      "attemptStartedAt",
      "ambiguousSince",
      "fence",
      "leaseUntil",
      "heldBy",
      "size",
      "createdAt",
      "settledAt",
      "because",
    ])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
}

/** The stored request of a batch that is attempted or sealed. */
export async function requestOf(trx: Trx, id: string): Promise<Buffer> {
  const row = await trx.selectFrom("batches").select("request").where("id", "=", id).executeTakeFirst();
  if (row?.request == null) throw new PermanentError(`batch ${id} has no stored request`);
  return row.request;
}

export async function updateBatch(trx: Trx, id: string, change: Updateable<BatchTable>): Promise<void> {
  await trx.updateTable("batches").set(change).where("id", "=", id).execute();
}

/** The database's own clock: leases are compared with it, never with a worker's. */
export async function realNow(db: Db | Trx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error("the database did not tell the time");
  return now;
}

/** A member of a batch with all that decides whether it may go out. */
export interface Member {
  readonly id: string;
  readonly kind: string;
  readonly state: DeliveryState;
  /** From 0: its place in the batch, and once a request is stored, among the mails of that. */
  readonly position: number;
  readonly address: string;
  readonly digestId: string | null;
  readonly readerId: string | null;
  readonly wishId: string | null;
  readonly createdAt: Date;
  readonly digestContent: Record<string, unknown> | null;
  readonly period: string | null;
  readonly dueAt: Date | null;
  readonly zone: string | null;
  readonly at: string | null;
  readonly days: string[] | null;
  readonly rhythm: string | null;
  readonly tokenEpoch: number | null;
  readonly confirmedAt: Date | null;
  readonly unsubscribedAt: Date | null;
  readonly pausedAt: Date | null;
  readonly pausedUntil: Date | null;
  readonly suppressed: string | null;
  /** Papers of the digest that became another paper which the reader has from another digest. */
  readonly doubled: string[];
}

/** The members of a batch in their order, with readers locked so that an unsubscribe waits or is seen. */
export async function lockMembers(trx: Trx, batchId: string): Promise<Member[]> {
  await sql`
    select r.id from readers r where r.id in (select reader_id from deliveries where batch_id = ${batchId})
    order by r.id for share`.execute(trx);
  const { rows } = await sql<Member>`
    select d.id, d.kind, d.state, d.position, d.address, d.digest_id as "digestId", d.reader_id as "readerId", d.wish_id as "wishId",
      d.created_at as "createdAt", g.content as "digestContent", g.period, g.due_at as "dueAt",
      r.zone, r.at, r.days, r.rhythm, r.token_epoch as "tokenEpoch", r.confirmed_at as "confirmedAt",
      r.unsubscribed_at as "unsubscribedAt", r.paused_at as "pausedAt", r.paused_until as "pausedUntil",
      s.because as suppressed,
      array(
        select dp.paper_id from digest_papers dp join papers p on p.id = dp.paper_id
        join mailed m on m.reader_id = d.reader_id and m.paper_id = p.merged_into and m.digest_id <> d.digest_id
        where dp.digest_id = d.digest_id and dp.state = 'in' and p.merged_into is not null
      ) as doubled
    from deliveries d
    left join digests g on g.id = d.digest_id
    left join readers r on r.id = d.reader_id
    left join suppressions s on s.address = lower(d.address)
    where d.batch_id = ${batchId} order by d.position`.execute(trx);
  return rows;
}

/** The request that was just stored holds these, in this order. */
export async function markClaimed(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`
    update deliveries d set state = 'claimed', because = null, position = r.n - 1
    from unnest(${[...ids]}::uuid[]) with ordinality as r(id, n) where d.id = r.id`.execute(trx);
}

export interface Settlement {
  readonly id: string;
  readonly state: DeliveryState;
  readonly because?: string | undefined;
  readonly providerId?: string | undefined;
}

/** Moves deliveries to where an outcome took them. */
export async function settle(trx: Trx, settlements: readonly Settlement[], at: Date): Promise<void> {
  if (settlements.length === 0) return;
  await sql`
    update deliveries d set state = r.state, because = r.because,
      provider_id = coalesce(r."providerId", d.provider_id),
      settled_at = case when r.state in ('pending', 'claimed', 'deferred') then null else ${at}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(settlements)}::jsonb) as r(id uuid, state text, because text, "providerId" text)
    where d.id = r.id`.execute(trx);
}

/** The delivery that a provider speaks of, by its id there, or by ours where the answer with that was lost. */
export async function lockByProvider(
  trx: Trx,
  providerId: string,
  ownId: string | undefined,
): Promise<Delivery | undefined> {
  const all = trx.selectFrom("deliveries").selectAll().forUpdate();
  const known = await all.where("providerId", "=", providerId).executeTakeFirst();
  if (known !== undefined || ownId === undefined) return known;
  return all.where("id", "=", ownId).where("providerId", "is", null).executeTakeFirst();
}

export async function setProviderState(
  trx: Trx,
  id: string,
  providerState: string,
  providerId: string,
): Promise<void> {
  await trx.updateTable("deliveries").set({ providerState, providerId }).where("id", "=", id).execute();
}

export async function logAttempt(
  trx: Trx,
  attempt: { batchId: string; fence: number; key: string; outcome: string; detail?: string },
): Promise<void> {
  await trx
    .insertInto("deliveryAttempts")
    .values({ ...attempt, detail: attempt.detail ?? null })
    .execute();
}

export function ofReader(db: Db, readerId: string, limit: number) {
  return db
    .selectFrom("deliveries")
    .select([
      "id",
      "kind",
      "digestId",
      "channel",
      "state",
      "because",
      "providerState",
      "createdAt",
      "settledAt",
    ])
    .where("readerId", "=", readerId)
    .orderBy("createdAt", "desc")
    .limit(limit)
    .execute();
}

/** Deliveries that stand in a state, newest first. */
export function listByState(db: Db, state: DeliveryState, limit: number) {
  return db
    .selectFrom("deliveries")
    .select(["id", "kind", "readerId", "digestId", "period", "channel", "state", "because", "createdAt"])
    .where("state", "=", state)
    .orderBy("createdAt", "desc")
    .limit(limit)
    .execute();
}

/** Those of the deliveries that are *uncertain*, locked, for a person's decision. */
export function lockUncertain(trx: Trx, ids: readonly string[]): Promise<Delivery[]> {
  return trx
    .selectFrom("deliveries")
    .selectAll()
    .where("id", "in", [...ids])
    .where("state", "=", "uncertain")
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** How many deliveries stand where. */
export async function countStates(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom("deliveries")
    .select(["state", ({ fn }) => fn.countAll<number>().as("count")])
    .groupBy("state")
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** Stored requests hold addresses: they go 48 hours after the batch is settled. */
export async function prune(db: Db): Promise<void> {
  await sql`update batches set request = null
    where request is not null and settled_at < clock_timestamp() - interval '48 hours'`.execute(db);
}
