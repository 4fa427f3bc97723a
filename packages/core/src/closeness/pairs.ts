import type { WordCorpus } from "./words.ts";

/** Pairs of neighbouring words that are more than chance, ascending by `first * 65536 + second`. */
export interface WordPairs {
  readonly pairs: Uint32Array;
  /** How often each stands in the papers. */
  readonly pairCounts: Uint32Array;
}

/**
 * The `most` pairs with the most weight of evidence (count times mutual information) among those that stand at
 * least five times and at least e^1.5 times as often as chance: names of things, rather than words that happen
 * to meet. Stop words between two words do not part them.
 */
export function commonPairs({ stems, titles, abstracts }: WordCorpus, most: number): WordPairs {
  const size = stems.length;
  const starts = new Uint32Array(size + 1);
  const texts = [...titles, ...abstracts].filter((text) => text.length > 1);
  let total = 0;
  for (const text of texts) {
    for (let i = 0; i + 1 < text.length; i++)
      starts[(text[i] ?? 0) + 1] = (starts[(text[i] ?? 0) + 1] ?? 0) + 1;
    total += text.length - 1;
  }
  for (let word = 0; word < size; word++) starts[word + 1] = (starts[word + 1] ?? 0) + (starts[word] ?? 0);
  const followers = new Uint16Array(total);
  const next = starts.slice();
  const following = new Uint32Array(size);
  for (const text of texts) {
    for (let i = 0; i + 1 < text.length; i++) {
      const [first, second] = [text[i] ?? 0, text[i + 1] ?? 0];
      const slot = next[first] ?? 0;
      followers[slot] = second;
      next[first] = slot + 1;
      following[second] = (following[second] ?? 0) + 1;
    }
  }
  const found: { pair: number; count: number; evidence: number }[] = [];
  const counts = new Uint32Array(size);
  for (let first = 0; first < size; first++) {
    const [start, end] = [starts[first] ?? 0, starts[first + 1] ?? 0];
    for (let at = start; at < end; at++) counts[followers[at] ?? 0] = (counts[followers[at] ?? 0] ?? 0) + 1;
    for (let at = start; at < end; at++) {
      const second = followers[at] ?? 0;
      const count = counts[second] ?? 0;
      counts[second] = 0;
      if (count < LEAST_COUNT) continue;
      const information = Math.log((count * total) / ((end - start) * (following[second] ?? 1)));
      if (information >= LEAST_INFORMATION)
        found.push({ pair: first * 65_536 + second, count, evidence: count * information });
    }
  }
  const kept = found
    .sort((a, b) => b.evidence - a.evidence || a.pair - b.pair)
    .slice(0, most)
    .sort((a, b) => a.pair - b.pair);
  return {
    pairs: Uint32Array.from(kept, ({ pair }) => pair),
    pairCounts: Uint32Array.from(kept, ({ count }) => count),
  };
}

const LEAST_COUNT = 5;
const LEAST_INFORMATION = 1.5;
