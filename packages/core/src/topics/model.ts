import { type TopicText, termCountsOf } from "./tokens.ts";

/** One topic of a paper and how sure the classifier is, 0 to 1. */
export interface TopicLabel {
  readonly topic: string;
  readonly confidence: number;
}

/** How the text of a paper becomes a confidence; fitted on papers the weights were not trained on. */
export interface Calibration {
  readonly withAbstract: ConfidenceScale;
  readonly titleAlone: ConfidenceScale;
  /** Below this confidence of the best topic the answer is "don't know". */
  readonly threshold: number;
}

export interface ConfidenceScale {
  /** Scores are divided by it before they become probabilities. */
  readonly temperature: number;
  /** What probabilities of 0, 1/20, … 1 turned out to be worth: 21 rising values, straight lines between them. */
  readonly worth: readonly number[];
}

/**
 * A multinomial logistic model over hashed stems and pairs of stems, weighted by tf-idf, pruned to its heaviest
 * weights and kept in 8 bits. Terms with a weight are rows; a row lists its topics in CSR form.
 */
export interface TopicModel {
  /** Changes with every weight: a fingerprint of the bytes `encodeTopicModel` gives. */
  readonly version: string;
  readonly topics: readonly string[];
  readonly calibration: Calibration;
  /** How many papers it learned from. */
  readonly papers: number;
  /** Ascending term hashes, one per row. */
  readonly terms: Uint32Array;
  /** Inverse document frequency of each row as `idfOf` reads it. */
  readonly idf: Uint8Array;
  /** Size of a unit of weight in each row as `scaleOf` reads it. */
  readonly scale: Uint8Array;
  /** Where each row's weights begin; one longer than `terms`. */
  readonly starts: Uint32Array;
  readonly topicIds: Uint8Array;
  readonly weights: Int8Array;
  readonly bias: Float32Array;
}

/**
 * The likely topics of a paper, surest first, at most `most` (3) and none below a third of the threshold.
 * Empty means "don't know": the best topic is below the model's threshold, or fewer than three words are known.
 * Confidences are calibrated: of the labels given at 0.7, about seven in ten are the paper's primary topic.
 */
export function predictTopics(model: TopicModel, text: TopicText, most = 3): TopicLabel[] {
  const labels = likeliest(model, text, most, 3);
  const { threshold } = model.calibration;
  if ((labels[0]?.confidence ?? 0) < threshold) return [];
  return labels.filter(({ confidence }) => confidence >= threshold / 3);
}

/** The `most` likeliest topics whatever their confidence: for evaluation, and to show what was considered. */
export function rankTopics(model: TopicModel, text: TopicText, most = 5): TopicLabel[] {
  return likeliest(model, text, most, 0);
}

/** Scores of all topics before they become probabilities, in the model's order; undefined with fewer known terms. */
export function topicScoresOf(model: TopicModel, text: TopicText, leastTerms = 0): Float64Array | undefined {
  const { terms, counts } = termCountsOf(text);
  const table = tableOf(model);
  const rows = new Uint32Array(terms.length);
  const values = new Float64Array(terms.length);
  let known = 0;
  let squares = 0;
  for (let i = 0; i < terms.length; i++) {
    const row = rowOf(table, terms[i] ?? 0);
    if (row < 0) continue;
    const value = (logarithms[counts[i] ?? 1] ?? 1) * idfOf(model.idf[row] ?? 0);
    rows[known] = row;
    values[known++] = value;
    squares += value * value;
  }
  if (known < leastTerms) return undefined;
  const scores = new Float64Array(model.bias);
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < known; i++) {
    const row = rows[i] ?? 0;
    const factor = ((values[i] ?? 0) / length) * scaleOf(model.scale[row] ?? 0);
    const end = model.starts[row + 1] ?? 0;
    for (let at = model.starts[row] ?? 0; at < end; at++) {
      const topic = model.topicIds[at] ?? 0;
      scores[topic] = (scores[topic] ?? 0) + factor * (model.weights[at] ?? 0);
    }
  }
  return scores;
}

