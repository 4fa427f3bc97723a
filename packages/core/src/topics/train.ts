import { UsageError } from "../errors.ts";
import { archiveOf } from "../listing/taxonomy.ts";
import { calibrate, uncalibrated } from "./calibrate.ts";
import type { TopicExample } from "./corpus.ts";
import type { Calibration, TopicModel } from "./model.ts";
import { decodeTopicModel, encodeTopicModel } from "./model-bytes.ts";
import { randomOf } from "./random.ts";
import { fitSoftmax, type SoftmaxWeights, scoresOf } from "./softmax.ts";
import { prune, quantise, refine, type SparseWeights } from "./sparse.ts";
import { type TermCounts, termCountsOf } from "./tokens.ts";
import { learnVocabulary, type PaperMatrix, toMatrix, type Vocabulary } from "./vocabulary.ts";

export interface TrainOptions {
  readonly seed?: number;
  /** Passes over the papers (4); fewer when the held-out papers get clearly worse in the later ones. */
  readonly epochs?: number;
  /** Most bytes of the encoded model, about (3,000,000). */
  readonly mostBytes?: number;
  /** A topic with fewer papers (5) is not learned. At most 255 topics are, those with the most papers. */
  readonly leastPapers?: number;
  /** More examples than this (250,000) are thinned by chance, so that training stays within memory. */
  readonly mostExamples?: number;
}

export interface TrainProgress {
  readonly stage: "reading" | "trying" | "learning";
  /** 0 to 1 within the stage; while reading, the number of papers so far. */
  readonly done: number;
  readonly note?: string;
}

/**
 * Learns a topic model from papers whose topics are known; the primary category is what it predicts. A tenth of
 * the papers (8,000 at most) is held out first, to find the number of passes, the temperatures and the threshold;
 * then all of them are learned. Deterministic: the same examples in the same order, options and seed give the
 * same bytes. Throws `UsageError` when fewer than two topics have enough papers.
 */
export async function trainTopics(
  examples: AsyncIterable<TopicExample> | Iterable<TopicExample>,
  options: TrainOptions = {},
  onProgress: (progress: TrainProgress) => void = () => {},
): Promise<TopicModel> {
  const { seed = 1, epochs = 4, mostBytes = 3_000_000, leastPapers = 5, mostExamples = 250_000 } = options;
  const settings: FitSettings = { seed, epochs, mostBytes };
  const corpus = withTopics(await gather(examples, mostExamples, seed, onProgress), leastPapers);

  const [learned, heldOut] = [without(corpus, corpus.heldOut), only(corpus, corpus.heldOut)];
  const onTrial = (done: number, note: string): void => onProgress({ stage: "trying", done, note });
  let trial = fit(learned, settings, heldOut, onTrial);
  if (trial.epochs < epochs) trial = fit(learned, { ...settings, epochs: trial.epochs }, undefined, onTrial);
  const calibration = calibrate(toModel(trial.weights, corpus, uncalibrated), [...corpus.heldOut.values()]);

  const final = fit(corpus, { ...settings, epochs: trial.epochs }, undefined, (done, note) =>
    onProgress({ stage: "learning", done, note }),
  );
  return toModel(final.weights, corpus, calibration);
}

interface Papers {
  readonly topics: readonly string[];
  readonly papers: readonly TermCounts[];
  readonly labels: Uint8Array;
}

interface Corpus extends Papers {
  /** The texts of the papers that are held out, by their number. */
  readonly heldOut: ReadonlyMap<number, TopicExample>;
}

interface FitSettings {
  readonly seed: number;
  readonly epochs: number;
  readonly mostBytes: number;
}

interface Gathered {
  readonly counts: TermCounts;
  readonly category: string;
  readonly heldOut?: TopicExample;
}

const HELD_OUT_SHARE = 0.1;
const MOST_HELD_OUT = 8_000;
const MOST_TOPICS = 255;
/** Dense weights held during training: 480 MB. */
const MOST_DENSE_WEIGHTS = 120_000_000;
const CLEARLY = 0.004;
const STEP = 3;
const SHARING = 0.3;

async function gather(
  examples: AsyncIterable<TopicExample> | Iterable<TopicExample>,
  most: number,
  seed: number,
  onProgress: (progress: TrainProgress) => void,
): Promise<Gathered[]> {
  const random = randomOf(seed);
  const gathered: Gathered[] = [];
  let read = 0;
  for await (const example of examples) {
    const category = example.categories[0];
    if (category === undefined) continue;
    if (++read % 5_000 === 0) onProgress({ stage: "reading", done: read });
    const place = read <= most ? gathered.length : Math.floor(random() * read);
    if (place >= most) continue;
    const isHeldOut = random() < HELD_OUT_SHARE;
    gathered[place] = { counts: termCountsOf(example), category, ...(isHeldOut && { heldOut: example }) };
  }
  return gathered;
}

