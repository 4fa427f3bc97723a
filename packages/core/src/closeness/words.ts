import { isStopWord, tokenise } from "../text-analysis.ts";

/** A paper to learn from. */
export interface LearnedPaper {
  readonly title: string;
  readonly abstract?: string;
}

/** Papers as word numbers, one after the other: titles and abstracts apart. */
export interface WordCorpus {
  readonly stems: readonly string[];
  /** In how many papers each word occurs. */
  readonly frequency: Uint32Array;
  readonly titles: readonly Uint16Array[];
  readonly abstracts: readonly Uint16Array[];
}

/** Stems that carry meaning, in reading order. Texts longer than 20,000 characters are read up to there. */
export function meaningfulStems(text: string): string[] {
  return tokenise(text.slice(0, 20_000)).filter((stem) => stem.length > 1 && !isStopWord(stem));
}

/**
 * Numbers the words that occur in at least `leastPapers` papers, most frequent first, `mostWords` (up to 65,535)
 * at most; papers keep the words that have a number.
 */
export function toWordCorpus(
  papers: readonly LearnedPaper[],
  { leastPapers, mostWords }: { leastPapers: number; mostWords: number },
): WordCorpus {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  const counts: number[] = [];
  const lastSeen: number[] = [];
  const read = (text: string, paper: number): Uint32Array =>
    Uint32Array.from(meaningfulStems(text), (stem) => {
      let number = numbers.get(stem);
      if (number === undefined) {
        number = names.length;
        numbers.set(stem, number);
        names.push(stem);
        counts.push(0);
        lastSeen.push(-1);
      }
      if (lastSeen[number] !== paper) counts[number] = (counts[number] ?? 0) + 1;
      lastSeen[number] = paper;
      return number;
    });
  const texts = papers.map(({ title, abstract = "" }, i) => [read(title, i), read(abstract, i)] as const);
  const kept = counts
    .flatMap((count, number) => (count >= leastPapers ? [number] : []))
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    .slice(0, Math.min(mostWords, 65_535));
  const renumbered = new Int32Array(names.length).fill(-1);
  kept.forEach((number, i) => {
    renumbered[number] = i;
  });
  const known = (text: Uint32Array): Uint16Array =>
    Uint16Array.from([...text].map((number) => renumbered[number] ?? -1).filter((number) => number >= 0));
  return {
    stems: kept.map((number) => names[number] ?? ""),
    frequency: Uint32Array.from(kept, (number) => counts[number] ?? 0),
    titles: texts.map(([title]) => known(title)),
    abstracts: texts.map(([, abstract]) => known(abstract)),
  };
}
