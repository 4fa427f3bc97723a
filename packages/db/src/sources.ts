import { PermanentError } from "@paperwire/core";
import type { Insertable, Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { SourceTable } from "./schema.ts";

export type Source = Selectable<SourceTable>;
export type NewSource = Insertable<SourceTable>;

/** The next check of a source that nobody has asked yet: due under every clock. */
export const neverAsked = new Date(0);

/** @throws PermanentError when the source was removed meanwhile. */
export async function getById(db: Db | Trx, id: string): Promise<Source> {
  const source = await findById(db, id);
  if (source === undefined) throw new PermanentError(`there is no source "${id}"; it may have been removed`);
  return source;
}

export function findById(db: Db | Trx, id: string): Promise<Source | undefined> {
  return db.selectFrom("sources").selectAll().where("id", "=", id).executeTakeFirst();
}

export function findByUrl(db: Db | Trx, url: string): Promise<Source | undefined> {
  return db.selectFrom("sources").selectAll().where("url", "=", url).executeTakeFirst();
}

export function list(db: Db | Trx): Promise<Source[]> {
  return db.selectFrom("sources").selectAll().orderBy("id").execute();
}

export function kindsOf(db: Db | Trx, ids: readonly string[]): Promise<Pick<Source, "id" | "kind">[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db
    .selectFrom("sources")
    .select(["id", "kind"])
    .where("id", "in", [...ids])
    .orderBy("id")
    .execute();
}

/** Returns false, and changes nothing, when the id or the address is taken. */
export async function insertNew(db: Db | Trx, source: NewSource): Promise<boolean> {
  const result = await db
    .insertInto("sources")
    .values(source)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function update(db: Db | Trx, id: string, change: Updateable<SourceTable>): Promise<boolean> {
  if (Object.keys(change).length === 0) return true;
  const result = await db.updateTable("sources").set(change).where("id", "=", id).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export type Change = Updateable<SourceTable>;

/** Several, each with its own change, in a few statements. Hold their rows first: see `lockAll`. */
export async function updateAll(trx: Trx, changes: ReadonlyMap<string, Change>): Promise<void> {
  const alike = Map.groupBy(
    [...changes].filter(([, change]) => Object.keys(change).length > 0),
    ([, change]) => Object.keys(change).sort().join(),
  );
  for (const group of alike.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const names = Object.keys(first[1]) as (keyof Change)[];
    const rows = group.map(([id, change]) => ({ ...change, id }));
    const set = names.map((name) => `${snake(name)} = r."${name}"${name === "rhythm" ? "::jsonb" : ""}`);
    const columns = names.map((name) => `"${name}" ${columnType[name]}`);
    await sql`
      update sources s set ${sql.raw(set.join(", "))}
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, ${sql.raw(columns.join(", "))})
      where s.id = r.id`.execute(trx);
  }
}

/** Holds the rows until the transaction ends, always in the same order, and returns what they say now. */
export async function lockAll(trx: Trx, ids: readonly string[]): Promise<Map<string, Source>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom("sources")
    .selectAll()
    .where("id", "in", [...ids])
    .orderBy("id")
    .forNoKeyUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export async function findAll(db: Db | Trx, ids: readonly string[]): Promise<Map<string, Source>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("sources")
    .selectAll()
    .where("id", "in", [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** How each column travels in a recordset; jsonb comes as the text that it is given as. */
const columnType: Record<keyof Change, string> = {
  id: "text",
  url: "text",
  kind: "text",
  title: "text",
  everyMinutes: "int",
  trusted: "boolean",
  pausedAt: "timestamptz",
  pausedBecause: "text",
  etag: "text",
  lastModified: "text",
  bodyHash: "text",
  permanentUrl: "text",
  permanentSince: "timestamptz",
  failures: "int",
  goneCount: "int",
  lastError: "text",
  lastFetchAt: "timestamptz",
  lastSuccessAt: "timestamptz",
  lastNewAt: "timestamptz",
  observedGaps: "int[]",
  rhythm: "text",
  coveredUntil: "timestamptz",
  establishedAt: "timestamptz",
  nextFetchAt: "timestamptz",
  dueFor: "timestamptz",
  hubUrl: "text",
  hubTopic: "text",
  hubExpiresAt: "timestamptz",
  pushedAt: "timestamptz",
  createdAt: "timestamptz",
  scope: "text[]",
  reviewedAt: "timestamptz",
  lastFullAt: "timestamptz",
  heldAt: "timestamptz",
  heldBecause: "text",
};

/** Removes the source and its fetches. Papers and listings stay: readers were told of them. */
export async function remove(db: Db, id: string): Promise<boolean> {
  const result = await db.deleteFrom("sources").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Takes the sources whose time has come, each once per due time. */
export async function takeDue(trx: Trx, now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update sources set due_for = next_fetch_at where id in (
      select id from sources where paused_at is null and next_fetch_at <= ${now}
        and due_for is distinct from next_fetch_at
      order by next_fetch_at limit ${limit} for update skip locked
    ) returning id`.execute(trx);
  return rows.map((row) => row.id);
}
