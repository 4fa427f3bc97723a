import type { Db } from "@paperwire/db";
import { sql } from "kysely";

/** Everything ingest writes, in the order that references ask for; columns the server fills by itself are left out. */
export const written = [
  "papers",
  "paper_keys",
  "paper_blocks",
  "listings",
  "versions",
  "homes",
  "announcements",
  "events",
] as const;
/** The rows with their keys, and nothing that follows from them. */
export const rowsAndKeys = ["papers", "paper_keys", "listings"] as const;

const perStatement = 1000;
const filledByServer = new Set(["search", "seq", "cursor"]);

/**
 * Bulk-inserts the rows that `from` holds into the same, empty tables (with the same indexes) of `into`, a
 * thousand a statement and transaction. Returns the seconds that inserting took; reading is not counted.
 */
export async function bulkInsert(
  from: Db,
  into: Db,
  tables: readonly string[],
): Promise<{ seconds: number; rows: number }> {
  let seconds = 0;
  let rows = 0;
  for (const table of tables) {
    const columns = await columnsOf(into, table);
    let after: string | undefined;
    for (;;) {
      const page = await pageOf(from, table, columns, after);
      if (page.count === 0) break;
      after = page.last;
      rows += page.count;
      const began = performance.now();
      await sql`insert into ${sql.table(table)} (${sql.raw(columns.join(", "))})
        select ${sql.raw(columns.join(", "))} from jsonb_populate_recordset(null::${sql.table(table)}, ${page.json}::jsonb)`.execute(
        into,
      );
      seconds += (performance.now() - began) / 1000;
    }
  }
  return { seconds, rows };
}

async function columnsOf(db: Db, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_schema = 'public' and table_name = ${table} order by ordinal_position`.execute(db);
  return rows.map((row) => row.name).filter((name) => !filledByServer.has(name));
}

async function pageOf(
  db: Db,
  table: string,
  columns: readonly string[],
  after: string | undefined,
): Promise<{ json: string; count: number; last: string }> {
  const { rows } = await sql<{ json: string | null; count: number; last: string | null }>`
    with page as (
      select ctid as place, ${sql.raw(columns.join(", "))} from ${sql.table(table)}
      where ctid > ${after ?? "(0,0)"}::tid order by ctid limit ${perStatement}
    )
    select jsonb_agg(to_jsonb(page) - 'place')::text as json, count(*)::int as count, max(place)::text as last from page`.execute(
    db,
  );
  const [row] = rows;
  return { json: row?.json ?? "[]", count: row?.count ?? 0, last: row?.last ?? "" };
}
