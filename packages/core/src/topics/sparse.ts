import { scaleOf, softmax, storedScaleOf, type TopicModel } from "./model.ts";
import { randomOf, shuffle } from "./random.ts";
import type { SoftmaxWeights } from "./softmax.ts";
import type { PaperMatrix, Vocabulary } from "./vocabulary.ts";

/** The weights that are left of a dense model: row `i` belongs to term `terms[i]` of the vocabulary. */
export interface SparseWeights {
  readonly vocabulary: Vocabulary;
  readonly starts: Uint32Array;
  readonly topicIds: Uint8Array;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Keeps the weights that move most decisions (size, times how often and how heavily the term is met) within
 * `mostBytes` of encoded model. Each row is first centred on its median, which changes no probability and
 * leaves most of its weights near zero.
 */
export function prune(dense: SoftmaxWeights, vocabulary: Vocabulary, mostBytes: number): SparseWeights {
  const topics = dense.bias.length;
  const rows = vocabulary.terms.length;
  const weights = centred(dense.weights, rows, topics);
  const importance = Float32Array.from(
    vocabulary.terms,
    (_, row) => (vocabulary.frequency[row] ?? 1) ** 0.35 * (vocabulary.idf[row] ?? 0),
  );
  const floor = floorOf(weights, importance, topics, mostBytes);
  const kept: number[] = [];
  const starts: number[] = [0];
  const topicIds: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    const before = values.length;
    for (let topic = 0; topic < topics; topic++) {
      const weight = weights[row * topics + topic] ?? 0;
      if (binOf(Math.abs(weight) * (importance[row] ?? 0)) < floor) continue;
      topicIds.push(topic);
      values.push(weight);
    }
    if (values.length === before) continue;
    kept.push(row);
    starts.push(values.length);
  }
  return {
    vocabulary: {
      terms: Uint32Array.from(kept, (row) => vocabulary.terms[row] ?? 0),
      idf: Uint8Array.from(kept, (row) => vocabulary.idf[row] ?? 0),
      frequency: Uint32Array.from(kept, (row) => vocabulary.frequency[row] ?? 0),
    },
    starts: Uint32Array.from(starts),
    topicIds: Uint8Array.from(topicIds),
    weights: Float32Array.from(values),
    bias: dense.bias,
  };
}

/** Trains the weights that are left a little further, in place, so that they make up for the lost ones. */
export function refine(
  sparse: SparseWeights,
  matrix: PaperMatrix,
  labels: Uint8Array,
  { step, epochs, seed }: { step: number; epochs: number; seed: number },
): void {
  const { starts, topicIds, weights, bias } = sparse;
  const random = randomOf(seed);
  const order = Uint32Array.from(labels, (_, i) => i);
  const gradient = new Float64Array(bias.length);
  const pace = order.length * epochs;
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (const paper of order) {
      sparseScoresOf(sparse, matrix, paper, gradient);
      softmax(gradient, 1);
      const label = labels[paper] ?? 0;
      gradient[label] = (gradient[label] ?? 0) - 1;
      const length = step * (1 - done++ / pace);
      const end = matrix.starts[paper + 1] ?? 0;
      for (let at = matrix.starts[paper] ?? 0; at < end; at++) {
        const row = matrix.columns[at] ?? 0;
        const factor = length * (matrix.values[at] ?? 0);
        const rowEnd = starts[row + 1] ?? 0;
        for (let i = starts[row] ?? 0; i < rowEnd; i++) {
          weights[i] = (weights[i] ?? 0) - factor * (gradient[topicIds[i] ?? 0] ?? 0);
        }
      }
    }
  }
}

/** Scores of one paper before softmax. */
export function sparseScoresOf(
  { starts, topicIds, weights, bias }: SparseWeights,
  matrix: PaperMatrix,
  paper: number,
  into: Float64Array,
): void {
  for (let topic = 0; topic < into.length; topic++) into[topic] = bias[topic] ?? 0;
  const end = matrix.starts[paper + 1] ?? 0;
  for (let at = matrix.starts[paper] ?? 0; at < end; at++) {
    const row = matrix.columns[at] ?? 0;
    const value = matrix.values[at] ?? 0;
    const rowEnd = starts[row + 1] ?? 0;
    for (let i = starts[row] ?? 0; i < rowEnd; i++) {
      const topic = topicIds[i] ?? 0;
      into[topic] = (into[topic] ?? 0) + value * (weights[i] ?? 0);
    }
  }
}

/** 8-bit weights with one scale a row, as `TopicModel` keeps them. */
export function quantise(
  sparse: SparseWeights,
): Pick<TopicModel, "terms" | "idf" | "scale" | "starts" | "topicIds" | "weights" | "bias"> {
  const { vocabulary, starts, topicIds, bias } = sparse;
  const scale = new Uint8Array(vocabulary.terms.length);
  const weights = new Int8Array(sparse.weights.length);
  for (let row = 0; row < scale.length; row++) {
    const [start, end] = [starts[row] ?? 0, starts[row + 1] ?? 0];
    let most = 0;
    for (let i = start; i < end; i++) most = Math.max(most, Math.abs(sparse.weights[i] ?? 0));
    scale[row] = storedScaleOf(most / 127);
    const unit = scaleOf(scale[row] ?? 0);
    for (let i = start; i < end; i++) weights[i] = Math.round((sparse.weights[i] ?? 0) / unit);
  }
  return { terms: vocabulary.terms, idf: vocabulary.idf, scale, starts, topicIds, weights, bias };
}

function centred(weights: Float32Array, rows: number, topics: number): Float32Array {
  const sorted = new Float32Array(topics);
  for (let row = 0; row < rows; row++) {
    sorted.set(weights.subarray(row * topics, (row + 1) * topics));
    sorted.sort();
    const median = sorted[topics >> 1] ?? 0;
    for (let i = row * topics; i < (row + 1) * topics; i++) weights[i] = (weights[i] ?? 0) - median;
  }
  return weights;
}

/** The least bin whose weights, and the rows they need, fit into the budget. */
function floorOf(weights: Float32Array, importance: Float32Array, topics: number, mostBytes: number): number {
  const perBin = new Uint32Array(BINS);
  const rowsPerBin = new Uint32Array(BINS);
  for (let row = 0; row < importance.length; row++) {
    let first = 0;
    for (let i = row * topics; i < (row + 1) * topics; i++) {
      const bin = binOf(Math.abs(weights[i] ?? 0) * (importance[row] ?? 0));
      perBin[bin] = (perBin[bin] ?? 0) + 1;
      if (bin > first) first = bin;
    }
    rowsPerBin[first] = (rowsPerBin[first] ?? 0) + 1;
  }
  let bytes = 0;
  for (let bin = BINS - 1; bin > 0; bin--) {
    bytes += (perBin[bin] ?? 0) * BYTES_PER_WEIGHT + (rowsPerBin[bin] ?? 0) * BYTES_PER_ROW;
    if (bytes > mostBytes) return bin + 1;
  }
  return 1;
}

const BINS = 2048;
const BYTES_PER_WEIGHT = 2;
const BYTES_PER_ROW = 6;

/** Logarithmic, 64 to each doubling; 0 is nothing worth keeping. */
function binOf(value: number): number {
  if (value <= 0) return 0;
  return Math.max(0, Math.min(BINS - 1, Math.floor(Math.log2(value) * 64) + 1024));
}
