import { type Kysely, sql } from "kysely";

/**
 * What searches read stands in a table of its own, written when papers are classified: the search text and its
 * indexes were four tenths of what a listing cost, and ingest holds the lock of identity while it writes.
 */
const statements = `
create table paper_texts (
  paper_id uuid primary key references papers (id),
  first_seen timestamptz not null,
  search tsvector not null,
  title_key text not null,
  author_keys text[] not null
);
insert into paper_texts (paper_id, first_seen, search, title_key, author_keys)
  select id, first_seen, search, title_key, author_keys from papers where merged_into is null;
alter table papers drop column search, drop column author_keys;
drop index papers_title_trgm;
-- The indexes take rows up in large portions, because each portion touches most of their pages.
create index paper_texts_search on paper_texts using gin (search) with (gin_pending_list_limit = 16384);
create index paper_texts_title_trgm on paper_texts using gin (title_key gin_trgm_ops)
  with (gin_pending_list_limit = 16384);
create index paper_texts_authors on paper_texts using gin (author_keys);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
