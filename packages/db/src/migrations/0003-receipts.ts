import { type Kysely, sql } from "kysely";

/** What receipts are made of: every listing by day, each day's own count, and what was asked for again. */
const statements = `
create table day_listings (
  source_id text not null references sources (id) on delete cascade,
  category text not null,
  day date not null,
  key text not null,
  announce_type text,
  late boolean not null default false,
  seen_at timestamptz not null,
  primary key (source_id, category, day, key)
);
create index day_listings_by_category on day_listings (category, day);
create index day_listings_by_day on day_listings (day);

alter table receipts
  add column counted int,
  add column cut text,
  add column stale_because text,
  add column missing_keys text[] not null default '{}',
  add column caught_up_by text,
  add column catch_up_at timestamptz,
  add column catch_up_tries int not null default 0,
  alter column ingested drop not null,
  alter column ingested drop default;

-- Null: something happened, and its receipts are made anew at the next tick.
alter table sources
  add column scope text[] not null default '{}',
  add column reviewed_at timestamptz,
  add column last_full_at timestamptz,
  add column held_at timestamptz,
  add column held_because text;
create index sources_reviewed on sources (reviewed_at nulls first);

-- A body that was asked for afterwards, of another kind than its source.
alter table fetches add column kind text, add column catch_up jsonb;

-- Mailed to nobody until the operator resumes the source.
alter table announcements add column held boolean not null default false;
create index announcements_held on announcements (source_id) where held;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
