import type { Author, Listing } from "@paperwire/core";
import { sql } from "kysely";
import type { Trx } from "./client.ts";

/** One process at a time decides which paper a listing belongs to; held until the transaction ends. */
export async function lockIdentity(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('paperwire.identity'))`.execute(trx);
}

export interface KnownListing {
  readonly key: string;
  readonly hash: string;
  readonly paperId: string;
  readonly announceType: string | null;
  readonly announcedOn: string | null;
}

export async function findListings(
  trx: Trx,
  sourceId: string,
  keys: readonly string[],
): Promise<Map<string, KnownListing>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<KnownListing>`
    select key, hash, paper_id as "paperId", announce_type as "announceType", announced_on as "announcedOn"
    from listings where source_id = ${sourceId} and key = any(${[...keys]})`.execute(trx);
  return new Map(rows.map((row) => [row.key, row]));
}

/** Key to paper, for the keys that lead to one. */
export async function findByKeys(trx: Trx, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ key: string; paperId: string }>`
    select key, paper_id as "paperId" from paper_keys where key = any(${[...keys]})`.execute(trx);
  return new Map(rows.map((row) => [row.key, row.paperId]));
}

export interface BlockHit {
  readonly key: string;
  readonly paperId: string;
}

/**
 * Papers under the given block keys, at most `perKey` each. `withoutArxiv`: only papers that have no arXiv id,
 * because two different arXiv ids are never one paper.
 */
export async function findByBlocks(
  trx: Trx,
  keys: readonly string[],
  options: { readonly withoutArxiv: boolean; readonly perKey: number },
): Promise<BlockHit[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<BlockHit>`
    select k.key::text as key, hit.paper_id as "paperId"
    from unnest(${[...keys]}::bigint[]) as k(key)
    cross join lateral (
      select paper_id from paper_blocks b where b.key = k.key and (b.arxiv = false or not ${options.withoutArxiv})
      limit ${options.perKey}
    ) hit`.execute(trx);
  return rows;
}

export interface StoredPaper {
  readonly id: string;
  readonly title: string;
  readonly abstract: string | null;
  readonly authors: readonly Author[];
  readonly categories: readonly string[];
  readonly year: number | null;
  readonly venue: string | null;
  readonly published: Date | null;
  readonly updated: Date | null;
  readonly firstSeen: Date;
  readonly latestVersion: number | null;
  readonly arxivId: string | null;
  readonly doi: string | null;
  readonly journalRef: string | null;
  readonly license: string | null;
  readonly language: string | null;
  readonly votes: number;
  readonly pickedBy: readonly string[];
  readonly withdrawnAt: Date | null;
  readonly publishedAt: Date | null;
  readonly describedBy: string;
  readonly keys: readonly string[];
  readonly homes: readonly string[];
  readonly versions: readonly { readonly home: string; readonly version: number }[];
  readonly apartFrom: readonly string[];
}

/** The papers as far as placing listings needs them. */
export async function loadPapers(trx: Trx, ids: readonly string[]): Promise<StoredPaper[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<StoredPaper>`
    select p.id, p.title, p.abstract, p.authors, p.categories, p.year, p.venue, p.published, p.updated,
      p.first_seen as "firstSeen", p.latest_version as "latestVersion", p.arxiv_id as "arxivId", p.doi,
      p.journal_ref as "journalRef", p.license, p.language, p.votes, p.picked_by as "pickedBy",
      p.withdrawn_at as "withdrawnAt", p.published_at as "publishedAt", p.described_by as "describedBy",
      array(select key from paper_keys k where k.paper_id = p.id) as keys,
      array(select home from homes h where h.paper_id = p.id) as homes,
      coalesce((select jsonb_agg(jsonb_build_object('home', v.home, 'version', v.version))
        from versions v where v.paper_id = p.id), '[]') as versions,
      array(select case when m.kept = p.id then m.gone else m.kept end from merges m
        where m.state in ('split', 'rejected') and p.id in (m.kept, m.gone)) as "apartFrom"
    from papers p where p.id = any(${[...ids]}::uuid[]) and p.merged_into is null`.execute(trx);
  return rows;
}

export interface PaperRow {
  readonly id: string;
  readonly title: string;
  readonly titleKey: string;
  readonly abstract: string | undefined;
  readonly authors: readonly Author[];
  readonly authorKeys: readonly string[];
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

const paperColumns = `id uuid, "title" text, "titleKey" text, "abstract" text, "authors" jsonb, "authorKeys" text[],
  "categories" text[], "published" timestamptz, "updated" timestamptz, "year" int, "firstSeen" timestamptz,
  "latestVersion" int, "arxivId" text, "doi" text, "journalRef" text, "venue" text, "license" text, "language" text,
  "votes" int, "pickedBy" text[], "withdrawnAt" timestamptz, "publishedAt" timestamptz, "describedBy" text`;

export async function insertPapers(trx: Trx, papers: readonly PaperRow[]): Promise<void> {
  if (papers.length === 0) return;
  await sql`
    insert into papers (id, title, title_key, abstract, authors, author_keys, categories, published, updated, year,
      first_seen, latest_version, arxiv_id, doi, journal_ref, venue, license, language, votes, picked_by,
      withdrawn_at, published_at, described_by)
    select r.id, r.title, r."titleKey", r.abstract, r.authors, r."authorKeys", r.categories, r.published, r.updated,
      r.year, r."firstSeen", r."latestVersion", r."arxivId", r.doi, r."journalRef", r.venue, r.license, r.language,
      r.votes, r."pickedBy", r."withdrawnAt", r."publishedAt", r."describedBy"
    from jsonb_to_recordset(${JSON.stringify(papers)}::jsonb) as r(${sql.raw(paperColumns)})`.execute(trx);
}

export async function updatePapers(trx: Trx, papers: readonly PaperRow[]): Promise<void> {
  if (papers.length === 0) return;
  await sql`
    update papers p set title = r.title, title_key = r."titleKey", abstract = r.abstract, authors = r.authors,
      author_keys = r."authorKeys", categories = r.categories, published = r.published, updated = r.updated,
      year = r.year, latest_version = r."latestVersion", arxiv_id = r."arxivId", doi = r.doi,
      journal_ref = r."journalRef", venue = r.venue, license = r.license, language = r.language, votes = r.votes,
      picked_by = r."pickedBy", withdrawn_at = r."withdrawnAt", published_at = r."publishedAt",
      described_by = r."describedBy"
    from jsonb_to_recordset(${JSON.stringify(papers)}::jsonb) as r(${sql.raw(paperColumns)})
    where p.id = r.id`.execute(trx);
}

/** Returns how many were new. A key that leads somewhere already stays where it is. */
export async function insertKeys(
  trx: Trx,
  keys: readonly { key: string; paperId: string }[],
): Promise<number> {
  if (keys.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into paper_keys (key, paper_id)
    select * from unnest(${keys.map((row) => row.key)}::text[], ${keys.map((row) => row.paperId)}::uuid[])
    on conflict (key) do nothing`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}

