import { randomOf, shuffle } from "../topics/random.ts";
import { type WordBag, wordBagOf } from "./bags.ts";
import type { WordCorpus } from "./words.ts";

export interface ContrastOptions {
  readonly dimensions: number;
  readonly epochs: number;
  readonly seed: number;
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/**
 * Bends word vectors, in place, until a title lies closer to its own abstract than to the others of its batch:
 * softmax over cosines, both sides the weighted sum of their words' vectors. Mostly the title's own words are
 * taken out of the abstract first, so that the vectors learn which *other* words mean the same.
 */
export function contrast(vectors: Float32Array, corpus: WordCorpus, options: ContrastOptions): void {
  const { dimensions, epochs, seed, onEpoch } = options;
  const random = randomOf(seed);
  const usable = corpus.titles.flatMap((title, i) =>
    title.length > 1 && (corpus.abstracts[i]?.length ?? 0) > 9 ? [i] : [],
  );
  const order = Uint32Array.from(usable);
  const memory = new Float32Array(vectors.length / dimensions).fill(FIRST_MEMORY);
  const batches = Math.floor(order.length / BATCH);
  const titles = side(dimensions);
  const abstracts = side(dimensions);
  const pull = new Float32Array(BATCH * BATCH);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let batch = 0; batch < batches; batch++) {
      const step = STEP * (1 - (epoch * batches + batch) / (epochs * batches));
      for (let i = 0; i < BATCH; i++) {
        const paper = order[batch * BATCH + i] ?? 0;
        const title = corpus.titles[paper] ?? new Uint16Array();
        const whole = corpus.abstracts[paper] ?? new Uint16Array();
        const abstract = random() < HIDDEN_SHARE ? whole.filter((word) => !title.includes(word)) : whole;
        place(vectors, titles, i, wordBagOf(title), dimensions);
        place(vectors, abstracts, i, wordBagOf(abstract), dimensions);
      }
      loss += compare(titles.units, abstracts.units, pull, dimensions);
      spread(pull, titles, abstracts, dimensions);
      apply(vectors, memory, titles, step, dimensions);
      apply(vectors, memory, abstracts, step, dimensions);
    }
    onEpoch?.(epoch + 1, loss / Math.max(1, batches * BATCH));
  }
}

const BATCH = 128;
const STEP = 0.05;
/** Cosines are multiplied by it before softmax. */
const SHARPNESS = 13;
/** How many of the abstracts lose their title's words. */
const HIDDEN_SHARE = 0.9;
/** Adagrad's sum of squares starts here: rare words do not leap at their first sight. */
const FIRST_MEMORY = 0.02;

/** One side of a batch: bags, unit vectors, the lengths they had, and the gradients of the units. */
interface Side {
  readonly bags: WordBag[];
  readonly units: Float32Array;
  readonly lengths: Float32Array;
  readonly gradients: Float32Array;
}

function side(dimensions: number): Side {
  return {
    bags: [],
    units: new Float32Array(BATCH * dimensions),
    lengths: new Float32Array(BATCH),
    gradients: new Float32Array(BATCH * dimensions),
  };
}

function place(
  vectors: Float32Array,
  { bags, units, lengths }: Side,
  i: number,
  bag: WordBag,
  dimensions: number,
): void {
  bags[i] = bag;
  const offset = i * dimensions;
  units.fill(0, offset, offset + dimensions);
  for (let w = 0; w < bag.words.length; w++) {
    const from = (bag.words[w] ?? 0) * dimensions;
    const weight = bag.weights[w] ?? 0;
    for (let k = 0; k < dimensions; k++)
      units[offset + k] = (units[offset + k] ?? 0) + weight * (vectors[from + k] ?? 0);
  }
  let squares = 0;
  for (let k = offset; k < offset + dimensions; k++) squares += (units[k] ?? 0) ** 2;
  const length = Math.sqrt(squares) || 1;
  lengths[i] = length;
  for (let k = offset; k < offset + dimensions; k++) units[k] = (units[k] ?? 0) / length;
}

/** Fills `pull` with the gradient of each cosine and answers the summed loss. */
function compare(
  titles: Float32Array,
  abstracts: Float32Array,
  pull: Float32Array,
  dimensions: number,
): number {
  let loss = 0;
  for (let i = 0; i < BATCH; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < BATCH; j++) {
      let cosine = 0;
      for (let k = 0; k < dimensions; k++) {
        cosine += (titles[i * dimensions + k] ?? 0) * (abstracts[j * dimensions + k] ?? 0);
      }
      pull[i * BATCH + j] = cosine * SHARPNESS;
      most = Math.max(most, cosine * SHARPNESS);
    }
    let sum = 0;
    for (let at = i * BATCH; at < (i + 1) * BATCH; at++) {
      const value = Math.exp((pull[at] ?? 0) - most);
      pull[at] = value;
      sum += value;
    }
    for (let at = i * BATCH; at < (i + 1) * BATCH; at++) pull[at] = (pull[at] ?? 0) / sum;
    loss -= Math.log((pull[i * BATCH + i] ?? 0) + 1e-9);
    pull[i * BATCH + i] = (pull[i * BATCH + i] ?? 0) - 1;
  }
  return loss;
}

function spread(pull: Float32Array, titles: Side, abstracts: Side, dimensions: number): void {
  titles.gradients.fill(0);
  abstracts.gradients.fill(0);
  for (let i = 0; i < BATCH; i++) {
    for (let j = 0; j < BATCH; j++) {
      const weight = (pull[i * BATCH + j] ?? 0) * SHARPNESS;
      if (Math.abs(weight) < 1e-4) continue;
      const [a, b] = [i * dimensions, j * dimensions];
      for (let k = 0; k < dimensions; k++) {
        titles.gradients[a + k] = (titles.gradients[a + k] ?? 0) + weight * (abstracts.units[b + k] ?? 0);
        abstracts.gradients[b + k] = (abstracts.gradients[b + k] ?? 0) + weight * (titles.units[a + k] ?? 0);
      }
    }
  }
}

/** Steps along the gradients, made perpendicular to the units (their length does not matter); Adagrad by word. */
function apply(
  vectors: Float32Array,
  memory: Float32Array,
  { bags, units, lengths, gradients }: Side,
  step: number,
  dimensions: number,
): void {
  for (let i = 0; i < BATCH; i++) {
    const offset = i * dimensions;
    let along = 0;
    for (let k = offset; k < offset + dimensions; k++) along += (gradients[k] ?? 0) * (units[k] ?? 0);
    let squares = 0;
    for (let k = offset; k < offset + dimensions; k++) {
      const value = ((gradients[k] ?? 0) - along * (units[k] ?? 0)) / (lengths[i] ?? 1);
      gradients[k] = value;
      squares += value * value;
    }
    const { words, weights } = bags[i] ?? wordBagOf(new Uint16Array());
    for (let w = 0; w < words.length; w++) {
      const word = words[w] ?? 0;
      const weight = weights[w] ?? 0;
      const seen = (memory[word] ?? 0) + (weight * weight * squares) / dimensions;
      memory[word] = seen;
      const factor = (step * weight) / Math.sqrt(seen);
      const from = word * dimensions;
      for (let k = 0; k < dimensions; k++)
        vectors[from + k] = (vectors[from + k] ?? 0) - factor * (gradients[offset + k] ?? 0);
    }
  }
}