/** Softmax of scores divided by a temperature, in place. */
export function softmax(scores: Float64Array, temperature: number): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > most) most = score;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const value = Math.exp(((scores[i] ?? 0) - most) / temperature);
    scores[i] = value;
    sum += value;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) / sum;
  return scores;
}

/** Inverse document frequency in steps of 1/16. */
export function idfOf(stored: number): number {
  return stored / 16;
}

/** Scale of a row: sixteen steps for each doubling, from 2^-12. */
export function scaleOf(stored: number): number {
  return scales[stored] ?? 0;
}

/** The greatest scale step that is not below `scale`. */
export function storedScaleOf(scale: number): number {
  return Math.max(0, Math.min(255, Math.ceil((Math.log2(scale) + 12) * 16)));
}

/** 1 + ln(count): the second mention of a term says less than the first. */
export const logarithms = Float64Array.from({ length: 256 }, (_, count) =>
  count === 0 ? 0 : 1 + Math.log(count),
);

const scales = Float64Array.from({ length: 256 }, (_, i) => 2 ** (i / 16 - 12));

/** The best topics with calibrated confidences; none with fewer known terms than asked for. */
function likeliest(model: TopicModel, text: TopicText, most: number, leastTerms: number): TopicLabel[] {
  const scores = topicScoresOf(model, text, leastTerms);
  if (scores === undefined) return [];
  const { withAbstract, titleAlone } = model.calibration;
  const { temperature, worth } = text.abstract ? withAbstract : titleAlone;
  softmax(scores, temperature);
  return bestOf(scores, most).map((i) => ({
    topic: model.topics[i] ?? "",
    confidence: worthOf(scores[i] ?? 0, worth),
  }));
}

/** A probability on a scale of worths; the scale rises, so the order of topics stays. */
export function worthOf(probability: number, worth: readonly number[]): number {
  const place = probability * (worth.length - 1);
  const below = Math.min(worth.length - 2, Math.floor(place));
  const low = worth[below] ?? 0;
  return low + ((worth[below + 1] ?? 0) - low) * (place - below);
}

/** Places of the largest values, largest first; ties go to the first place. */
function bestOf(values: Float64Array, most: number): number[] {
  const best: number[] = [];
  let floor = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    if (value <= floor) continue;
    let at = best.length;
    while (at > 0 && value > (values[best[at - 1] ?? 0] ?? 0)) at--;
    best.splice(at, 0, i);
    if (best.length > most) best.pop();
    if (best.length === most) floor = values[best[most - 1] ?? 0] ?? 0;
  }
  return best;
}

/** Where a term's row is: an open hash table of pairs of term and row (from 1), behind a small bit set. */
interface RowTable {
  /** One bit for each of 2^20 remainders: it fits a processor's cache, and most pairs of words are in no model. */
  readonly mayHold: Uint32Array;
  readonly pairs: Int32Array;
}

function tableOf(model: TopicModel): RowTable {
  const known = tables.get(model);
  if (known !== undefined) return known;
  const { terms } = model;
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, terms.length * 1.6)));
  const pairs = new Int32Array(size * 2);
  const mayHold = new Uint32Array(1 << 15);
  terms.forEach((term, row) => {
    mayHold[(term >>> 5) & 0x7fff] = (mayHold[(term >>> 5) & 0x7fff] ?? 0) | (1 << (term & 31));
    let slot = term & (size - 1);
    while (pairs[slot * 2 + 1] !== 0) slot = (slot + 1) & (size - 1);
    pairs[slot * 2] = term;
    pairs[slot * 2 + 1] = row + 1;
  });
  const table = { mayHold, pairs };
  tables.set(model, table);
  return table;
}

function rowOf({ mayHold, pairs }: RowTable, term: number): number {
  if (((mayHold[(term >>> 5) & 0x7fff] ?? 0) & (1 << (term & 31))) === 0) return -1;
  const mask = (pairs.length >> 1) - 1;
  for (let slot = term & mask; ; slot = (slot + 1) & mask) {
    const row = pairs[slot * 2 + 1] ?? 0;
    if (row === 0) return -1;
    if (pairs[slot * 2] === (term | 0)) return row - 1;
  }
}

const tables = new WeakMap<TopicModel, RowTable>();
