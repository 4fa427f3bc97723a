import { type Kysely, sql } from "kysely";

/** Until when a source has been read once the body is stored, where that is not the instant of the poll. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table fetches add column covers_until timestamptz`.execute(db);
}
