import { PermanentError } from "@paperwire/core";
import type { Insertable, Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { FetchTable } from "./schema.ts";

export type Fetch = Selectable<FetchTable>;

export interface StoredBody {
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly contentType?: string | undefined;
}

/** Keeps a raw body under the hash of its content, once however often it is fetched. */
export async function saveBody(trx: Db | Trx, body: StoredBody): Promise<void> {
  await trx
    .insertInto("bodies")
    .values({ hash: body.hash, bytes: Buffer.from(body.bytes), contentType: body.contentType ?? null })
    .onConflict((conflict) =>
      conflict.column("hash").doUpdateSet({ createdAt: sql<Date>`clock_timestamp()` }),
    )
    .execute();
}

export async function insert(trx: Db | Trx, fetch: Insertable<FetchTable>): Promise<string> {
  const row = await trx.insertInto("fetches").values(fetch).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

export interface FetchWithBody extends Fetch {
  readonly body: Uint8Array;
  readonly contentType: string | null;
}

/** @throws PermanentError when the fetch or its body is gone. */
export async function getWithBody(db: Db, id: string): Promise<FetchWithBody> {
  const row = await db
    .selectFrom("fetches")
    .innerJoin("bodies", "bodies.hash", "fetches.bodyHash")
    .selectAll("fetches")
    .select(["bodies.bytes as body", "bodies.contentType"])
    .where("fetches.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new PermanentError(`fetch ${id} has no stored body; poll its source again`);
  return row;
}

export async function markIngested(
  trx: Trx,
  id: string,
  at: Date,
  summary: Record<string, unknown>,
): Promise<void> {
  await trx
    .updateTable("fetches")
    .set({ ingestedAt: at, summary: JSON.stringify(summary) })
    .where("id", "=", id)
    .execute();
}

/** The newest polls of a source, newest first. */
export function latest(db: Db, sourceId: string, limit: number): Promise<Fetch[]> {
  return db
    .selectFrom("fetches")
    .selectAll()
    .where("sourceId", "=", sourceId)
    .orderBy("at", "desc")
    .limit(limit)
    .execute();
}

/** The newest polls whose bodies were ingested, newest first. */
export function latestIngested(trx: Trx, sourceId: string, limit: number): Promise<Fetch[]> {
  return trx
    .selectFrom("fetches")
    .selectAll()
    .where("sourceId", "=", sourceId)
    .where("ingestedAt", "is not", null)
    .where("catchUp", "is", null)
    .orderBy("at", "desc")
    .limit(limit)
    .execute();
}

/** Bodies go after 14 days, fetches after 90 (real time for bodies, product time for fetches). */
export async function prune(db: Db, now: Date): Promise<void> {
  await sql`delete from bodies b where created_at < clock_timestamp() - interval '14 days'
    and not exists (select from fetches f where f.body_hash = b.hash and f.ingested_at is null)`.execute(db);
  await sql`delete from fetches where at < ${now}::timestamptz - interval '90 days'`.execute(db);
}
