import type { Author, Listing } from "@paperwire/core";
import { sql } from "kysely";
import type { Trx } from "./client.ts";
import { arrayOf, rowsOf } from "./row-arrays.ts";

export interface PaperRow {
  readonly id: string;
  readonly title: string;
  readonly titleKey: string;
  readonly abstract: string | undefined;
  readonly authors: readonly Author[];
  readonly categories: readonly string[];
  readonly published: string | undefined;
  readonly updated: string | undefined;
  readonly year: number | undefined;
  readonly firstSeen: string;
  readonly latestVersion: number | undefined;
  readonly arxivId: string | undefined;
  readonly doi: string | undefined;
  readonly journalRef: string | undefined;
  readonly venue: string | undefined;
  readonly license: string | undefined;
  readonly language: string | undefined;
  readonly votes: number;
  readonly pickedBy: readonly string[];
  readonly withdrawnAt: string | undefined;
  readonly publishedAt: string | undefined;
  readonly describedBy: string;
}

export interface NewPaperRow extends PaperRow {
  /** 64-bit numbers as text. */
  readonly blocks: readonly string[];
  /** The paper it is, from the start: its listing was taken for another home of that one. */
  readonly mergedInto: string | undefined;
}

export interface ListingRow {
  readonly sourceId: string;
  readonly key: string;
  readonly paperId: string;
  readonly url: string | undefined;
  readonly hash: string;
  readonly announceType: string | undefined;
  readonly announcedOn: string | undefined;
  readonly version: number | undefined;
  readonly categories: readonly string[];
  readonly said: Listing;
  readonly seenAt: string;
}

export interface VersionRow {
  readonly paperId: string;
  readonly home: string;
  readonly version: number;
  readonly title: string;
  readonly abstract: string | undefined;
  readonly authors: readonly Author[];
  readonly at: string | undefined;
  readonly seenAt: string;
  readonly changed: readonly string[];
}

export interface HomeRow {
  readonly paperId: string;
  readonly home: string;
  readonly url: string | undefined;
  readonly seenAt: string;
}

export interface AnnouncementRow {
  readonly paperId: string;
  readonly occasion: string;
  /** Absent for what a person did. */
  readonly sourceId: string | undefined;
  readonly at: string;
  readonly late: boolean;
}

