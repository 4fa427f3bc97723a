/** Counts of a yes-or-no decision against labels. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

export function confusionOf(decided: readonly boolean[], labels: readonly (0 | 1)[]): Confusion {
  let [truePositives, falsePositives, falseNegatives] = [0, 0, 0];
  for (const [at, label] of labels.entries()) {
    if (decided[at] && label === 1) truePositives += 1;
    else if (decided[at]) falsePositives += 1;
    else if (label === 1) falseNegatives += 1;
  }
  return { truePositives, falsePositives, falseNegatives };
}

export function precisionOf({ truePositives, falsePositives }: Confusion): number {
  return truePositives / Math.max(1, truePositives + falsePositives);
}

export function recallOf({ truePositives, falseNegatives }: Confusion): number {
  return truePositives / Math.max(1, truePositives + falseNegatives);
}

export function f1Of({ truePositives, falsePositives, falseNegatives }: Confusion): number {
  return (2 * truePositives) / Math.max(1, 2 * truePositives + falsePositives + falseNegatives);
}

/** The threshold with the best F1. */
export function bestThreshold(scores: readonly number[], labels: readonly (0 | 1)[]): number {
  let best = { f1: -1, threshold: 0.5 };
  for (let step = 1; step < 100; step += 1) {
    const threshold = step / 100;
    const f1 = f1Of(
      confusionOf(
        scores.map((score) => score >= threshold),
        labels,
      ),
    );
    if (f1 > best.f1) best = { f1, threshold };
  }
  return best.threshold;
}
