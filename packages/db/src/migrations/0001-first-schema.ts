import { type Kysely, sql } from "kysely";

/** The whole first schema. Never edited after a release: a change is a new file. */
const statements = `
create extension if not exists pg_trgm;

-- Work that is not handled yet. The queue is only a doorbell: attempts, backoff and failure live here.
create table outbox (
  id uuid primary key default gen_random_uuid(),
  seq bigint generated always as identity,
  event text not null,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  not_before timestamptz not null default clock_timestamp(),
  published_at timestamptz,
  publications int not null default 0,
  run int not null default 0,
  held_by uuid,
  attempts int not null default 0,
  deferrals int not null default 0,
  done_at timestamptz,
  failed_at timestamptz,
  error text
);
create index outbox_open on outbox (not_before, seq) where done_at is null and failed_at is null;
create index outbox_failed on outbox (failed_at) where failed_at is not null and done_at is null;
create index outbox_done on outbox (done_at) where done_at is not null;

-- Processes that run workers; alive while they hold the advisory lock named by lock_key.
create table runners (
  id uuid primary key,
  lock_key int not null unique,
  workers text[] not null,
  clock jsonb not null,
  host text not null,
  pid int not null,
  started_at timestamptz not null default clock_timestamp()
);

create table sources (
  id text primary key,
  url text not null,
  kind text not null,
  title text,
  every_minutes int,
  trusted boolean not null default true,
  paused_at timestamptz,
  paused_because text,
  etag text,
  last_modified text,
  body_hash text,
  permanent_url text,
  permanent_since timestamptz,
  failures int not null default 0,
  gone_count int not null default 0,
  last_error text,
  last_fetch_at timestamptz,
  last_success_at timestamptz,
  last_new_at timestamptz,
  observed_gaps int[] not null default '{}',
  rhythm jsonb,
  covered_until timestamptz,
  established_at timestamptz,
  next_fetch_at timestamptz not null,
  due_for timestamptz,
  hub_url text,
  hub_topic text,
  hub_secret text,
  hub_expires_at timestamptz,
  created_at timestamptz not null
);
create unique index sources_url on sources (url);
create index sources_due on sources (next_fetch_at) where paused_at is null;

create table bodies (
  hash text primary key,
  bytes bytea not null,
  content_type text,
  created_at timestamptz not null default clock_timestamp()
);

create table fetches (
  id uuid primary key default gen_random_uuid(),
  source_id text not null references sources (id) on delete cascade,
  url text,
  at timestamptz not null,
  outcome text not null,
  status int,
  body_hash text,
  bytes int,
  sentence text,
  page int not null default 1,
  validators jsonb,
  summary jsonb,
  ingested_at timestamptz
);
create index fetches_by_source on fetches (source_id, at desc);

create table papers (
  id uuid primary key,
  title text not null,
  title_key text not null,
  abstract text,
  authors jsonb not null default '[]',
  author_keys text[] not null default '{}',
  categories text[] not null default '{}',
  published timestamptz,
  updated timestamptz,
  year int,
  first_seen timestamptz not null,
  latest_version int,
  arxiv_id text,
  doi text,
  journal_ref text,
  venue text,
  license text,
  language text,
  votes int not null default 0,
  picked_by text[] not null default '{}',
  withdrawn_at timestamptz,
  published_at timestamptz,
  described_by text not null,
  merged_into uuid references papers (id),
  trend double precision,
  search tsvector generated always as (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', coalesce(abstract, '')), 'B')
  ) stored
);
create index papers_by_time on papers (first_seen desc, id desc) where merged_into is null;
create index papers_trend on papers (trend desc, id) where merged_into is null and trend is not null;
create index papers_search on papers using gin (search);
create index papers_title_trgm on papers using gin (title_key gin_trgm_ops);
create index papers_categories on papers using gin (categories);

-- Every identifier that leads to a paper. The primary key decides who a listing belongs to.
create table paper_keys (
  key text primary key,
  paper_id uuid not null references papers (id)
);
create index paper_keys_paper on paper_keys (paper_id);

-- Rare-word keys under which near-duplicates are looked up.
create table paper_blocks (
  key bigint not null,
  paper_id uuid not null,
  arxiv boolean not null,
  primary key (key, paper_id)
);

create table listings (
  source_id text not null,
  key text not null,
  paper_id uuid not null references papers (id),
  url text,
  hash text not null,
  announce_type text,
  announced_on date,
  version int,
  categories text[] not null default '{}',
  said jsonb not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (source_id, key)
);
create index listings_paper on listings (paper_id);

create table versions (
  paper_id uuid not null references papers (id),
  home text not null,
  version int not null,
  title text not null,
  abstract text,
  authors jsonb not null,
  at timestamptz,
  seen_at timestamptz not null,
  changed text[] not null default '{}',
  primary key (paper_id, home, version)
);

create table homes (
  paper_id uuid not null references papers (id),
  home text not null,
  url text,
  seen_at timestamptz not null,
  primary key (paper_id, home)
);

-- Why a paper may be mailed: it was announced as new, cross-listed, picked or trending.
create table announcements (
  paper_id uuid not null references papers (id),
  occasion text not null,
  source_id text,
  at timestamptz not null,
  late boolean not null default false,
  matched_at timestamptz,
  primary key (paper_id, occasion)
);
create index announcements_open on announcements (paper_id) where matched_at is null;
create index announcements_at on announcements (at);

create table merges (
  id uuid primary key default gen_random_uuid(),
  kept uuid not null references papers (id),
  gone uuid not null references papers (id),
  state text not null,
  probability real,
  because text[] not null,
  snapshot jsonb,
  at timestamptz not null,
  decided_at timestamptz
);
create unique index merges_pair on merges (least(kept, gone), greatest(kept, gone));

create table topics (
  slug text primary key,
  name text not null,
  query text,
  examples uuid[] not null default '{}',
  created_at timestamptz not null
);

create table paper_topics (
  paper_id uuid not null references papers (id),
  topic text not null,
  classifier text not null,
  version text not null,
  confidence real not null,
  primary key (paper_id, topic, classifier)
);
create index paper_topics_topic on paper_topics (topic, paper_id);

create table readers (
  id uuid primary key default gen_random_uuid(),
  email text not null,
  zone text not null default 'UTC',
  at text not null default '08:00',
  days text[] not null default '{mon,tue,wed,thu,fri,sat,sun}',
  rhythm text not null default 'daily',
  max_papers int not null default 20,
  tell_when_nothing boolean not null default false,
  confirmed_at timestamptz,
  paused_at timestamptz,
  paused_until timestamptz,
  unsubscribed_at timestamptz,
  unsubscribed_real_at timestamptz,
  next_digest_at timestamptz,
  due_for timestamptz,
  held_until timestamptz,
  alert_at timestamptz,
  horizon bigint not null default 0,
  instant_horizon bigint not null default 0,
  token_epoch int not null default 0,
  created_at timestamptz not null
);
create unique index readers_email on readers (lower(email));
create index readers_due on readers (next_digest_at) where next_digest_at is not null;
create index readers_alerts on readers (alert_at) where alert_at is not null;
create index readers_unscheduled on readers (id) where next_digest_at is null and confirmed_at is not null and unsubscribed_at is null;

-- What strangers typed for an address; counts for nothing until its owner confirms.
create table wishes (
  id uuid primary key default gen_random_uuid(),
  reader_id uuid not null references readers (id) on delete cascade,
  wanted jsonb not null,
  at timestamptz not null default clock_timestamp()
);

-- Compiled queries that many subscriptions share.
create table queries (
  id int primary key generated always as identity,
  hash text not null unique,
  text text not null,
  rev bigint not null
);
create sequence queries_rev;

create table subscriptions (
  id uuid primary key default gen_random_uuid(),
  reader_id uuid not null references readers (id) on delete cascade,
  name text not null,
  query text,
  query_id int references queries (id),
  trending int,
  liked uuid[] not null default '{}',
  cadence text not null default 'digest',
  created_at timestamptz not null,
  changed_at timestamptz not null,
  unique (reader_id, name)
);
create index subscriptions_query on subscriptions (query_id);

-- One row per paper and occasion; inverted when digests are composed.
create table matches (
  id bigint primary key generated always as identity,
  paper_id uuid not null references papers (id),
  occasion text not null,
  query_ids int[] not null,
  only_for uuid,
  late boolean not null,
  at timestamptz not null,
  seq bigint,
  unique (paper_id, occasion)
);
create index matches_seq on matches (seq);
create index matches_unnumbered on matches (id) where seq is null;
create sequence match_sequence;

create table digests (
  id uuid primary key default gen_random_uuid(),
  reader_id uuid not null references readers (id) on delete cascade,
  period text not null,
  due_at timestamptz not null,
  frozen_at timestamptz not null,
  from_seq bigint not null,
  to_seq bigint not null,
  content jsonb,
  state text not null,
  because text,
  unique (reader_id, period)
);

create table digest_papers (
  digest_id uuid not null references digests (id) on delete cascade,
  paper_id uuid not null references papers (id),
  rank int not null,
  state text not null,
  score double precision not null,
  reasons jsonb not null,
  primary key (digest_id, paper_id)
);
create index digest_papers_paper on digest_papers (paper_id);

-- This reader has had (or is about to get) this paper.
create table mailed (
  reader_id uuid not null references readers (id) on delete cascade,
  paper_id uuid not null references papers (id),
  digest_id uuid not null references digests (id) on delete cascade,
  at timestamptz not null,
  primary key (reader_id, paper_id)
);
create index mailed_digest on mailed (digest_id);

create table batches (
  id uuid primary key default gen_random_uuid(),
  channel text not null,
  state text not null default 'open',
  generation int not null default 1,
  request text,
  burned int not null default 0,
  doubts int not null default 0,
  first_attempt_at timestamptz,
  attempt_started_at timestamptz,
  ambiguous_since timestamptz,
  fence int not null default 0,
  lease_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  because text
);
create index batches_settled on batches (settled_at) where request is not null;

create table deliveries (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  digest_id uuid references digests (id) on delete cascade,
  reader_id uuid references readers (id) on delete cascade,
  channel text not null,
  address text not null,
  batch_id uuid references batches (id),
  position int,
  state text not null default 'pending',
  provider_id text,
  provider_state text,
  because text,
  period text,
  wish_id uuid references wishes (id) on delete set null,
  created_at timestamptz not null,
  settled_at timestamptz,
  unique (digest_id, channel)
);
create index deliveries_batch on deliveries (batch_id, position);
create index deliveries_provider on deliveries (provider_id) where provider_id is not null;
create index deliveries_state on deliveries (state, created_at desc);
create index deliveries_reader on deliveries (reader_id, created_at desc);

create table delivery_attempts (
  id bigint primary key generated always as identity,
  batch_id uuid not null references batches (id) on delete cascade,
  delivery_id uuid references deliveries (id) on delete cascade,
  fence int not null,
  key text,
  at timestamptz not null default clock_timestamp(),
  outcome text not null,
  detail text
);
create index delivery_attempts_batch on delivery_attempts (batch_id);

create table provider_budgets (
  provider text primary key,
  per_second real not null,
  next_at timestamptz not null default clock_timestamp(),
  blocked_until timestamptz,
  because text
);

create table provider_events (
  id text primary key,
  type text not null,
  provider_id text,
  address text,
  at timestamptz not null,
  received_at timestamptz not null default clock_timestamp(),
  data jsonb not null
);
create index provider_events_address on provider_events (address, at desc);

create table suppressions (
  address text primary key,
  because text not null,
  detail text,
  at timestamptz not null default clock_timestamp()
);

create table feedback (
  reader_id uuid not null references readers (id) on delete cascade,
  paper_id uuid not null references papers (id),
  said text not null,
  at timestamptz not null,
  primary key (reader_id, paper_id)
);

create table votes (
  reader_id uuid not null references readers (id) on delete cascade,
  paper_id uuid not null references papers (id),
  at timestamptz not null,
  primary key (reader_id, paper_id)
);

create table submissions (
  id uuid primary key default gen_random_uuid(),
  what text not null,
  at timestamptz not null default clock_timestamp(),
  state text not null default 'waiting'
);

create table receipts (
  source_id text not null,
  category text not null,
  day date not null,
  announced int,
  ingested int not null default 0,
  new_count int not null default 0,
  cross_count int not null default 0,
  replaced_count int not null default 0,
  late_count int not null default 0,
  missing int,
  state text not null,
  because text,
  checked_against text[] not null default '{}',
  updated_at timestamptz not null,
  primary key (source_id, category, day)
);
create index receipts_day on receipts (day desc);

-- What happened to papers, for everybody else. Cursors are given after commit, by one numberer.
create table events (
  seq bigint primary key generated always as identity,
  id uuid not null unique default gen_random_uuid(),
  cursor bigint unique,
  type text not null,
  paper_id uuid not null,
  at timestamptz not null,
  data jsonb not null
);
create index events_unnumbered on events (seq) where cursor is null;
create index events_paper on events (paper_id, seq);
create table event_cursor (one boolean primary key default true check (one), last bigint not null);
insert into event_cursor (last) values (0);

create table consumers (
  name text primary key,
  kind text not null,
  url text,
  secret text,
  topics text[] not null default '{}',
  cursor bigint not null,
  failures int not null default 0,
  last_error text,
  retry_at timestamptz,
  paused_at timestamptz,
  created_at timestamptz not null
);

create table host_budgets (
  host_group text primary key,
  next_at timestamptz not null default clock_timestamp(),
  held_until timestamptz,
  held_by uuid,
  strikes int not null default 0,
  blocked_until timestamptz
);

create table artifacts (
  name text primary key,
  version text not null,
  bytes bytea not null,
  made_at timestamptz not null default clock_timestamp()
);

-- Rate limits for strangers, by purpose and hashed address.
create table allowances (
  purpose text not null,
  who text not null,
  window_start timestamptz not null,
  used int not null,
  primary key (purpose, who, window_start)
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(statements).execute(db);
}