export interface NewEvent {
  readonly type: string;
  readonly paperId: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ChunkRows {
  readonly papers: readonly NewPaperRow[];
  readonly keys: readonly { readonly key: string; readonly paperId: string }[];
  readonly listings: readonly ListingRow[];
  readonly versions: readonly VersionRow[];
  readonly homes: readonly HomeRow[];
  readonly announcements: readonly AnnouncementRow[];
  readonly events: readonly NewEvent[];
}

/**
 * Writes what one chunk of listings adds, in one statement: the server works while the caller prepares the next
 * chunk. Rows that are there already stay as they are; only listings are brought up to date. Returns the papers
 * that have an occasion they did not have before.
 */
export async function insertChunk(trx: Trx, rows: ChunkRows): Promise<string[]> {
  const living = rows.papers.filter((paper) => paper.mergedInto === undefined);
  const { rows: announced } = await sql<{ paperId: string }>`
    with new_papers as (
      insert into papers (id, title, title_key, abstract, authors, categories, published, updated, year, first_seen,
        latest_version, arxiv_id, doi, journal_ref, venue, license, language, votes, picked_by,
        withdrawn_at, published_at, described_by, blocks, merged_into)
      select * from ${rowsOf(rows.papers, [
        ["uuid", (row) => row.id],
        ["text", (row) => row.title],
        ["text", (row) => row.titleKey],
        ["text", (row) => row.abstract],
        ["jsonb", (row) => JSON.stringify(row.authors)],
        ["text[]", (row) => arrayOf(row.categories)],
        ["timestamptz", (row) => row.published],
        ["timestamptz", (row) => row.updated],
        ["int", (row) => row.year],
        ["timestamptz", (row) => row.firstSeen],
        ["int", (row) => row.latestVersion],
        ["text", (row) => row.arxivId],
        ["text", (row) => row.doi],
        ["text", (row) => row.journalRef],
        ["text", (row) => row.venue],
        ["text", (row) => row.license],
        ["text", (row) => row.language],
        ["int", (row) => row.votes],
        ["text[]", (row) => arrayOf(row.pickedBy)],
        ["timestamptz", (row) => row.withdrawnAt],
        ["timestamptz", (row) => row.publishedAt],
        ["text", (row) => row.describedBy],
        ["bigint[]", (row) => `{${row.blocks.join()}}`],
        ["uuid", (row) => row.mergedInto],
      ])}
    ), new_keys as (
      insert into paper_keys (key, paper_id)
      select * from ${rowsOf(rows.keys, [
        ["text", (row) => row.key],
        ["uuid", (row) => row.paperId],
      ])}
      on conflict (key) do nothing
    ), new_blocks as (
      insert into paper_blocks (key, paper_id, arxiv)
      select b.key, p.id, p.arxiv from ${rowsOf(living, [
        ["uuid", (row) => row.id],
        ["boolean", (row) => row.arxivId !== undefined],
        ["bigint[]", (row) => `{${row.blocks.join()}}`],
      ])} as p(id, arxiv, blocks) cross join lateral unnest(p.blocks) as b(key)
    ), new_listings as (
      insert into listings (source_id, key, paper_id, url, hash, announce_type, announced_on, version, categories, said,
        first_seen, last_seen)
      select * from ${rowsOf(rows.listings, [
        ["text", (row) => row.sourceId],
        ["text", (row) => row.key],
        ["uuid", (row) => row.paperId],
        ["text", (row) => row.url],
        ["text", (row) => row.hash],
        ["text", (row) => row.announceType],
        ["date", (row) => row.announcedOn],
        ["int", (row) => row.version],
        ["text[]", (row) => arrayOf(row.categories)],
        ["jsonb", (row) => JSON.stringify(row.said)],
        ["timestamptz", (row) => row.seenAt],
        ["timestamptz", (row) => row.seenAt],
      ])}
      on conflict (source_id, key) do update set paper_id = excluded.paper_id, url = excluded.url,
        hash = excluded.hash, announce_type = excluded.announce_type, announced_on = excluded.announced_on,
        version = excluded.version, categories = excluded.categories, said = excluded.said,
        last_seen = excluded.last_seen
    ), new_versions as (
      insert into versions (paper_id, home, version, title, abstract, authors, at, seen_at, changed)
      select * from ${rowsOf(rows.versions, [
        ["uuid", (row) => row.paperId],
        ["text", (row) => row.home],
        ["int", (row) => row.version],
        ["text", (row) => row.title],
        ["text", (row) => row.abstract],
        ["jsonb", (row) => JSON.stringify(row.authors)],
        ["timestamptz", (row) => row.at],
        ["timestamptz", (row) => row.seenAt],
        ["text[]", (row) => arrayOf(row.changed)],
      ])}
      on conflict do nothing
    ), new_homes as (
      insert into homes (paper_id, home, url, seen_at)
      select * from ${rowsOf(rows.homes, [
        ["uuid", (row) => row.paperId],
        ["text", (row) => row.home],
        ["text", (row) => row.url],
        ["timestamptz", (row) => row.seenAt],
      ])}
      on conflict do nothing
    ), new_events as (
      insert into events (type, paper_id, at, data)
      select * from ${rowsOf(rows.events, [
        ["text", (row) => row.type],
        ["uuid", (row) => row.paperId],
        ["timestamptz", (row) => row.at],
        ["jsonb", (row) => JSON.stringify(row.data)],
      ])}
    )
    insert into announcements (paper_id, occasion, source_id, at, late)
    select * from ${rowsOf(rows.announcements, [
      ["uuid", (row) => row.paperId],
      ["text", (row) => row.occasion],
      ["text", (row) => row.sourceId],
      ["timestamptz", (row) => row.at],
      ["boolean", (row) => row.late],
    ])}
    on conflict do nothing returning paper_id as "paperId"`.execute(trx);
  return [...new Set(announced.map((row) => row.paperId))];
}

const paperColumns = `id uuid, "title" text, "titleKey" text, "abstract" text, "authors" jsonb,
  "categories" text[], "published" timestamptz, "updated" timestamptz, "year" int, "firstSeen" timestamptz,
  "latestVersion" int, "arxivId" text, "doi" text, "journalRef" text, "venue" text, "license" text, "language" text,
  "votes" int, "pickedBy" text[], "withdrawnAt" timestamptz, "publishedAt" timestamptz, "describedBy" text`;

/** Returns how many were new. A key that leads somewhere already stays where it is. */
export async function insertKeys(
  trx: Trx,
  keys: readonly { readonly key: string; readonly paperId: string }[],
): Promise<number> {
  if (keys.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into paper_keys (key, paper_id)
    select * from unnest(${keys.map((row) => row.key)}::text[], ${keys.map((row) => row.paperId)}::uuid[])
    on conflict (key) do nothing`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}

/** Title, abstract and authors as well. */
export async function updateTexts(trx: Trx, papers: readonly PaperRow[]): Promise<void> {
  if (papers.length === 0) return;
  await sql`
    update papers p set title = r.title, title_key = r."titleKey", abstract = r.abstract, authors = r.authors, ${facts}
    from jsonb_to_recordset(${json(papers)}::jsonb) as r(${sql.raw(paperColumns)})
    where p.id = r.id`.execute(trx);
}

/** Everything but title, abstract and authors, which stay as they are; the trend where one is given. */
export async function updateFacts(
  trx: Trx,
  papers: readonly PaperRow[],
  trends: ReadonlyMap<string, number | null> = new Map(),
): Promise<void> {
  if (papers.length === 0) return;
  const short = papers.map(({ title: _, titleKey: __, abstract: ___, authors: ____, ...rest }) =>
    trends.has(rest.id) ? { ...rest, trend: trends.get(rest.id), ranked: true } : rest,
  );
  await sql`
    update papers p set ${facts}, trend = case when r.ranked then r.trend else p.trend end
    from jsonb_to_recordset(${json(short)}::jsonb) as r(${sql.raw(paperColumns)}, trend float8,
      ranked boolean)
    where p.id = r.id`.execute(trx);
}

const facts = sql`categories = r.categories, published = r.published, updated = r.updated,
      year = r.year, latest_version = r."latestVersion", arxiv_id = r."arxivId", doi = r.doi,
      journal_ref = r."journalRef", venue = r.venue, license = r.license, language = r.language, votes = r.votes,
      picked_by = r."pickedBy", withdrawn_at = r."withdrawnAt", published_at = r."publishedAt",
      described_by = r."describedBy"`;

/** Papers got their arXiv id: from now on other arXiv papers need not be compared with them. */
export async function markBlocksArxiv(trx: Trx, paperIds: readonly string[]): Promise<void> {
  if (paperIds.length === 0) return;
  await sql`
    update paper_blocks b set arxiv = true from papers p, unnest(p.blocks) as k(key)
    where p.id = any(${[...paperIds]}::uuid[]) and b.key = k.key and not b.arxiv and b.paper_id = p.id`.execute(
    trx,
  );
}

export async function insertEvents(trx: Trx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into events (type, paper_id, at, data)
    select r.type, r."paperId", r.at, r.data
    from jsonb_to_recordset(${json(events)}::jsonb) as r(type text, "paperId" uuid, at timestamptz, data jsonb)`.execute(
    trx,
  );
}

/** Marks the papers of these keys as withdrawn, each once and with its event. Returns how many were not before. */
export async function withdraw(trx: Trx, keys: readonly string[], home: string, at: Date): Promise<number> {
  if (keys.length === 0) return 0;
  const { rows } = await sql<{ paperId: string }>`
    with gone as (
      update papers set withdrawn_at = ${at} where withdrawn_at is null
        and id in (select paper_id from paper_keys where key = any(${keys}))
      returning id
    ) insert into events (type, paper_id, at, data)
      select 'paper.withdrawn', id, ${at}, jsonb_build_object('home', ${home}::text) from gone
      returning paper_id as "paperId"`.execute(trx);
  return rows.length;
}

/** Occasions that no listing gave. */
export async function insertAnnouncements(
  trx: Trx,
  announcements: readonly AnnouncementRow[],
): Promise<void> {
  if (announcements.length === 0) return;
  await sql`
    insert into announcements (paper_id, occasion, source_id, at, late)
    select r."paperId", r.occasion, r."sourceId", r.at, r.late
    from jsonb_to_recordset(${json(announcements)}::jsonb) as r("paperId" uuid, occasion text, "sourceId" text,
      at timestamptz, late boolean)
    on conflict do nothing`.execute(trx);
}

export interface MergeRow {
  readonly kept: string;
  readonly gone: string;
  readonly state: "candidate" | "merged";
  readonly probability: number;
  readonly because: readonly string[];
  readonly at: string;
  /** What the paper that is gone brought, where no row had to be moved; `split` gives it back. */
  readonly snapshot?: unknown;
}

/** Decisions about pairs. A pair that a person has decided, or that is merged, stays as it is. */
export async function insertMerges(trx: Trx, merges: readonly MergeRow[]): Promise<void> {
  if (merges.length === 0) return;
  const pairs = new Map(merges.map((merge) => [[merge.kept, merge.gone].sort().join(), merge]));
  await sql`
    insert into merges (kept, gone, state, probability, because, snapshot, at, decided_at)
    select r.kept, r.gone, r.state, r.probability, r.because, r.snapshot, r.at,
      case when r.state = 'merged' then r.at end
    from jsonb_to_recordset(${json([...pairs.values()])}::jsonb) as r(kept uuid, gone uuid, state text,
      probability real, because text[], snapshot jsonb, at timestamptz)
    on conflict (least(kept, gone), greatest(kept, gone)) do update
      set kept = excluded.kept, gone = excluded.gone, state = excluded.state, probability = excluded.probability,
        because = excluded.because, snapshot = excluded.snapshot, decided_at = excluded.decided_at
      where merges.state = 'candidate'`.execute(trx);
}

/** Text that a jsonb column cannot hold (NUL) never reaches it: listings are cleaned when they are read. */
function json(value: unknown): string {
  return JSON.stringify(value);
}
