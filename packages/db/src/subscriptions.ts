import type { Insertable, Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { SubscriptionTable } from "./schema.ts";

export type Subscription = Selectable<SubscriptionTable>;

/** Adds the interest, or replaces the one of the same name. Returns its id. */
export async function save(trx: Trx, subscription: Insertable<SubscriptionTable>): Promise<string> {
  const row = await trx
    .insertInto("subscriptions")
    .values(subscription)
    .onConflict((conflict) =>
      conflict.columns(["readerId", "name"]).doUpdateSet(({ ref }) => ({
        query: ref("excluded.query"),
        queryId: ref("excluded.queryId"),
        trending: ref("excluded.trending"),
        liked: ref("excluded.liked"),
        cadence: ref("excluded.cadence"),
        changedAt: ref("excluded.changedAt"),
      })),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

export function findById(db: Db | Trx, id: string): Promise<Subscription | undefined> {
  return db.selectFrom("subscriptions").selectAll().where("id", "=", id).executeTakeFirst();
}

export function ofReader(db: Db | Trx, readerId: string): Promise<Subscription[]> {
  return db
    .selectFrom("subscriptions")
    .selectAll()
    .where("readerId", "=", readerId)
    .orderBy("createdAt")
    .orderBy("name")
    .execute();
}

export function ofReaders(db: Db | Trx, readerIds: readonly string[]): Promise<Subscription[]> {
  if (readerIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom("subscriptions")
    .selectAll()
    .where("readerId", "in", [...readerIds])
    .orderBy("readerId")
    .orderBy("createdAt")
    .orderBy("name")
    .execute();
}

/** Marks the interest as changed, so that it looks back again. */
export async function touch(trx: Trx, id: string, now: Date): Promise<void> {
  await trx.updateTable("subscriptions").set({ changedAt: now }).where("id", "=", id).execute();
}

export async function remove(db: Db | Trx, id: string): Promise<boolean> {
  const result = await db.deleteFrom("subscriptions").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Confirmed readers with an instant interest in one of the queries. */
export async function instantReaders(trx: Trx, queryIds: readonly number[]): Promise<string[]> {
  if (queryIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    select distinct r.id from subscriptions s join readers r on r.id = s.reader_id
    where s.cadence = 'instant' and s.query_id = any(${[...queryIds]}::int[])
      and r.confirmed_at is not null and r.unsubscribed_at is null order by r.id`.execute(trx);
  return rows.map((row) => row.id);
}
