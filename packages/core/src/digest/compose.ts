import {
  byRank,
  type Digest,
  type DigestItem,
  type DigestSection,
  type Reason,
  type SourceNote,
} from "./digest.ts";
import { select } from "./select.ts";
import type { TermVector } from "./terms.ts";

/** A paper that matched and has not been mailed to this reader. The same paper may come several times. */
export interface Candidate extends DigestItem {
  /** `termVectorOf(title, abstract)`, where the caller has it already. */
  readonly terms?: TermVector;
}

export interface DigestSettings {
  /** The reader's cap, at least 1. */
  readonly maxPapers: number;
  /** The reader's budget for reading titles and abstracts, at 230 words a minute. */
  readonly maxMinutes?: number;
}

/**
 * Chooses, orders and groups what goes into one digest: each paper once (its reasons merged), the best
 * that fit the reader's cap and minutes without near-repetition, grouped by the interest that asked for
 * them. The same input in any order gives the same digest; ties go by paper id.
 */
export function composeDigest(
  candidates: readonly Candidate[],
  settings: DigestSettings,
  notes: readonly SourceNote[] = [],
): Digest {
  const papers = mergeRepeats(candidates).sort(byRank);
  const chosen = new Set(withinMinutes(select(papers, settings.maxPapers), settings.maxMinutes));
  return {
    sections: sectionsOf(papers.filter((paper) => chosen.has(paper))),
    overCap: papers.filter((paper) => !chosen.has(paper)).map((paper) => paper.paperId),
    notes: [...notes].sort((a, b) => compareText(a.source, b.source) || compareText(a.state, b.state)),
  };
}

/** Whether there is anything to mail. A reader who wants to hear of empty days gets them too. */
export function isWorthMailing(digest: Digest, reader: { readonly tellWhenNothing: boolean }): boolean {
  return digest.sections.length > 0 || reader.tellWhenNothing;
}

function mergeRepeats(candidates: readonly Candidate[]): Candidate[] {
  const byId = Map.groupBy(candidates, (candidate) => candidate.paperId);
  return [...byId.values()].map((same) => {
    const [first, ...more] = [...same].sort((a, b) => b.score - a.score || compareText(keyOf(a), keyOf(b)));
    if (first === undefined) throw new RangeError("a group is never empty");
    if (more.length === 0) return first;
    return {
      ...first,
      late: same.some((one) => one.late),
      picked: same.some((one) => one.picked),
      reasons: mergeReasons([first, ...more].flatMap((one) => one.reasons)),
    };
  });
}

function keyOf(candidate: Candidate): string {
  return candidate.reasons.map((reason) => reason.subscriptionId).join();
}

function mergeReasons(reasons: readonly Reason[]): Reason[] {
  const bySubscription = Map.groupBy(reasons, (reason) => reason.subscriptionId);
  return [...bySubscription.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const evidence = new Map(
      [first, ...more].flatMap((reason) => reason.evidence).map((each) => [JSON.stringify(each), each]),
    );
    return [{ ...first, evidence: [...evidence.values()] }];
  });
}

/** The longest run of papers, best first, whose titles and abstracts fit; always at least one. */
function withinMinutes(papers: readonly Candidate[], maxMinutes: number | undefined): readonly Candidate[] {
  if (maxMinutes === undefined) return papers;
  const ranked = [...papers].sort(byRank);
  let minutes = 0;
  const fits = ranked.findIndex((paper, i) => {
    minutes += minutesOf(paper);
    return i > 0 && minutes > maxMinutes;
  });
  return fits < 0 ? ranked : ranked.slice(0, fits);
}

/** Reading time of a title and abstract: 230 words a minute, and for scripts without spaces 500 letters. */
export function minutesOf(paper: { readonly title: string; readonly abstract?: string }): number {
  const text = `${paper.title} ${paper.abstract ?? ""}`;
  const ideographs = text.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/gu)?.length ?? 0;
  const words = text.match(/[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]+/gu)?.length ?? 0;
  return words / 230 + ideographs / 500;
}

function sectionsOf(ranked: readonly Candidate[]): DigestSection[] {
  const groups = Map.groupBy(ranked, (paper) => paper.reasons[0]?.subscriptionId ?? "");
  return [...groups].map(([subscriptionId, papers]) => ({
    subscriptionId,
    name: papers[0]?.reasons[0]?.subscriptionName ?? "",
    items: papers.map(({ terms: _, ...item }) => item),
  }));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
