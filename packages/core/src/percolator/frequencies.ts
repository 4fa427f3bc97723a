import { labelsOf, type QueryPaper } from "../query/labels.ts";
import { isStopWord, tokenise } from "../text-analysis.ts";

/** In how many of some papers a word's stem, or a label (`category:cs.cl`), occurs. Only speed depends on it. */
export interface Frequencies {
  readonly papers: number;
  of(key: string): number | undefined;
}

/** Counts a sample; a few thousand recent papers are enough. */
export function countFrequencies(papers: Iterable<QueryPaper>): Frequencies {
  const counts = new Map<string, number>();
  let total = 0;
  for (const paper of papers) {
    total++;
    const keys = labelsOf(paper);
    for (const stem of tokenise(paper.title)) keys.add(stem);
    for (const stem of tokenise(paper.abstract ?? "")) keys.add(stem);
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { papers: total, of: (key) => counts.get(key) };
}

/** For want of a sample: long words are rarer than short ones. */
export const guessedFrequencies: Frequencies = {
  papers: 1_000,
  of: (key) => (key.includes(":") ? undefined : isStopWord(key) ? 900 : Math.max(1, 1_000 / 2 ** key.length)),
};

/** Expected number of papers with a word of these stems next to each other. */
export function wordsFrequency(frequencies: Frequencies, stems: readonly string[], inTitle: boolean): number {
  let rarest = frequencies.papers;
  for (const stem of stems) rarest = Math.min(rarest, frequencies.of(stem) ?? 0.5);
  // A phrase is about twenty times rarer than its rarest word, a word in a title ten times rarer than anywhere.
  return rarest / (stems.length > 1 ? 20 : 1) / (inTitle ? 10 : 1);
}

export function labelFrequency(frequencies: Frequencies, key: string): number {
  const known = frequencies.of(key);
  if (known !== undefined) return known;
  if (key.startsWith("source:")) return frequencies.papers / 5;
  if (key.startsWith("category:") || key.startsWith("topic:")) return frequencies.papers / 50;
  if (key.startsWith("like:")) return frequencies.papers / 70;
  return 0.5;
}
