import { softmax } from "./model.ts";
import { randomOf, shuffle } from "./random.ts";
import type { PaperMatrix } from "./vocabulary.ts";

export interface SoftmaxOptions {
  readonly topics: number;
  readonly terms: number;
  /** For each topic, the number of its archive: topics of one archive learn from each other's papers. */
  readonly archives: Uint8Array;
  /** How much of a gradient the other topics of the archive take, 0 to 1. */
  readonly sharing: number;
  /** First step length; it falls linearly to zero over all epochs. */
  readonly step: number;
  readonly epochs: number;
  readonly seed: number;
  /** Called after each epoch with the mean loss. */
  readonly onEpoch?: (epoch: number, loss: number, weights: SoftmaxWeights) => void;
}

/** `weights[term * topics + topic]` */
export interface SoftmaxWeights {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Multinomial logistic regression by stochastic gradient descent, one paper at a time. `labels` holds the topic
 * number of each row. Deterministic by seed.
 */
export function fitSoftmax(matrix: PaperMatrix, labels: Uint8Array, options: SoftmaxOptions): SoftmaxWeights {
  const { topics, terms, epochs, step } = options;
  const weights = new Float32Array(terms * topics);
  const bias = new Float32Array(topics);
  const random = randomOf(options.seed);
  const order = Uint32Array.from(labels, (_, i) => i);
  const gradient = new Float64Array(topics);
  const touched = new Uint32Array(topics);
  const pace = order.length * epochs;
  let done = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (const paper of order) {
      const label = labels[paper] ?? 0;
      scoresOf(matrix, paper, { weights, bias }, gradient);
      loss -= Math.log((gradient[label] ?? 0) + 1e-12);
      const length = step * (1 - done++ / pace);
      const count = toGradient(gradient, label, options, touched);
      for (let i = 0; i < count; i++) {
        const topic = touched[i] ?? 0;
        bias[topic] = (bias[topic] ?? 0) - 0.01 * (gradient[topic] ?? 0);
      }
      const end = matrix.starts[paper + 1] ?? 0;
      for (let at = matrix.starts[paper] ?? 0; at < end; at++) {
        const offset = (matrix.columns[at] ?? 0) * topics;
        const factor = length * (matrix.values[at] ?? 0);
        for (let i = 0; i < count; i++) {
          const topic = touched[i] ?? 0;
          weights[offset + topic] = (weights[offset + topic] ?? 0) - factor * (gradient[topic] ?? 0);
        }
      }
    }
    options.onEpoch?.(epoch, loss / order.length, { weights, bias });
  }
  return { weights, bias };
}

/** Probabilities of one paper's topics, written to `into`. */
export function scoresOf(
  matrix: PaperMatrix,
  paper: number,
  model: SoftmaxWeights,
  into: Float64Array,
): void {
  const { weights, bias } = model;
  const topics = into.length;
  for (let topic = 0; topic < topics; topic++) into[topic] = bias[topic] ?? 0;
  const end = matrix.starts[paper + 1] ?? 0;
  for (let at = matrix.starts[paper] ?? 0; at < end; at++) {
    const offset = (matrix.columns[at] ?? 0) * topics;
    const value = matrix.values[at] ?? 0;
    for (let topic = 0; topic < topics; topic++) {
      into[topic] = (into[topic] ?? 0) + value * (weights[offset + topic] ?? 0);
    }
  }
  softmax(into, 1);
}

/** Turns probabilities into the gradient, lists the topics where it matters, and answers how many they are. */
function toGradient(
  gradient: Float64Array,
  label: number,
  { archives, sharing, topics }: SoftmaxOptions,
  touched: Uint32Array,
): number {
  gradient[label] = (gradient[label] ?? 0) - 1;
  if (sharing > 0) {
    const sums = new Float64Array(topics);
    for (let topic = 0; topic < topics; topic++) {
      const archive = archives[topic] ?? 0;
      sums[archive] = (sums[archive] ?? 0) + (gradient[topic] ?? 0);
    }
    for (let topic = 0; topic < topics; topic++) {
      gradient[topic] = (gradient[topic] ?? 0) + sharing * (sums[archives[topic] ?? 0] ?? 0);
    }
  }
  let count = 0;
  for (let topic = 0; topic < topics; topic++) {
    if (Math.abs(gradient[topic] ?? 0) > LEAST_GRADIENT) touched[count++] = topic;
  }
  return count;
}

/** Topics this far from mattering are not updated: most of them, after the first epoch. */
const LEAST_GRADIENT = 1e-4;
