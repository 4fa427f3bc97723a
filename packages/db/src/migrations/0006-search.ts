import { type Kysely, sql } from "kysely";

/** Searching by author (surname and initial, as papers keep them), and following new vectors as they come. */
const statements = `
create index papers_authors on papers using gin (author_keys);
alter table paper_vectors add column seq bigint generated always as identity;
create index paper_vectors_seq on paper_vectors (version, seq);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
