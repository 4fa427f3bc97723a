import { type Kysely, sql } from "kysely";

/** Everything that is asked for by its paper has an index for it: a merge must not read whole tables. */
const statements = `
create index merges_kept on merges (kept);
create index merges_gone on merges (gone);
create index papers_merged_into on papers (merged_into) where merged_into is not null;
create index votes_paper on votes (paper_id);
create index feedback_paper on feedback (paper_id);
create index mailed_paper on mailed (paper_id);
create index subscriptions_liked on subscriptions using gin (liked);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
