import type { PaperRecord } from "../../../packages/core/src/identity/record.ts";
import { type ArxivPaper, broadPapers, isForTraining, recentPapers } from "./corpora.ts";
import { neighboursOf } from "./product-examples.ts";
import { jsonLinesOf } from "./shared-data.ts";

/** A conference's record beside an arXiv paper; the label says by which rule the pair was made. */
export interface SilverRow {
  readonly label: string;
  readonly venue: string;
  readonly venue_id: string;
  readonly venue_title: string;
  readonly venue_authors: readonly string[];
  readonly arxiv_id: string;
  readonly arxiv_title: string;
  readonly arxiv_authors: readonly string[];
}

export interface SilverPair {
  readonly row?: SilverRow;
  readonly a: PaperRecord;
  readonly b: PaperRecord;
  /** 1 for labels that begin with `same`, 0 for `different…`; left out where the label asks a person to look. */
  readonly match?: 0 | 1;
  /** The arXiv paper is one of those that train the product's model. */
  readonly seen?: boolean;
}

export function silverPairsOf(path: string): SilverPair[] {
  return jsonLinesOf<SilverRow>(path).map((row) => ({
    row,
    a: { title: row.venue_title, authors: row.venue_authors, venue: row.venue },
    b: { title: row.arxiv_title, authors: row.arxiv_authors },
    ...(row.label.startsWith("same")
      ? { match: 1 as const }
      : row.label.startsWith("different")
        ? { match: 0 as const }
        : {}),
  }));
}

/**
 * Hard negatives: every conference record with the arXiv papers of both corpora that blocking brings up for it,
 * except those the file pairs it with.
 */
export function silverNeighbours(pairs: readonly SilverPair[]): SilverPair[] {
  const paired = new Set(pairs.map(({ row }) => `${row?.venue_id} ${row?.arxiv_id}`));
  const venues = new Map(
    pairs.map(({ a, row }) => [row?.venue_id ?? "", { ...a, venueId: row?.venue_id ?? "" }]),
  );
  const papers: (ArxivPaper | (PaperRecord & { venueId: string }))[] = [
    ...venues.values(),
    ...recentPapers(),
    ...broadPapers(),
  ];
  const negatives: SilverPair[] = [];
  for (const [one, other] of neighboursOf(papers, 24)) {
    if (!("venueId" in one) || !("id" in other) || paired.has(`${one.venueId} ${other.id}`)) continue;
    const { title, authors, year, abstract } = other;
    const record = { title, authors, year, ...(abstract === undefined ? {} : { abstract }) };
    negatives.push({ a: one, b: record, match: 0, seen: isForTraining(other) });
  }
  return negatives;
}
