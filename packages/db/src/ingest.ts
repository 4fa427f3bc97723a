import type { Author } from "@paperwire/core";
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
  // Key by key, so that no plan ever reads the whole table.
  const { rows } = await sql<KnownListing>`
    select l.key, l.hash, l.paper_id as "paperId", l.announce_type as "announceType", l.announced_on as "announcedOn"
    from unnest(${[...keys]}::text[]) as k(key)
    cross join lateral (
      select * from listings where source_id = ${sourceId} and listings.key = k.key limit 1
    ) l`.execute(trx);
  return new Map(rows.map((row) => [row.key, row]));
}

/** Key to paper, for the keys that lead to one. */
export async function findByKeys(trx: Trx, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ key: string; paperId: string }>`
    select h.key, h.paper_id as "paperId" from unnest(${[...keys]}::text[]) as k(key)
    cross join lateral (select key, paper_id from paper_keys where paper_keys.key = k.key limit 1) h`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.key, row.paperId]));
}

export interface BlockHit {
  readonly key: string;
  readonly paperId: string;
}

/**
 * Papers under the given block keys; a key that more than `perKey` papers share says too little and gives none.
 * `withoutArxiv`: only papers that have no arXiv id, because two different arXiv ids are never one paper.
 */
export async function findByBlocks(
  trx: Trx,
  keys: readonly string[],
  options: { readonly withoutArxiv: boolean; readonly perKey: number },
): Promise<BlockHit[]> {
  if (keys.length === 0) return [];
  const most = options.perKey + 1;
  const others = sql`(select paper_id from paper_blocks b where b.key = k.key and not b.arxiv limit ${most})`;
  const all = sql`(select paper_id from paper_blocks b where b.key = k.key and b.arxiv limit ${most}) union all ${others}`;
  const { rows } = await sql<{ key: string; paperIds: string[] }>`
    select k.key::text as key, array_agg(hit.paper_id) as "paperIds"
    from unnest(${[...keys]}::bigint[]) as k(key)
    cross join lateral (${options.withoutArxiv ? others : all}) hit
    group by k.key having count(*) < ${most}`.execute(trx);
  return rows.flatMap(({ key, paperIds }) => paperIds.map((paperId) => ({ key, paperId })));
}

export interface TitledPaper {
  readonly id: string;
  readonly title: string;
  readonly authors: readonly Author[];
}

/** What most candidates are dismissed by: titles and authors alone, of papers that are nobody else's. */
export async function titlesOf(trx: Trx, ids: readonly string[]): Promise<TitledPaper[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<TitledPaper>`
    select id, title, authors from papers where id = any(${[...ids]}::uuid[]) and merged_into is null`.execute(
    trx,
  );
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
      array(select gone from merges m where m.kept = p.id and m.state in ('split', 'rejected')
        union select kept from merges m where m.gone = p.id and m.state in ('split', 'rejected')) as "apartFrom"
    from papers p where p.id = any(${[...ids]}::uuid[]) and p.merged_into is null`.execute(trx);
  return rows;
}

export * from "./ingest-write.ts";
