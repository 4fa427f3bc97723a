import { type Kysely, sql } from "kysely";

/**
 * Requests are packed by the worker that makes them: a hundred mails of one design shrink to a twentieth, which
 * the server's own compression neither reaches nor does in the time. Older ones stay as they are, readable.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table batches
      alter column request type bytea using convert_to(request, 'UTF8'),
      alter column request set storage external`.execute(db);
}