export async function insertBlocks(
  trx: Trx,
  blocks: readonly { key: string; paperId: string; arxiv: boolean }[],
): Promise<void> {
  if (blocks.length === 0) return;
  await sql`
    insert into paper_blocks (key, paper_id, arxiv)
    select * from unnest(${blocks.map((row) => row.key)}::bigint[], ${blocks.map((row) => row.paperId)}::uuid[],
      ${blocks.map((row) => row.arxiv)}::boolean[])
    on conflict do nothing`.execute(trx);
}

/** A paper got its arXiv id: from now on other arXiv papers need not be compared with it. */
export async function markBlocksArxiv(trx: Trx, paperIds: readonly string[]): Promise<void> {
  if (paperIds.length === 0) return;
  await sql`update paper_blocks set arxiv = true where paper_id = any(${[...paperIds]}::uuid[])`.execute(trx);
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

export async function saveListings(trx: Trx, listings: readonly ListingRow[]): Promise<void> {
  if (listings.length === 0) return;
  await sql`
    insert into listings (source_id, key, paper_id, url, hash, announce_type, announced_on, version, categories, said,
      first_seen, last_seen)
    select r."sourceId", r.key, r."paperId", r.url, r.hash, r."announceType", r."announcedOn", r.version,
      r.categories, r.said, r."seenAt", r."seenAt"
    from jsonb_to_recordset(${JSON.stringify(listings)}::jsonb) as r("sourceId" text, key text, "paperId" uuid,
      url text, hash text, "announceType" text, "announcedOn" date, version int, categories text[], said jsonb,
      "seenAt" timestamptz)
    on conflict (source_id, key) do update set paper_id = excluded.paper_id, url = excluded.url,
      hash = excluded.hash, announce_type = excluded.announce_type, announced_on = excluded.announced_on,
      version = excluded.version, categories = excluded.categories, said = excluded.said,
      last_seen = excluded.last_seen`.execute(trx);
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

export async function insertVersions(trx: Trx, versions: readonly VersionRow[]): Promise<void> {
  if (versions.length === 0) return;
  await sql`
    insert into versions (paper_id, home, version, title, abstract, authors, at, seen_at, changed)
    select r."paperId", r.home, r.version, r.title, r.abstract, r.authors, r.at, r."seenAt", r.changed
    from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb) as r("paperId" uuid, home text, version int,
      title text, abstract text, authors jsonb, at timestamptz, "seenAt" timestamptz, changed text[])
    on conflict do nothing`.execute(trx);
}

export interface HomeRow {
  readonly paperId: string;
  readonly home: string;
  readonly url: string | undefined;
  readonly seenAt: string;
}

export async function insertHomes(trx: Trx, homes: readonly HomeRow[]): Promise<void> {
  if (homes.length === 0) return;
  await sql`
    insert into homes (paper_id, home, url, seen_at)
    select r."paperId", r.home, r.url, r."seenAt"
    from jsonb_to_recordset(${JSON.stringify(homes)}::jsonb) as r("paperId" uuid, home text, url text,
      "seenAt" timestamptz)
    on conflict do nothing`.execute(trx);
}

export interface AnnouncementRow {
  readonly paperId: string;
  readonly occasion: string;
  readonly sourceId: string;
  readonly at: string;
  readonly late: boolean;
}

/** Returns the papers that have an occasion they did not have before. */
export async function insertAnnouncements(
  trx: Trx,
  announcements: readonly AnnouncementRow[],
): Promise<string[]> {
  if (announcements.length === 0) return [];
  const { rows } = await sql<{ paperId: string }>`
    insert into announcements (paper_id, occasion, source_id, at, late)
    select r."paperId", r.occasion, r."sourceId", r.at, r.late
    from jsonb_to_recordset(${JSON.stringify(announcements)}::jsonb) as r("paperId" uuid, occasion text,
      "sourceId" text, at timestamptz, late boolean)
    on conflict do nothing returning paper_id as "paperId"`.execute(trx);
  return [...new Set(rows.map((row) => row.paperId))];
}

export interface NewEvent {
  readonly type: string;
  readonly paperId: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export async function insertEvents(trx: Trx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into events (type, paper_id, at, data)
    select r.type, r."paperId", r.at, r.data
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as r(type text, "paperId" uuid, at timestamptz, data jsonb)`.execute(
    trx,
  );
}

export interface MergeRow {
  readonly kept: string;
  readonly gone: string;
  readonly state: "candidate" | "merged";
  readonly probability: number;
  readonly because: readonly string[];
  readonly at: string;
}

export async function insertMerges(trx: Trx, merges: readonly MergeRow[]): Promise<void> {
  for (const merge of merges) {
    await sql`
      insert into merges (kept, gone, state, probability, because, at, decided_at)
      values (${merge.kept}, ${merge.gone}, ${merge.state}, ${merge.probability}, ${[...merge.because]}, ${merge.at},
        ${merge.state === "merged" ? merge.at : null})
      on conflict (least(kept, gone), greatest(kept, gone)) do update
        set state = excluded.state, probability = excluded.probability, because = excluded.because,
          decided_at = excluded.decided_at
        where merges.state = 'candidate'`.execute(trx);
  }
}
