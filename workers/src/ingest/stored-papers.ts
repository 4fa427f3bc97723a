import { mostCandidates, mostPapersPerKey } from "@paperwire/core/identity/blocking.ts";
import { areFarApart } from "@paperwire/core/identity/decide.ts";
import { prepare } from "@paperwire/core/identity/prepared.ts";
import { ingest, type Trx } from "@paperwire/db";
import type { KnownListing } from "@paperwire/db/ingest.ts";
import { type Incoming, recordOf } from "./incoming.ts";
import { fromStored, nearest, type WorkPaper } from "./working-set.ts";

/** What the archive knows of a chunk of listings. */
export interface Stored {
  /** Listings that the source has shown before, by key. */
  readonly listings: Map<string, KnownListing>;
  /** The papers that the others may be. */
  readonly papers: readonly WorkPaper[];
}

/** Finds the stored papers that the listings may be: by identifier, else the nearest by likeness. */
export async function findStored(trx: Trx, sourceId: string, part: readonly Incoming[]): Promise<Stored> {
  const listings = await ingest.findListings(
    trx,
    sourceId,
    part.map((one) => one.listing.key),
  );
  const fresh = part.filter((one) => listings.get(one.listing.key)?.hash !== one.hash);
  const byKey = await ingest.findByKeys(trx, [...new Set(fresh.flatMap((one) => one.keys))]);
  const unknown = fresh.filter((one) => !one.keys.some((key) => byKey.has(key)));
  const [arxiv, others] = [unknown.filter(isArxiv), unknown.filter((one) => !isArxiv(one))];
  const near = await nearestOf(trx, others, { withoutArxiv: false, perKey: mostPapersPerKey });
  for (const [id, blocks] of await nearestOf(trx, arxiv, { withoutArxiv: true, perKey: mostPapersPerKey }))
    near.set(id, [...new Set([...(near.get(id) ?? []), ...blocks])]);
  const stored = await ingest.loadPapers(trx, [...new Set([...byKey.values(), ...near.keys()])]);
  return { listings, papers: stored.map((paper) => fromStored(paper, near.get(paper.id) ?? [])) };
}

function isArxiv(one: Incoming): boolean {
  return one.listing.arxivId !== undefined;
}

/** The papers nearest to each of the listings that are not far from it, with the blocks that led to them. */
async function nearestOf(
  trx: Trx,
  listings: readonly Incoming[],
  options: { readonly withoutArxiv: boolean; readonly perKey: number },
): Promise<Map<string, string[]>> {
  const hits = await ingest.findByBlocks(trx, [...new Set(listings.flatMap((one) => one.blocks))], options);
  const byBlock = Map.groupBy(hits, (hit) => hit.key);
  const pairs = listings.flatMap((one) => {
    const shared = new Map<string, number>();
    for (const block of one.blocks) {
      for (const { paperId } of byBlock.get(block) ?? []) shared.set(paperId, (shared.get(paperId) ?? 0) + 1);
    }
    return nearest(shared, mostCandidates).map((id) => ({ one, id }));
  });
  const titled = await ingest.titlesOf(trx, [...new Set(pairs.map(({ id }) => id))]);
  const prepared = new Map(titled.map((paper) => [paper.id, prepare(recordOf(paper, []))]));
  const near = new Map<string, string[]>();
  for (const { one, id } of pairs) {
    const paper = prepared.get(id);
    if (paper !== undefined && !near.has(id) && !areFarApart(one.prepared, paper)) near.set(id, []);
  }
  for (const { key, paperId } of hits) near.get(paperId)?.push(key);
  return near;
}