/** Numbers the topics that have enough papers, most papers first, and drops the papers of the others. */
function withTopics(gathered: readonly Gathered[], leastPapers: number): Corpus {
  const counts = new Map<string, number>();
  for (const { category } of gathered) counts.set(category, (counts.get(category) ?? 0) + 1);
  const topics = [...counts]
    .filter(([, papers]) => papers >= leastPapers)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MOST_TOPICS)
    .map(([topic]) => topic);
  if (topics.length < 2) {
    throw new UsageError(
      `A topic model needs two topics with at least ${leastPapers} papers each; these ${gathered.length} papers have ${topics.length}.`,
    );
  }
  const numbers = new Map(topics.map((topic, i) => [topic, i]));
  const kept = gathered.filter(({ category }) => numbers.has(category));
  const heldOut = kept.flatMap((paper, i) =>
    paper.heldOut === undefined ? [] : [[i, paper.heldOut] as const],
  );
  return {
    topics,
    papers: kept.map((paper) => paper.counts),
    labels: Uint8Array.from(kept, ({ category }) => numbers.get(category) ?? 0),
    heldOut: new Map(heldOut.slice(0, MOST_HELD_OUT)),
  };
}

function only(corpus: Corpus, chosen: ReadonlyMap<number, unknown>): Papers {
  return filtered(corpus, (i) => chosen.has(i));
}

function without(corpus: Corpus, dropped: ReadonlyMap<number, unknown>): Papers {
  return filtered(corpus, (i) => !dropped.has(i));
}

function filtered({ topics, papers, labels }: Papers, keep: (i: number) => boolean): Papers {
  return { topics, papers: papers.filter((_, i) => keep(i)), labels: labels.filter((_, i) => keep(i)) };
}

/** One whole training: vocabulary, dense weights, pruning, refinement. Answers how many passes were best. */
function fit(
  corpus: Papers,
  { seed, epochs, mostBytes }: FitSettings,
  heldOut: Papers | undefined,
  onEpoch: (done: number, note: string) => void,
): { weights: SparseWeights; epochs: number } {
  const topics = corpus.topics.length;
  const vocabulary = learnVocabulary(corpus.papers, 2, Math.floor(MOST_DENSE_WEIGHTS / topics));
  const matrix = toMatrix(corpus.papers, vocabulary);
  const judge = heldOut && judgeOf(heldOut, vocabulary);
  const measured: number[] = [];
  const dense = fitSoftmax(matrix, corpus.labels, {
    topics,
    terms: vocabulary.terms.length,
    archives: archivesOf(corpus.topics),
    sharing: SHARING,
    step: STEP,
    epochs,
    seed,
    onEpoch: (epoch, loss, weights) => {
      const accuracy = judge?.(weights);
      if (accuracy !== undefined) measured.push(accuracy);
      const note = accuracy === undefined ? "" : `, held-out accuracy ${accuracy.toFixed(4)}`;
      onEpoch(epoch / epochs, `loss ${loss.toFixed(3)}${note}`);
    },
  });
  const weights = prune(dense, vocabulary, mostBytes);
  refine(weights, toMatrix(corpus.papers, weights.vocabulary), corpus.labels, {
    step: 1,
    epochs: 1,
    seed: seed + 1,
  });
  return { weights, epochs: bestEpochs(measured, epochs) };
}

/** The pass with the best accuracy where that is clearly better than the last, else all; at least two. */
function bestEpochs(accuracies: readonly number[], epochs: number): number {
  const best = Math.max(...accuracies);
  const last = accuracies.at(-1);
  if (last === undefined || best - last < CLEARLY) return epochs;
  return Math.max(2, accuracies.indexOf(best) + 1);
}

/** Measures dense weights on held-out papers: the share whose primary topic comes first. */
function judgeOf({ papers, labels }: Papers, vocabulary: Vocabulary): (weights: SoftmaxWeights) => number {
  const matrix: PaperMatrix = toMatrix(papers, vocabulary);
  return (weights) => {
    const scores = new Float64Array(weights.bias.length);
    let right = 0;
    labels.forEach((label, paper) => {
      scoresOf(matrix, paper, weights, scores);
      const own = scores[label] ?? 0;
      if (scores.every((score) => score <= own)) right++;
    });
    return right / Math.max(1, labels.length);
  };
}

/** Topics that are no categories of arXiv (an operator's own) stand alone. */
function archivesOf(topics: readonly string[]): Uint8Array {
  const names = topics.map((topic) => archiveOf(topic) ?? topic);
  return Uint8Array.from(names, (name) => names.indexOf(name));
}

function toModel(weights: SparseWeights, corpus: Papers, calibration: Calibration): TopicModel {
  const { topics, papers } = corpus;
  return decodeTopicModel(
    encodeTopicModel({ topics, calibration, papers: papers.length, ...quantise(weights) }),
  );
}
