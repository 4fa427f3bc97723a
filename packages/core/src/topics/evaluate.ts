import type { TopicExample } from "./corpus.ts";
import { rankTopics, type TopicModel } from "./model.ts";

/** How well a model does on papers it has not seen. Shares are 0 to 1, of all examples. */
export interface TopicReport {
  readonly papers: number;
  /** The surest topic is the primary one. */
  readonly accuracy: number;
  /** The primary topic is among the three surest. */
  readonly topThree: number;
  /** The surest topic is any of the paper's topics. */
  readonly anyLabel: number;
  /** Mean over the topics that were right or predicted, each counting the same. */
  readonly macroF1: number;
  /** Mean difference of confidence and accuracy over the bins, weighted by their size. */
  readonly calibrationError: number;
  /** Share of the papers that got an answer (the rest is "don't know") and how many of those are any label. */
  readonly answered: number;
  readonly answeredAnyLabel: number;
  /** By confidence of the surest topic, ten bins of a tenth. */
  readonly reliability: readonly ReliabilityBin[];
}

export interface ReliabilityBin {
  readonly from: number;
  readonly papers: number;
  readonly confidence: number;
  readonly accuracy: number;
  readonly anyLabel: number;
}

/** Runs a model over examples with known topics. An empty corpus gives zeroes. */
export async function evaluateTopics(
  model: TopicModel,
  examples: AsyncIterable<TopicExample> | Iterable<TopicExample>,
): Promise<TopicReport> {
  const tally = newTally();
  for await (const example of examples) {
    const [first, ...others] = rankTopics(model, example, 3);
    count(
      tally,
      example.categories,
      first?.topic,
      others.map(({ topic }) => topic),
      first?.confidence ?? 0,
    );
    if ((first?.confidence ?? 0) < model.calibration.threshold) continue;
    tally.answered++;
    if (example.categories.includes(first?.topic ?? "")) tally.answeredAny++;
  }
  return toReport(tally);
}

interface Tally {
  papers: number;
  right: number;
  topThree: number;
  any: number;
  answered: number;
  answeredAny: number;
  readonly bins: { papers: number; confidence: number; right: number; any: number }[];
  /** Per topic: right, predicted, true. */
  readonly topics: Map<string, [number, number, number]>;
}

function newTally(): Tally {
  const bins = Array.from({ length: 10 }, () => ({ papers: 0, confidence: 0, right: 0, any: 0 }));
  return { papers: 0, right: 0, topThree: 0, any: 0, answered: 0, answeredAny: 0, bins, topics: new Map() };
}

function count(
  tally: Tally,
  categories: readonly string[],
  first: string | undefined,
  others: readonly string[],
  confidence: number,
): void {
  const primary = categories[0] ?? "";
  const isRight = first === primary;
  const isAny = first !== undefined && categories.includes(first);
  tally.papers++;
  if (isRight) tally.right++;
  if (isRight || others.includes(primary)) tally.topThree++;
  if (isAny) tally.any++;
  const bin = tally.bins[Math.min(9, Math.floor(confidence * 10))];
  if (bin !== undefined) {
    bin.papers++;
    bin.confidence += confidence;
    if (isRight) bin.right++;
    if (isAny) bin.any++;
  }
  const of = (topic: string): [number, number, number] => {
    const known = tally.topics.get(topic);
    if (known !== undefined) return known;
    const fresh: [number, number, number] = [0, 0, 0];
    tally.topics.set(topic, fresh);
    return fresh;
  };
  if (isRight) of(primary)[0]++;
  if (first !== undefined) of(first)[1]++;
  of(primary)[2]++;
}

function toReport(tally: Tally): TopicReport {
  const share = (n: number, of = tally.papers): number => (of === 0 ? 0 : n / of);
  const f1 = [...tally.topics.values()].map(
    ([right, predicted, actual]) => (2 * right) / (predicted + actual),
  );
  const reliability = tally.bins.map((bin, i) => ({
    from: i / 10,
    papers: bin.papers,
    confidence: share(bin.confidence, bin.papers),
    accuracy: share(bin.right, bin.papers),
    anyLabel: share(bin.any, bin.papers),
  }));
  const gap = reliability.reduce((sum, bin) => sum + bin.papers * Math.abs(bin.confidence - bin.accuracy), 0);
  return {
    papers: tally.papers,
    accuracy: share(tally.right),
    topThree: share(tally.topThree),
    anyLabel: share(tally.any),
    macroF1: share(
      f1.reduce((sum, value) => sum + value, 0),
      f1.length,
    ),
    calibrationError: share(gap),
    answered: share(tally.answered),
    answeredAnyLabel: share(tally.answeredAny, tally.answered),
    reliability,
  };
}
