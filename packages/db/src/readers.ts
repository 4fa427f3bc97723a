import type { Insertable, Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { ReaderTable } from "./schema.ts";

export type Reader = Selectable<ReaderTable>;

export function findByEmail(db: Db | Trx, email: string): Promise<Reader | undefined> {
  return db
    .selectFrom("readers")
    .selectAll()
    .where(sql<string>`lower(email)`, "=", email.toLowerCase())
    .executeTakeFirst();
}

export function findById(db: Db | Trx, id: string): Promise<Reader | undefined> {
  return db.selectFrom("readers").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The reader with that address, made if absent. The unique index on the lower-case address decides races. */
export async function findOrInsert(
  trx: Trx,
  reader: Insertable<ReaderTable>,
): Promise<{ reader: Reader; isNew: boolean }> {
  const made = await trx
    .insertInto("readers")
    .values(reader)
    .onConflict((conflict) => conflict.expression(sql`lower(email)`).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (made !== undefined) return { reader: made, isNew: true };
  const there = await findByEmail(trx, reader.email);
  if (there === undefined) throw new Error("the reader was deleted at the same moment; try again");
  return { reader: there, isNew: false };
}

/** Changes what is named; nothing when nothing is. */
export async function update(db: Db | Trx, id: string, change: Updateable<ReaderTable>): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await db.updateTable("readers").set(change).where("id", "=", id).execute();
}

/** Deletes the person and everything that is about them. Deliveries go with them; counts in receipts do not name them. */
export async function remove(trx: Trx, id: string): Promise<boolean> {
  const result = await trx.deleteFrom("readers").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

export async function countActive(db: Db): Promise<number> {
  const row = await db
    .selectFrom("readers")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("confirmedAt", "is not", null)
    .where("unsubscribedAt", "is", null)
    .executeTakeFirstOrThrow();
  return row.count;
}

/**
 * Takes confirmed readers whose hour has come, each once per due instant. Paused readers are taken too: their
 * period passes without a mail.
 */
export async function takeDue(trx: Trx, now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update readers set due_for = next_digest_at where id in (
      select id from readers
      where next_digest_at <= ${now} and due_for is distinct from next_digest_at
        and (held_until is null or held_until <= ${now})
        and confirmed_at is not null and unsubscribed_at is null
      order by next_digest_at limit ${limit} for update skip locked
    ) returning id`.execute(trx);
  return rows.map((row) => row.id);
}

/** Confirmed readers whose next digest nobody has set yet: new ones, and those who changed their schedule. */
export async function takeUnscheduled(
  trx: Trx,
  limit: number,
): Promise<Pick<Reader, "id" | "zone" | "at" | "days" | "rhythm">[]> {
  return trx
    .selectFrom("readers")
    .select(["id", "zone", "at", "days", "rhythm"])
    .where("nextDigestAt", "is", null)
    .where("confirmedAt", "is not", null)
    .where("unsubscribedAt", "is", null)
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function schedule(
  trx: Trx,
  due: readonly { readonly id: string; readonly at: Date }[],
): Promise<void> {
  if (due.length === 0) return;
  await sql`
    update readers r set next_digest_at = d.at, due_for = null, held_until = null
    from unnest(${due.map((one) => one.id)}::uuid[], ${due.map((one) => one.at)}::timestamptz[]) as d(id, at)
    where r.id = d.id`.execute(trx);
}

/** Takes the readers whose quiet period is over and for whom something waits. */
export async function takeAlerts(trx: Trx, now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update readers set alert_at = null where id in (
      select id from readers where alert_at <= ${now} order by alert_at limit ${limit} for update skip locked
    ) returning id`.execute(trx);
  return rows.map((row) => row.id);
}

/** Locks the readers in the order of their ids. */
export function lockByIds(trx: Trx, ids: readonly string[]): Promise<Reader[]> {
  return trx
    .selectFrom("readers")
    .selectAll()
    .where("id", "in", [...ids])
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Keeps what was typed for an address until its owner confirms. Returns the wish's id. */
export async function insertWish(
  trx: Trx,
  readerId: string,
  wanted: Record<string, unknown>,
): Promise<string> {
  const row = await trx
    .insertInto("wishes")
    .values({ readerId, wanted: JSON.stringify(wanted) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function findWish(db: Db | Trx, id: string): Promise<Record<string, unknown> | undefined> {
  const row = await db.selectFrom("wishes").select("wanted").where("id", "=", id).executeTakeFirst();
  return row?.wanted;
}

/** Wishes that nobody confirmed go after 14 days, and readers who never confirmed anything with them. */
export async function pruneUnconfirmed(db: Db): Promise<void> {
  await sql`delete from wishes where at < clock_timestamp() - interval '14 days'`.execute(db);
}
