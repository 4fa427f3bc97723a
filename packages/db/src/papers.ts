import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import { cardsOf, type PaperCard } from "./digests.ts";
import type { PaperTable } from "./schema.ts";

export type Paper = Selectable<PaperTable>;

/** The paper that a key, or an id that was merged since, leads to. */
export async function resolve(db: Db | Trx, idOrKeys: readonly string[]): Promise<string | undefined> {
  const uuid = idOrKeys.find((text) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text));
  if (uuid !== undefined) {
    const row = await db
      .selectFrom("papers")
      .select(["id", "mergedInto"])
      .where("id", "=", uuid)
      .executeTakeFirst();
    return row?.mergedInto ?? row?.id;
  }
  const row = await db
    .selectFrom("paperKeys")
    .select("paperId")
    .where("key", "in", [...idOrKeys])
    .executeTakeFirst();
  return row?.paperId;
}

/** `resolve` for many at once: by each id or key that leads somewhere, the paper's id. */
export async function resolveAll(db: Db | Trx, idsOrKeys: readonly string[]): Promise<Map<string, string>> {
  if (idsOrKeys.length === 0) return new Map();
  const isId = (text: string) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text);
  const { rows } = await sql<{ said: string; id: string }>`
    select key as said, paper_id as id from paper_keys where key = any(${idsOrKeys.filter((text) => !isId(text))}::text[])
    union all
    select id::text, coalesce(merged_into, id) from papers where id = any(${idsOrKeys.filter(isId)}::uuid[])`.execute(
    db,
  );
  return new Map(rows.map(({ said, id }) => [said, id]));
}

export function findById(db: Db | Trx, id: string): Promise<Paper | undefined> {
  return db.selectFrom("papers").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Keys of the papers by paper, without those that only a source uses for itself. */
export async function keysOf(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("paperKeys")
    .select(["paperId", "key"])
    .where("paperId", "in", [...ids])
    .where("key", "not like", "url:%")
    .where("key", "not like", "listing:%")
    .orderBy("key")
    .execute();
  return new Map(
    Array.from(
      Map.groupBy(rows, (row) => row.paperId),
      ([id, group]) => [id, group.map((row) => row.key)],
    ),
  );
}

export interface PageCursor {
  readonly firstSeen: Date;
  readonly id: string;
}

export interface Span {
  readonly from?: Date;
  readonly to?: Date;
  readonly topic?: string;
}

/** One page of the archive, newest first, after the cursor. */
export async function page(db: Db, limit: number, after?: PageCursor, span: Span = {}): Promise<PaperCard[]> {
  const ids = await db
    .selectFrom("papers")
    .select("id")
    .where("mergedInto", "is", null)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(first_seen, id) < (${after?.firstSeen.toISOString() ?? null}::timestamptz, ${after?.id ?? null}::uuid)`,
      ),
    )
    .$if(span.from !== undefined, (query) => query.where("firstSeen", ">=", span.from as Date))
    .$if(span.to !== undefined, (query) => query.where("firstSeen", "<", span.to as Date))
    .$if(span.topic !== undefined, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom("paperTopics")
            .select("paperTopics.paperId")
            .whereRef("paperTopics.paperId", "=", "papers.id")
            .where("paperTopics.topic", "=", span.topic ?? ""),
        ),
      ),
    )
    .orderBy("firstSeen", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return inOrder(
    db,
    ids.map((row) => row.id),
  );
}

/** The number of versions that each paper has shown. */
export async function countVersions(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("versions")
    .select(["paperId", sql<number>`count(distinct version)::int`.as("count")])
    .where("paperId", "in", [...ids])
    .groupBy("paperId")
    .execute();
  return new Map(rows.map((row) => [row.paperId, row.count]));
}

export function versionsOf(db: Db, paperId: string) {
  return db
    .selectFrom("versions")
    .selectAll()
    .where("paperId", "=", paperId)
    .orderBy("home")
    .orderBy("version")
    .execute();
}

export function eventsOf(db: Db, paperId: string) {
  return db
    .selectFrom("events")
    .select(["type", "at", "data", "cursor"])
    .where("paperId", "=", paperId)
    .orderBy("seq")
    .execute();
}

/** Who listed the paper, in the order in which we saw it. */
export function listingsOf(db: Db, paperId: string) {
  return db
    .selectFrom("listings")
    .select(["sourceId", "key", "url", "announceType", "announcedOn", "version", "firstSeen", "lastSeen"])
    .where("paperId", "=", paperId)
    .orderBy("firstSeen")
    .execute();
}

export async function count(db: Db): Promise<number> {
  const row = await db
    .selectFrom("papers")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("mergedInto", "is", null)
    .executeTakeFirstOrThrow();
  return row.count;
}

async function inOrder(db: Db, ids: readonly string[]): Promise<PaperCard[]> {
  const cards = new Map((await cardsOf(db, ids)).map((card) => [card.id, card]));
  return ids.flatMap((id) => cards.get(id) ?? []);
}
