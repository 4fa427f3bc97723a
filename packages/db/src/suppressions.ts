import type { Db, Trx } from "./client.ts";

/** Nothing is mailed to the address any more, whoever asks. The first reason stays. */
export async function add(trx: Db | Trx, address: string, because: string, detail?: string): Promise<void> {
  await trx
    .insertInto("suppressions")
    .values({ address: address.toLowerCase(), because, detail: detail ?? null })
    .onConflict((conflict) => conflict.column("address").doNothing())
    .execute();
}

export function find(db: Db | Trx, address: string) {
  return db
    .selectFrom("suppressions")
    .selectAll()
    .where("address", "=", address.toLowerCase())
    .executeTakeFirst();
}

export async function remove(db: Db, address: string): Promise<boolean> {
  const result = await db
    .deleteFrom("suppressions")
    .where("address", "=", address.toLowerCase())
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** A reader who confirms anew takes back an unsubscribe; bounces and complaints stay. */
export async function forgive(trx: Trx, address: string): Promise<void> {
  await trx
    .deleteFrom("suppressions")
    .where("address", "=", address.toLowerCase())
    .where("because", "=", "unsubscribed")
    .execute();
}

/** How many addresses must not be written to, by reason. */
export async function countReasons(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom("suppressions")
    .select(["because", ({ fn }) => fn.countAll<number>().as("count")])
    .groupBy("because")
    .execute();
  return Object.fromEntries(rows.map((row) => [row.because, row.count]));
}

/** Newest first. */
export function list(db: Db, limit: number) {
  return db.selectFrom("suppressions").selectAll().orderBy("at", "desc").limit(limit).execute();
}
