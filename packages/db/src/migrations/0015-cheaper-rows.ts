import { type Kysely, sql } from "kysely";

/**
 * Adding to a large archive costs what adding to a small one does: no index that nothing asks, and the text indexes
 * take rows up in larger portions, because each portion touches most of their pages.
 */
const statements = `
drop index homes_at;
-- Nobody looks an event up by its id, and random ids touch a page of their own each.
alter table events drop constraint events_id_key;
-- Only numbered events have a cursor.
alter table events drop constraint events_cursor_key;
create unique index events_cursor on events (cursor) where cursor is not null;
alter index papers_search set (gin_pending_list_limit = 16384);
alter index papers_title_trgm set (gin_pending_list_limit = 16384);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
