import { type TopicText, termCountsOf } from "./tokens.ts";

/** One topic of a paper and how sure the classifier is, 0 to 1. */
export interface TopicLabel {
  readonly topic: string;
  readonly confidence: number;
}

/** How the text of a paper becomes a confidence; fitted on papers the weights were not trained on. */
export interface Calibration {
  /** Scores are divided by it before they become probabilities: with an abstract, and with a title alone. */
  readonly temperature: number;
  readonly titleTemperature: number;
  /** Below this confidence of the best topic the answer is "don't know". */
  readonly threshold: number;
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
  const confidences = confidencesOf(model, text, 3);
  if (confidences === undefined) return [];
  const labels = bestOf(model.topics, confidences, most);
  const { threshold } = model.calibration;
  if ((labels[0]?.confidence ?? 0) < threshold) return [];
  return labels.filter(({ confidence }) => confidence >= threshold / 3);
}

/** The `most` likeliest topics whatever their confidence: for evaluation, and to show what was considered. */
export function rankTopics(model: TopicModel, text: TopicText, most = 5): TopicLabel[] {
  const confidences = confidencesOf(model, text, 0);
  return confidences === undefined ? [] : bestOf(model.topics, confidences, most);
}

/** Scores of all topics before they become probabilities, in the model's order; undefined as said there. */
export function topicScoresOf(model: TopicModel, text: TopicText, leastTerms = 0): Float64Array | undefined {
  const { terms, counts } = termCountsOf(text);
  const find = finderOf(model);
  const rows = new Uint32Array(terms.length);
  const values = new Float64Array(terms.length);
  let known = 0;
  let squares = 0;
  for (let i = 0; i < terms.length; i++) {
    const row = find(terms[i] ?? 0);
    if (row < 0) continue;
    const value = (1 + Math.log(counts[i] ?? 1)) * idfOf(model.idf[row] ?? 0);
    rows[known] = row;
    values[known++] = value;
    squares += value * value;
  }
  if (known < leastTerms) return undefined;
  const scores = Float64Array.from(model.bias);
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

const scales = Float64Array.from({ length: 256 }, (_, i) => 2 ** (i / 16 - 12));

/**
 * Calibrated probabilities of all topics, in the model's order; undefined with fewer known terms than asked for.
 */
function confidencesOf(model: TopicModel, text: TopicText, leastTerms: number): Float64Array | undefined {
  const scores = topicScoresOf(model, text, leastTerms);
  if (scores === undefined) return undefined;
  const { temperature, titleTemperature } = model.calibration;
  return softmax(scores, text.abstract ? temperature : titleTemperature);
}

/** Ties go to the topic that comes first in the model. */
function bestOf(topics: readonly string[], confidences: Float64Array, most: number): TopicLabel[] {
  const best: number[] = [];
  for (let i = 0; i < confidences.length; i++) {
    const value = confidences[i] ?? 0;
    if (best.length === most && value <= (confidences[best[most - 1] ?? 0] ?? 0)) continue;
    let at = best.length;
    while (at > 0 && value > (confidences[best[at - 1] ?? 0] ?? 0)) at--;
    best.splice(at, 0, i);
    if (best.length > most) best.pop();
  }
  return best.map((i) => ({ topic: topics[i] ?? "", confidence: confidences[i] ?? 0 }));
}

/** Row of a term or -1: an open hash table, built once per model. */
function finderOf(model: TopicModel): (term: number) => number {
  const known = finders.get(model);
  if (known !== undefined) return known;
  const { terms } = model;
  const size = 2 ** Math.ceil(Math.log2(Math.max(16, terms.length * 1.6)));
  const table = new Int32Array(size).fill(-1);
  for (let row = 0; row < terms.length; row++) {
    let slot = (terms[row] ?? 0) & (size - 1);
    while ((table[slot] ?? -1) >= 0) slot = (slot + 1) & (size - 1);
    table[slot] = row;
  }
  const find = (term: number): number => {
    for (let slot = term & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      const row = table[slot] ?? -1;
      if (row < 0 || terms[row] === term) return row;
    }
  };
  finders.set(model, find);
  return find;
}

const finders = new WeakMap<TopicModel, (term: number) => number>();
