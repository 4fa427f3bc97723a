import { type Kysely, sql } from "kysely";

/**
 * What keeps ingest fast while the archive grows, and what the archive remembers besides: why papers get attention,
 * which merge moved what, and vectors for closeness.
 */
const statements = `
-- A paper's own block keys, so that its rows among the blocks are found through them.
alter table papers add column blocks bigint[] not null default '{}';
update papers p set blocks = coalesce((select array_agg(key) from paper_blocks b where b.paper_id = p.id), '{}');
alter table paper_blocks drop constraint paper_blocks_pkey;
-- Listings of arXiv look only among papers without an arXiv id: a small index of its own.
create index paper_blocks_of_arxiv on paper_blocks (key) where arxiv;
create index paper_blocks_of_others on paper_blocks (key) where not arxiv;
-- Nothing asks for categories: their labels stand in paper_topics.
drop index papers_categories;

-- From that instant on, the count stood so: votes elsewhere, picks. Homes and votes here have tables of their own.
create table paper_signals (
  paper_id uuid not null references papers (id),
  kind text not null,
  of text not null,
  count int not null,
  at timestamptz not null,
  primary key (paper_id, kind, of, count)
);
create index paper_signals_at on paper_signals (at);
create index votes_at on votes (at);
create index homes_at on homes (seen_at);

-- Which labels a relabelling has reached; labels carry the version that gave them.
create index paper_topics_version on paper_topics (classifier, version);

create table paper_vectors (
  paper_id uuid primary key references papers (id),
  version text not null,
  vector bytea not null
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
