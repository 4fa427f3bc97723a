import { type Kysely, sql } from "kysely";

/** What papers are about in their own words, by stems, for searching; made and renewed with their directions. */
const statements = `
alter table paper_vectors add column phrases text[] not null default '{}';
create index paper_vectors_phrases on paper_vectors using gin (phrases);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
