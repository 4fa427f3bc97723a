import type { TopicExample } from "./corpus.ts";
import {
  type Calibration,
  type ConfidenceScale,
  softmax,
  type TopicModel,
  topicScoresOf,
  worthOf,
} from "./model.ts";

/**
 * Fits a model's confidences to papers it has not learned: the temperature with the least log loss (Guo et al.
 * 2017, arXiv 1706.04599), once for papers with an abstract and once for titles alone, and the threshold below
 * which the surest topic is wrong (none of the paper's topics) more often than right.
 */
export function calibrate(model: TopicModel, heldOut: readonly TopicExample[]): Calibration {
  const numbers = new Map(model.topics.map((topic, i) => [topic, i]));
  const known = heldOut.filter(({ categories }) => numbers.has(categories[0] ?? ""));
  const full = known.filter(({ abstract }) => abstract !== undefined);
  const scored = (examples: readonly TopicExample[], withAbstract: boolean): Scored[] =>
    examples.flatMap((example) => {
      const { title, abstract } = example;
      const scores = topicScoresOf(model, {
        title,
        ...(withAbstract && abstract !== undefined && { abstract }),
      });
      return scores === undefined
        ? []
        : [{ scores, label: numbers.get(example.categories[0] ?? "") ?? 0, example }];
    });
  const titles = scored(known, false);
  const titleAlone = scaleFor(titles);
  const papers = full.length > 0 ? scored(full, true) : titles;
  const withAbstract = full.length > 0 ? scaleFor(papers) : titleAlone;
  return { withAbstract, titleAlone, threshold: thresholdFor(model, papers, withAbstract) };
}

/** No calibration at all: probabilities as they come, never "don't know". */
export const uncalibrated: Calibration = {
  withAbstract: { temperature: 1, worth: [0, 1] },
  titleAlone: { temperature: 1, worth: [0, 1] },
  threshold: 0,
};

interface Scored {
  readonly scores: Float64Array;
  readonly label: number;
  readonly example: TopicExample;
}

function scaleFor(papers: readonly Scored[]): ConfidenceScale {
  const temperature = temperatureFor(papers);
  return { temperature, worth: worthFor(papers, temperature) };
}

/**
 * How often topics of a probability were the primary one, at 21 even steps: means under a triangular window,
 * drawn half-way to the probability itself where there are few papers, and made to rise (pool adjacent violators).
 */
function worthFor(papers: readonly Scored[], temperature: number): number[] {
  const right = new Float64Array(STEPS + 1);
  const all = new Float64Array(STEPS + 1);
  for (const { scores, label } of papers) {
    const probabilities = softmax(Float64Array.from(scores), temperature);
    probabilities.forEach((probability, topic) => {
      const place = probability * STEPS;
      const below = Math.min(STEPS - 1, Math.floor(place));
      for (const [step, weight] of [
        [below, below + 1 - place],
        [below + 1, place - below],
      ] as const) {
        all[step] = (all[step] ?? 0) + weight;
        if (topic === label) right[step] = (right[step] ?? 0) + weight;
      }
    });
  }
  const prior = 10;
  const blocks = Array.from(all, (weight, step) => ({
    sum: (right[step] ?? 0) + (prior * step) / STEPS,
    weight: weight + prior,
    steps: 1,
  }));
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    let { sum, weight, steps } = block;
    for (
      let last = pooled.at(-1);
      last !== undefined && last.sum / last.weight >= sum / weight;
      last = pooled.at(-1)
    ) {
      pooled.pop();
      sum += last.sum;
      weight += last.weight;
      steps += last.steps;
    }
    pooled.push({ sum, weight, steps });
  }
  const worth = pooled.flatMap(({ sum, weight, steps }) => Array.from({ length: steps }, () => sum / weight));
  // Steps that were pooled are equal; a hair's breadth between them keeps the order of topics.
  return worth.map((value, step) => Number((value * (1 - 1e-3) + (1e-3 * step) / STEPS).toFixed(6)));
}

const STEPS = 20;

/** Golden-section search between 1/8 and 8 on a logarithmic scale; the log loss has one minimum there. */
function temperatureFor(papers: readonly Scored[]): number {
  if (papers.length === 0) return 1;
  const loss = (logarithm: number): number => {
    const temperature = 2 ** logarithm;
    let sum = 0;
    for (const { scores, label } of papers) {
      const probabilities = softmax(Float64Array.from(scores), temperature);
      sum -= Math.log((probabilities[label] ?? 0) + 1e-12);
    }
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-3, 3];
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atLeft, atRight] = [loss(left), loss(right)];
  while (high - low > 0.01) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - ratio * (high - low);
      atLeft = loss(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + ratio * (high - low);
      atRight = loss(right);
    }
  }
  return Number((2 ** ((low + high) / 2)).toFixed(4));
}

/** The lower edge of the lowest run of 0.05-wide bins, from the top down, whose labels are right half the time. */
function thresholdFor(model: TopicModel, papers: readonly Scored[], scale: ConfidenceScale): number {
  const bins = Array.from({ length: 20 }, () => ({ papers: 0, right: 0 }));
  for (const { scores, example } of papers) {
    const confidences = softmax(Float64Array.from(scores), scale.temperature);
    let best = 0;
    for (let i = 1; i < confidences.length; i++)
      if ((confidences[i] ?? 0) > (confidences[best] ?? 0)) best = i;
    const bin = bins[Math.min(19, Math.floor(worthOf(confidences[best] ?? 0, scale.worth) * 20))];
    if (bin === undefined) continue;
    bin.papers++;
    if (example.categories.includes(model.topics[best] ?? "")) bin.right++;
  }
  let floor = 19;
  for (; floor > 0; floor--) {
    const next = bins[floor - 1];
    if (next !== undefined && next.papers >= 10 && next.right < next.papers / 2) break;
  }
  return floor / 20;
}
