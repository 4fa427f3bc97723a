/** One author as a source names them. */
export interface Author {
  readonly name: string;
  readonly affiliation?: string;
  readonly orcid?: string;
}

/** What arXiv says of a listing on its announcement day (RSS `arxiv:announce_type`). */
export const announceTypes = ["new", "cross", "replace", "replace-cross"] as const;
export type AnnounceType = (typeof announceTypes)[number];

/**
 * One entry as a source gave it, normalised. Text is plain Unicode: markup removed, entities and TeX
 * accents resolved, white space folded; maths stays as `$…$`. Absent values are left out, never null.
 */
export interface Listing {
  /** Identifies the entry within its source, stable over polls: the arXiv id without version, the guid, or a hash. */
  readonly key: string;
  readonly url?: string;
  readonly title: string;
  readonly abstract?: string;
  readonly authors: readonly Author[];
  /** Instants, ISO 8601 UTC. */
  readonly published?: string;
  readonly updated?: string;
  /** The day of the list that carries the entry (`YYYY-MM-DD`, the source's own calendar), where it is not the paper's own date. */
  readonly listedOn?: string;
  /** Codes or words as the source gives them, primary first (arXiv codes are canonicalised later). */
  readonly categories: readonly string[];
  /** Without version, canonical form (`2606.01234`, `math/0611800`). */
  readonly arxivId?: string;
  readonly version?: number;
  readonly announceType?: AnnounceType;
  /** Lower case, without resolver. */
  readonly doi?: string;
  readonly journalRef?: string;
  readonly license?: string;
  readonly votes?: number;
  readonly language?: string;
  /** Other identifiers that lead to the same paper, as `scheme:value` (`pmid:…`, `s2:…`, `openalex:…`, `openreview:…`, `acl:…`). */
  readonly ids?: readonly string[];
  /** Where the paper was published, as the source names it. */
  readonly venue?: string;
  readonly withdrawn?: boolean;
  /** The person or list that picked the paper, where the source is curated. */
  readonly pickedBy?: string;
}

export interface ReadWarning {
  /** Kebab-case, stable: `no-title`, `bad-date`, `duplicate-key`, `cut`, … */
  readonly code: string;
  /** A sentence for the operator. */
  readonly message: string;
  /** Which entry: its key, or `#n` (from 1) where it has none. */
  readonly at?: string;
}

/** How often a source says it should be asked (RSS `ttl`, `sy:`, `skipHours`, `skipDays`). */
export interface Rhythm {
  readonly ttlMinutes?: number;
  readonly skipHours?: readonly number[];
  readonly skipDays?: readonly string[];
}

/** What a payload says: the answer of every source's `read`. */
export interface Reading {
  readonly title?: string;
  readonly url?: string;
  readonly listings: readonly Listing[];
  readonly warnings: readonly ReadWarning[];
  readonly rhythm?: Rhythm;
  /** The announcement date the source claims (`YYYY-MM-DD`, the source's own calendar), where it has one. */
  readonly date?: string;
  /** The source's own count of what it announced, where it gives one. */
  readonly announced?: number;
  /** URL (or token) of the following page, where the payload is one page of several. */
  readonly next?: string;
  /** Keys of records the source says are deleted (OAI-PMH `status="deleted"`). */
  readonly deleted?: readonly string[];
  /** WebSub hub and topic, where offered. */
  readonly hub?: { readonly url: string; readonly topic: string };
}
