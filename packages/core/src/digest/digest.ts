import type { Author } from "../listing/listing.ts";

/** What in a paper satisfied a subscription: real evidence, never a guess. */
export type Evidence =
  | { readonly kind: "category"; readonly value: string }
  | { readonly kind: "topic"; readonly value: string }
  | { readonly kind: "author"; readonly value: string }
  | { readonly kind: "words"; readonly value: string; readonly where?: "title" | "abstract" }
  /** `value` is the title of the paper it resembles. */
  | { readonly kind: "like"; readonly value: string; readonly closeness?: number }
  /** `value` is the phrase it is close to in meaning; `closeness` a cosine; `through` its key phrases that are. */
  | {
      readonly kind: "close";
      readonly value: string;
      readonly closeness?: number;
      readonly through?: readonly string[];
    }
  /** `value` is the person or list that picked it; empty when unnamed. */
  | { readonly kind: "pick"; readonly value: string }
  /** `value` is the list, such as `Hugging Face Daily Papers`; empty for ours, with the place from 1 and the period. */
  | {
      readonly kind: "trending";
      readonly value: string;
      readonly rank?: number;
      readonly of?: "day" | "week";
    }
  | { readonly kind: "source"; readonly value: string }
  /** A whole clause that follows “because”, for anything else. */
  | { readonly kind: "text"; readonly value: string };

/** One subscription that a paper satisfied. */
export interface Reason {
  readonly subscriptionId: string;
  readonly subscriptionName: string;
  readonly evidence: readonly Evidence[];
}

/** A place that lists the paper. */
export interface Home {
  /** As readers know it: `arXiv`, `bioRxiv`, a journal's name. */
  readonly source: string;
  readonly url?: string;
}

export interface DigestItem {
  readonly paperId: string;
  /** Plain Unicode with maths as `$…$`, like everything a listing says. */
  readonly title: string;
  readonly abstract?: string;
  readonly authors: readonly Author[];
  /** As readers read them: `cs.CL`, `Computation and Language`. */
  readonly topics: readonly string[];
  readonly homes: readonly Home[];
  /** ISO 8601 UTC. */
  readonly firstSeen: string;
  /** It belongs to an earlier period and arrived only now. */
  readonly late: boolean;
  readonly score: number;
  readonly votes?: number;
  /** Chosen by a curator. */
  readonly picked: boolean;
  /** Never empty in a digest that goes out; the first is the section's. */
  readonly reasons: readonly Reason[];
}

/** What the reader should know about a source that did not do its part. */
export interface SourceNote {
  readonly source: string;
  readonly state: "stale" | "failed" | "truncated";
  /** Since when; ISO 8601 UTC. */
  readonly since?: string;
  /** One sentence for readers, without a source's own text in it. */
  readonly detail?: string;
}

/** The papers of one interest, best first. */
export interface DigestSection {
  readonly subscriptionId: string;
  readonly name: string;
  readonly items: readonly DigestItem[];
}

/** A selection for one reader and one period: plain data, frozen as JSON. */
export interface Digest {
  /** By their best paper, best first. */
  readonly sections: readonly DigestSection[];
  /** Papers that matched and did not fit, best first. */
  readonly overCap: readonly string[];
  readonly notes: readonly SourceNote[];
}

/** All papers of a digest, best first. */
export function itemsOf(digest: Digest): DigestItem[] {
  return digest.sections.flatMap((section) => section.items).sort(byRank);
}

/** Best first; equal scores in the order of their ids, so that the same papers always come in the same order. */
export function byRank(a: { score: number; paperId: string }, b: { score: number; paperId: string }): number {
  return b.score - a.score || (a.paperId < b.paperId ? -1 : a.paperId > b.paperId ? 1 : 0);
}
