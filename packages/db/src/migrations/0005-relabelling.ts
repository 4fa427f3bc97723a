import { type Kysely, sql } from "kysely";

/** How far labels were brought up to what the classifiers say now. */
const statements = `
create table relabelling (
  one boolean primary key default true check (one),
  -- Of every classifier's version: another one starts again from the first paper.
  fingerprint text not null,
  after_paper uuid,
  finished boolean not null default false
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
