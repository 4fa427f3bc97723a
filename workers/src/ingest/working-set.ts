import type { KnownPaper } from "@paperwire/core/identity/merge-rules.ts";
import { type PreparedRecord, prepare } from "@paperwire/core/identity/prepared.ts";
import type { PaperRow, StoredPaper } from "@paperwire/db/ingest.ts";
import { recordOf } from "./incoming.ts";

/** A paper while a chunk of listings is being placed: what is stored, and what the chunk has added. */
export interface WorkPaper {
  readonly id: string;
  /** Made by the listings that are being placed: no row of it is written yet. */
  isNew: boolean;
  row: PaperRow;
  readonly keys: Set<string>;
  readonly homes: Set<string>;
  readonly versions: Map<string, number>;
  readonly apartFrom: readonly string[];
  /** Under which it is found in this chunk. */
  blocks: readonly string[];
  /** What its row lost or gained besides keys and homes; text is what is searched, labelled and compared. */
  changed: "nothing" | "facts" | "text";
  prepared: PreparedRecord | undefined;
}

/** What a chunk did to rows of papers, as it stood when the chunk was placed. */
export interface PaperChanges {
  readonly made: readonly { readonly row: PaperRow; readonly blocks: readonly string[] }[];
  readonly facts: readonly PaperRow[];
  readonly texts: readonly PaperRow[];
}

/**
 * The papers a chunk of listings may belong to, found by key and by block. It outlives the chunk by one: what a
 * chunk placed is known here while its rows are still being written.
 */
export class WorkingSet {
  readonly papers = new Map<string, WorkPaper>();
  readonly #placed = new Set<WorkPaper>();
  /** Papers that became another one here; their rows are written all the same. */
  #folded: WorkPaper[] = [];
  #gone = new Set<string>();
  readonly #byKey = new Map<string, string>();
  readonly #byBlock = new Map<string, Set<string>>();

  add(paper: WorkPaper): void {
    this.papers.set(paper.id, paper);
    for (const key of paper.keys) this.#byKey.set(key, paper.id);
    for (const block of paper.blocks) this.#addBlock(block, paper.id);
  }

  /** A paper as it is stored; what is known of it here is newer, and stays. */
  admit(stored: WorkPaper): void {
    if (this.#gone.has(stored.id)) return;
    const here = this.papers.get(stored.id);
    if (here === undefined) {
      this.add(stored);
      return;
    }
    for (const block of stored.blocks) this.#addBlock(block, here.id);
    here.blocks = [...new Set([...here.blocks, ...stored.blocks])];
  }

  /** A listing of this chunk is of this paper. */
  place(paper: WorkPaper): void {
    this.#placed.add(paper);
  }

  /** Ends a chunk: returns what is to be written, and forgets every paper that the chunk has not touched. */
  endChunk(): PaperChanges {
    const touched = [...this.#placed].filter((paper) => this.papers.has(paper.id));
    const all = [...touched, ...this.#folded];
    const changed = (what: WorkPaper["changed"]) =>
      all.filter((paper) => !paper.isNew && paper.changed === what).map((paper) => paper.row);
    const changes = {
      made: all.filter((paper) => paper.isNew).map(({ row, blocks }) => ({ row, blocks })),
      facts: changed("facts"),
      texts: changed("text"),
    };
    this.#gone = new Set(this.#folded.map((paper) => paper.id));
    this.#folded = [];
    this.#placed.clear();
    this.papers.clear();
    this.#byKey.clear();
    this.#byBlock.clear();
    for (const paper of touched) {
      paper.isNew = false;
      paper.changed = "nothing";
      this.add(paper);
    }
    return changes;
  }

  addKey(key: string, paper: WorkPaper): void {
    paper.keys.add(key);
    this.#byKey.set(key, paper.id);
  }

  holder(key: string): WorkPaper | undefined {
    const id = this.#byKey.get(key);
    return id === undefined ? undefined : this.papers.get(id);
  }

  /** Papers that share a block, those that share most first, `limit` at most. */
  neighbours(blocks: readonly string[], limit: number): WorkPaper[] {
    const shared = new Map<string, number>();
    for (const block of blocks) {
      for (const id of this.#byBlock.get(block) ?? []) shared.set(id, (shared.get(id) ?? 0) + 1);
    }
    return nearest(shared, limit).flatMap((id) => this.papers.get(id) ?? []);
  }

  /** `gone` has become `kept`: everything that led to it leads to `kept` now. */
  fold(kept: WorkPaper, gone: WorkPaper): void {
    for (const key of gone.keys) this.addKey(key, kept);
    for (const home of gone.homes) kept.homes.add(home);
    for (const [home, version] of gone.versions) {
      kept.versions.set(home, Math.max(version, kept.versions.get(home) ?? 0));
    }
    this.papers.delete(gone.id);
    this.#folded.push(gone);
    this.#gone.add(gone.id);
    for (const block of gone.blocks) {
      this.#byBlock.get(block)?.delete(gone.id);
      this.#addBlock(block, kept.id);
    }
    kept.blocks = [...new Set([...kept.blocks, ...gone.blocks])];
  }

  #addBlock(block: string, paperId: string): void {
    const there = this.#byBlock.get(block);
    if (there === undefined) this.#byBlock.set(block, new Set([paperId]));
    else there.add(paperId);
  }
}

/** Ids by how many blocks they share, most first; ties by id. */
export function nearest(shared: ReadonlyMap<string, number>, limit: number): string[] {
  const sorted = [...shared].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted.slice(0, limit).map(([id]) => id);
}

export function fromStored(stored: StoredPaper, blocks: readonly string[]): WorkPaper {
  const versions = new Map<string, number>();
  for (const { home, version } of stored.versions)
    versions.set(home, Math.max(version, versions.get(home) ?? 0));
  return {
    id: stored.id,
    isNew: false,
    row: {
      id: stored.id,
      title: stored.title,
      titleKey: "",
      abstract: stored.abstract ?? undefined,
      authors: stored.authors,
      categories: stored.categories,
      published: stored.published?.toISOString(),
      updated: stored.updated?.toISOString(),
      year: stored.year ?? undefined,
      firstSeen: stored.firstSeen.toISOString(),
      latestVersion: stored.latestVersion ?? undefined,
      arxivId: stored.arxivId ?? undefined,
      doi: stored.doi ?? undefined,
      journalRef: stored.journalRef ?? undefined,
      venue: stored.venue ?? undefined,
      license: stored.license ?? undefined,
      language: stored.language ?? undefined,
      votes: stored.votes,
      pickedBy: stored.pickedBy,
      withdrawnAt: stored.withdrawnAt?.toISOString(),
      publishedAt: stored.publishedAt?.toISOString(),
      describedBy: stored.describedBy,
    },
    keys: new Set(stored.keys),
    homes: new Set(stored.homes),
    versions,
    apartFrom: stored.apartFrom,
    blocks,
    changed: "nothing",
    prepared: undefined,
  };
}

/** The rules of identity see papers through these two. */
export function knownPaper(paper: WorkPaper): KnownPaper {
  return {
    id: paper.id,
    keys: [...paper.keys],
    firstSeen: paper.row.firstSeen,
    apartFrom: paper.apartFrom,
  };
}

export function preparedPaper(paper: WorkPaper): PreparedRecord {
  paper.prepared ??= prepare(recordOf(paper.row, [...paper.keys]));
  return paper.prepared;
}
