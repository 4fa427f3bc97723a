import { PermanentError } from "@paperwire/core";
import type { Insertable, Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { FetchTable } from "./schema.ts";

export type Fetch = Selectable<FetchTable>;
export type NewFetch = Insertable<FetchTable> & { readonly id: string };

export interface StoredBody {
  readonly hash: string;
  readonly bytes: Uint8Array;
  readonly contentType?: string | undefined;
}

/** Keeps raw bodies under the hash of their content, once however often they are fetched. */
export async function saveBodies(trx: Db | Trx, bodies: readonly StoredBody[]): Promise<void> {
  if (bodies.length === 0) return;
  // In one order, so that two transactions with the same bodies do not wait for each other.
  const rows = [...new Map(bodies.map((body) => [body.hash, body])).values()].sort((a, b) =>
    a.hash < b.hash ? -1 : 1,
  );
  await trx
    .insertInto("bodies")
    .values(
      rows.map(({ hash, bytes, contentType }) => ({
        hash,
        bytes: Buffer.from(bytes),
        contentType: contentType ?? null,
      })),
    )
    .onConflict((conflict) =>
      conflict.column("hash").doUpdateSet({ createdAt: sql<Date>`clock_timestamp()` }),
    )
    .execute();
}

export async function saveBody(trx: Db | Trx, body: StoredBody): Promise<void> {
  await saveBodies(trx, [body]);
}

export async function insert(trx: Db | Trx, poll: Insertable<FetchTable>): Promise<string> {
  const row = await trx.insertInto("fetches").values(poll).returning("id").executeTakeFirstOrThrow();
  return row.id;
}

export async function insertAll(trx: Db | Trx, polls: readonly NewFetch[]): Promise<void> {
  if (polls.length === 0) return;
  await sql`
    insert into fetches (id, source_id, url, at, outcome, status, body_hash, bytes, sentence, page, validators, kind,
      catch_up, covers_until)
    select r.id, r."sourceId", r.url, r.at, r.outcome, r.status, r."bodyHash", r.bytes, r.sentence, coalesce(r.page, 1),
      r.validators::jsonb, r.kind, r."catchUp"::jsonb, r."coversUntil"
    from json_to_recordset(${JSON.stringify(polls)}::json) as r(id uuid, "sourceId" text, url text, at timestamptz,
      outcome text, status int, "bodyHash" text, bytes int, sentence text, page int, validators text, kind text,
      "catchUp" text, "coversUntil" timestamptz)`.execute(trx);
}

export interface FetchWithBody extends Fetch {
  readonly body: Uint8Array;
  readonly contentType: string | null;
  /** The kind of its source. */
  readonly sourceKind: string;
}

/** @throws PermanentError when the fetch or its body is gone. */
export async function getWithBody(db: Db, id: string): Promise<FetchWithBody> {
  const row = await db
    .selectFrom("fetches")
    .innerJoin("bodies", "bodies.hash", "fetches.bodyHash")
    .innerJoin("sources", "sources.id", "fetches.sourceId")
    .selectAll("fetches")
    .select(["bodies.bytes as body", "bodies.contentType", "sources.kind as sourceKind"])
    .where("fetches.id", "=", id)
    .executeTakeFirst();
  if (row === undefined) throw new PermanentError(`fetch ${id} has no stored body; poll its source again`);
  return row;
}

export interface Ingested {
  readonly id: string;
  readonly at: Date;
  readonly summary: Readonly<Record<string, unknown>>;
}

export async function markIngested(trx: Trx, fetches: readonly Ingested[]): Promise<void> {
  if (fetches.length === 0) return;
  await sql`
    update fetches f set ingested_at = r.at, summary = r.summary
    from jsonb_to_recordset(${JSON.stringify(fetches)}::jsonb) as r(id uuid, at timestamptz, summary jsonb)
    where f.id = r.id`.execute(trx);
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
