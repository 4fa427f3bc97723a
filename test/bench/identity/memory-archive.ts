import type { Authority } from "../../../packages/core/src/identity/authority.ts";
import {
  blockingKeys,
  mostCandidates,
  mostPapersPerKey,
} from "../../../packages/core/src/identity/blocking.ts";
import { decidePrepared } from "../../../packages/core/src/identity/decide.ts";
import { type Placement, placeListing } from "../../../packages/core/src/identity/merge-rules.ts";
import { type PreparedRecord, prepare } from "../../../packages/core/src/identity/prepared.ts";
import type { PaperRecord } from "../../../packages/core/src/identity/record.ts";

export interface ArchiveListing {
  readonly source: string;
  readonly authority: Authority;
  /** With every key it names. */
  readonly record: PaperRecord;
}

export interface ArchivePaper {
  readonly id: string;
  keys: string[];
  readonly firstSeen: string;
  /** The first listing's, without keys, so that likeness is judged on what was said. */
  readonly prepared: PreparedRecord;
  readonly listings: ArchiveListing[];
}

/** An archive in memory that follows the product's rules; the measure of what they do to recorded listings. */
export interface MemoryArchive {
  readonly papers: ReadonlyMap<string, ArchivePaper>;
  place(listing: ArchiveListing): { placement: Placement; paper: ArchivePaper };
}

export function emptyArchive(): MemoryArchive {
  const papers = new Map<string, ArchivePaper>();
  const paperOfKey = new Map<string, string>();
  const papersOfBlock = new Map<bigint, string[]>();
  let turn = 0;

  function place(listing: ArchiveListing): { placement: Placement; paper: ArchivePaper } {
    turn += 1;
    const keys = listing.record.keys ?? [];
    const byKey = [...new Set(keys.flatMap((key) => paperOfKey.get(key) ?? []))].flatMap(
      (id) => papers.get(id) ?? [],
    );
    const prepared = prepare(listing.record);
    const isKnown = keys[0] !== undefined && paperOfKey.has(keys[0]);
    const blocks = isKnown ? [] : blockingKeys(listing.record);
    const near = candidatesOf(blocks).map((paper) => ({
      paper,
      decision: decidePrepared(prepared, withKeys(paper)),
    }));
    const placement = placeListing({ keys, authority: listing.authority, byKey, near });
    const paper = papers.get(placement.paperId ?? "") ?? newPaper(prepared);
    paper.listings.push(listing);
    for (const id of placement.merged) fold(id, paper);
    for (const key of placement.keys) give(key, paper);
    for (const block of blocks) papersOfBlock.set(block, [...(papersOfBlock.get(block) ?? []), paper.id]);
    return { placement, paper };
  }

  function candidatesOf(blocks: readonly bigint[]): ArchivePaper[] {
    const shared = new Map<string, number>();
    for (const block of blocks) {
      const holders = papersOfBlock.get(block) ?? [];
      if (holders.length > mostPapersPerKey) continue;
      for (const id of holders) shared.set(id, (shared.get(id) ?? 0) + 1);
    }
    const nearest = [...shared].sort((a, b) => b[1] - a[1]).slice(0, mostCandidates);
    return nearest.flatMap(([id]) => papers.get(id) ?? []);
  }

  function newPaper(prepared: PreparedRecord): ArchivePaper {
    const paper = {
      id: `p${turn}`,
      keys: [],
      firstSeen: String(turn).padStart(9, "0"),
      prepared,
      listings: [],
    };
    papers.set(paper.id, paper);
    return paper;
  }

  function fold(id: string, into: ArchivePaper): void {
    const folded = papers.get(id);
    if (folded === undefined) return;
    papers.delete(id);
    into.listings.push(...folded.listings);
    for (const key of folded.keys) give(key, into);
  }

  function give(key: string, paper: ArchivePaper): void {
    paperOfKey.set(key, paper.id);
    if (!paper.keys.includes(key)) paper.keys.push(key);
  }

  return { papers, place };
}

/** The prepared first listing under the keys the paper has by now. */
function withKeys(paper: ArchivePaper): PreparedRecord {
  const has = (scheme: string) =>
    paper.keys.flatMap((key) => (key.startsWith(scheme) ? [key.slice(scheme.length)] : []));
  return Object.assign(Object.create(paper.prepared), {
    record: { ...paper.prepared.record, keys: paper.keys },
    arxivIds: has("arxiv:"),
    dois: has("doi:"),
  }) as PreparedRecord;
}
