import type { DeliveryState } from "@paperwire/core";
import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { DeliveryTable } from "./schema.ts";

export type Delivery = Selectable<DeliveryTable>;

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

/** A member of a batch with all that decides whether it may go out. */
export interface Member {
  readonly id: string;
  readonly batchId: string;
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

/** The members of batches in their order, with readers locked so that an unsubscribe waits or is seen. */
export async function lockMembers(trx: Trx, batchIds: readonly string[]): Promise<Member[]> {
  const ids = [...batchIds];
  await sql`
    select r.id from readers r where r.id in (select reader_id from deliveries where batch_id = any(${ids}::uuid[]))
    order by r.id for share`.execute(trx);
  const { rows } = await sql<Member>`
    select d.id, d.batch_id as "batchId", d.kind, d.state, d.position, d.address, d.digest_id as "digestId",
      d.reader_id as "readerId", d.wish_id as "wishId",
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
    where d.batch_id = any(${ids}::uuid[]) order by d.batch_id, d.position`.execute(trx);
  return rows;
}

/** The requests that were just stored hold these, each at its place. */
export async function markClaimed(
  trx: Trx,
  members: readonly { readonly id: string; readonly position: number }[],
): Promise<void> {
  if (members.length === 0) return;
  await sql`
    update deliveries d set state = 'claimed', because = null, position = r.position
    from unnest(${members.map(({ id }) => id)}::uuid[], ${members.map(({ position }) => position)}::int[])
      as r(id, position)
    where d.id = r.id`.execute(trx);
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
