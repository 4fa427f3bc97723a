import { type Kysely, sql } from "kysely";

/** Which papers have been on which day's or week's list, so that it is announced once. */
const statements = `
create table trend_entries (
  paper_id uuid not null references papers (id),
  -- A day 2026-06-16 or a week 2026-W25, in UTC.
  period text not null,
  rank int not null,
  at timestamptz not null,
  primary key (paper_id, period)
);
create index trend_entries_at on trend_entries (at);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
