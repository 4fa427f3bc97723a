import { type Kysely, sql } from "kysely";

/**
 * Who sends a batch, so that its lease ends with that process; and how many mails its stored request holds,
 * so that an answer is read right after a member was deleted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table batches add column held_by uuid, add column size int`.execute(db);
}
