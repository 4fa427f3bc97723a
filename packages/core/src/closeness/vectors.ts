import type { TermStatistics } from "../topics/key-phrases.ts";
import { wordBagOf } from "./bags.ts";
import type { WordPairs } from "./pairs.ts";
import { meaningfulStems } from "./words.ts";

/** Word vectors learned from an archive; words whose vectors point the same way mean alike there. */
export interface WordVectors extends WordPairs {
  /** Changes with every vector: a fingerprint of the bytes `encodeVectors` gives. Texts' vectors of two versions do not compare. */
  readonly version: string;
  readonly dimensions: number;
  /** How many papers they were learned from. */
  readonly papers: number;
  /** Stems as `tokenise` gives them, the most frequent first. */
  readonly stems: readonly string[];
  /** In how many papers each occurs. */
  readonly frequency: Uint32Array;
  /** One row of `dimensions` for each stem; its size is `scales` times that, and says how much the word weighs. */
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * The direction of a text: `dimensions` whole numbers from -127 to 127, the sum of its words' vectors. A paper's
 * title counts twice. Undefined when the archive knows none of its words. Texts compare by `cosineOf`.
 */
export function vectorOf(
  vectors: WordVectors,
  text: string | { title: string; abstract?: string },
): Int8Array | undefined {
  const { title, abstract = "" } = typeof text === "string" ? { title: text } : text;
  const stems = meaningfulStems(title);
  const all = typeof text === "string" ? stems : [...stems, ...stems, ...meaningfulStems(abstract)];
  const numbers = numbersOf(vectors);
  const known = all.flatMap((stem) => numbers.get(stem) ?? []);
  if (known.length === 0) return undefined;
  return rounded(sumOf(vectors, Uint16Array.from(known)));
}

/** Cosine of two directions, -1 to 1. */
export function cosineOf(a: Int8Array, b: Int8Array): number {
  let dot = 0;
  let [squaresA, squaresB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return dot / Math.sqrt(squaresA * squaresB || 1);
}

/** The stems that mean most nearly what a text means, its own left out, closest first: to show what a search looks for. */
export function closestStems(
  vectors: WordVectors,
  text: string,
  most = 10,
): { stem: string; closeness: number }[] {
  const own = vectorOf(vectors, text);
  if (own === undefined) return [];
  const said = new Set(meaningfulStems(text));
  const { dimensions, stems, values } = vectors;
  return stems
    .map((stem, i) => ({
      stem,
      closeness: cosineOf(own, values.subarray(i * dimensions, (i + 1) * dimensions)),
    }))
    .filter(({ stem }) => !said.has(stem))
    .sort((a, b) => b.closeness - a.closeness)
    .slice(0, most);
}

function sumOf({ dimensions, values, scales }: WordVectors, text: Uint16Array): Float64Array {
  const sum = new Float64Array(dimensions);
  const { words, weights } = wordBagOf(text);
  for (let w = 0; w < words.length; w++) {
    const word = words[w] ?? 0;
    const factor = (weights[w] ?? 0) * (scales[word] ?? 0);
    for (let k = 0; k < dimensions; k++)
      sum[k] = (sum[k] ?? 0) + factor * (values[word * dimensions + k] ?? 0);
  }
  return sum;
}

function rounded(sum: Float64Array): Int8Array {
  let most = 0;
  for (const value of sum) most = Math.max(most, Math.abs(value));
  return Int8Array.from(sum, (value) => Math.round((value / (most || 1)) * 127));
}

/** How common words and pairs of words are in the archive the vectors were learned from. */
export function statisticsOf(vectors: WordVectors): TermStatistics {
  const { papers, frequency, pairs, pairCounts } = vectors;
  const numbers = numbersOf(vectors);
  return {
    papers,
    frequencyOf: (stem) => frequency[numbers.get(stem) ?? -1] ?? 0,
    pairCountOf: (first, second) => {
      const [a, b] = [numbers.get(first), numbers.get(second)];
      if (a === undefined || b === undefined) return 0;
      const pair = a * 65_536 + b;
      let [low, high] = [0, pairs.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((pairs[middle] ?? 0) < pair) low = middle + 1;
        else high = middle;
      }
      return pairs[low] === pair ? (pairCounts[low] ?? 0) : 0;
    },
  };
}

function numbersOf(vectors: WordVectors): ReadonlyMap<string, number> {
  const known = numbers.get(vectors);
  if (known !== undefined) return known;
  const fresh = new Map(vectors.stems.map((stem, i) => [stem, i]));
  numbers.set(vectors, fresh);
  return fresh;
}

const numbers = new WeakMap<WordVectors, ReadonlyMap<string, number>>();
