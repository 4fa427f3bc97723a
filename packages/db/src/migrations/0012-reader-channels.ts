import { type Kysely, sql } from "kysely";

/** Where a reader's digests go instead of the mail box: a channel and an address in it. */
const statements = `
alter table readers
  add column channel text,
  add column channel_address text,
  add constraint readers_channel check ((channel is null) = (channel_address is null));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
