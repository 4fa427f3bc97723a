import type { Insertable, Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { ConsumerTable } from "./schema.ts";

export type Consumer = Selectable<ConsumerTable>;

export async function insertNew(db: Db, consumer: Insertable<ConsumerTable>): Promise<boolean> {
  const result = await db
    .insertInto("consumers")
    .values(consumer)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export function list(db: Db): Promise<Consumer[]> {
  return db.selectFrom("consumers").selectAll().orderBy("name").execute();
}

export function find(db: Db | Trx, name: string): Promise<Consumer | undefined> {
  return db.selectFrom("consumers").selectAll().where("name", "=", name).executeTakeFirst();
}

export async function update(
  db: Db | Trx,
  name: string,
  change: Updateable<ConsumerTable>,
): Promise<boolean> {
  const result = await db.updateTable("consumers").set(change).where("name", "=", name).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function remove(db: Db, name: string): Promise<boolean> {
  const result = await db.deleteFrom("consumers").where("name", "=", name).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Consumers with events after their cursor for which no work is open. */
export async function takeDue(trx: Trx): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.name from consumers c
    where c.paused_at is null and (c.retry_at is null or c.retry_at <= clock_timestamp())
      and c.cursor < (select last from event_cursor)
      and not exists (select from outbox o where o.event = 'consumer.due' and o.done_at is null
        and o.failed_at is null and o.payload->>'name' = c.name)
    for update skip locked`.execute(trx);
  return rows.map((row) => row.name);
}
