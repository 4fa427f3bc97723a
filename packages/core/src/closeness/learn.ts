import { UsageError } from "../errors.ts";
import { contrast } from "./contrast.ts";
import { mutualInformation } from "./cooccurrence.ts";
import { factorise } from "./factorise.ts";
import { commonPairs } from "./pairs.ts";
import type { WordVectors } from "./vectors.ts";
import { decodeVectors, encodeVectors } from "./vectors-bytes.ts";
import { type LearnedPaper, toWordCorpus } from "./words.ts";

export interface LearnOptions {
  readonly seed?: number;
  /** Length of a vector (160). */
  readonly dimensions?: number;
  /** Words of fewer papers (5) get no vector. */
  readonly leastPapers?: number;
  /** Most words (40,000, at most 65,535), the most frequent ones. */
  readonly mostWords?: number;
  /** Passes over titles and abstracts (3). */
  readonly epochs?: number;
  /** More papers than this (120,000) are thinned evenly. */
  readonly mostPapers?: number;
}

/**
 * Learns word vectors from titles and abstracts alone, with nothing from outside: first which words keep company
 * (mutual information, factorised), then which title goes with which abstract. Papers without an abstract help only
 * with the first. Deterministic by seed. Throws `UsageError` when there is too little text to learn from.
 */
export function learnVectors(
  papers: readonly LearnedPaper[],
  options: LearnOptions = {},
  onProgress: (note: string) => void = () => {},
): WordVectors {
  const {
    seed = 1,
    dimensions = 160,
    leastPapers = 5,
    mostWords = 40_000,
    epochs = 3,
    mostPapers = 120_000,
  } = options;
  const every = Math.max(1, papers.length / mostPapers);
  const chosen =
    every === 1 ? papers : papers.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every));
  const corpus = toWordCorpus(chosen, { leastPapers, mostWords });
  const size = corpus.stems.length;
  if (size < 2 * dimensions) {
    throw new UsageError(
      `Word vectors of ${dimensions} dimensions need ${2 * dimensions} words that occur in ${leastPapers} papers; these ${papers.length} papers have ${size}.`,
    );
  }
  onProgress(`${size} words in ${chosen.length} papers`);
  const matrix = mutualInformation(corpus);
  onProgress(`${matrix.values.length} pairs of words keep company`);
  const vectors = factorise(matrix, dimensions, seed);
  weigh(vectors, corpus.frequency, chosen.length, dimensions);
  contrast(vectors, corpus, {
    dimensions,
    epochs,
    seed,
    onEpoch: (epoch, loss) => onProgress(`pass ${epoch} of ${epochs}, loss ${loss.toFixed(3)}`),
  });
  const { stems, frequency } = corpus;
  const learned = {
    dimensions,
    papers: chosen.length,
    stems,
    frequency,
    ...quantised(vectors, size, dimensions),
  };
  return decodeVectors(encodeVectors({ ...learned, ...commonPairs(corpus, MOST_PAIRS) }));
}

const MOST_PAIRS = 60_000;

/** Every vector starts as long as its word is rare. */
function weigh(vectors: Float32Array, frequency: Uint32Array, papers: number, dimensions: number): void {
  frequency.forEach((count, word) => {
    const row = vectors.subarray(word * dimensions, (word + 1) * dimensions);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    const factor = Math.log(papers / count) / 5 / length;
    for (let k = 0; k < dimensions; k++) row[k] = (row[k] ?? 0) * factor;
  });
}

function quantised(
  vectors: Float32Array,
  size: number,
  dimensions: number,
): Pick<WordVectors, "values" | "scales"> {
  const values = new Int8Array(size * dimensions);
  const scales = new Float32Array(size);
  for (let word = 0; word < size; word++) {
    const row = vectors.subarray(word * dimensions, (word + 1) * dimensions);
    const most = row.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0);
    scales[word] = most / 127;
    for (let k = 0; k < dimensions; k++)
      values[word * dimensions + k] = Math.round(((row[k] ?? 0) / (most || 1)) * 127);
  }
  return { values, scales };
}
