import { type Kysely, sql } from "kysely";

/** WebSub: what a feed offers stays with its source; what was asked of a hub outlives the source until it is ended. */
const statements = `
alter table sources drop column hub_secret, add column pushed_at timestamptz;
create index sources_hub on sources (id) where hub_url is not null;

create table hub_subscriptions (
  id uuid primary key default gen_random_uuid(),
  source_id text not null,
  hub_url text not null,
  topic text not null,
  secret text not null,
  base text not null,
  wanted boolean not null default true,
  created_at timestamptz not null default clock_timestamp(),
  asked_at timestamptz,
  confirmed_at timestamptz,
  expires_at timestamptz,
  denied_at timestamptz,
  next_ask_at timestamptz not null default clock_timestamp(),
  due_for timestamptz,
  failures int not null default 0,
  last_error text,
  pushes int not null default 0,
  last_push_at timestamptz,
  refused_pushes int not null default 0,
  last_refused_at timestamptz,
  last_refused_because text,
  poll_at timestamptz
);
create unique index hub_subscriptions_wanted on hub_subscriptions (source_id) where wanted;
create index hub_subscriptions_due on hub_subscriptions (next_ask_at);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
