import { type BoostedTrees, probabilityOf } from "../../../packages/core/src/identity/boosted-trees.ts";
import { tokensOf } from "../../../packages/core/src/identity/fold.ts";
import { type Example, randomOf, trainTrees } from "./boosting.ts";
import { labelFeatureNames, labelFeaturesOf, partsOrKindsDiffer } from "./label-features.ts";
import { type LabelledPair, pairsOf, type Row } from "./labelled-sets.ts";
import { tangled, untanglerOf } from "./untangle.ts";

export type LabelledSet = "dblp-acm" | "dblp-scholar";

export interface LabelRules {
  /** That a set's labels call the two rows the same, 0…1. Pure. */
  probability(a: Row, b: Row): number;
  /** From here on the pair counts as a match; chosen by cross-validation on the training split. */
  readonly threshold: number;
}

/**
 * The product's features with the label rules of one set on top (the conference and the journal version of a
 * work are different records there), learned from that set's training split alone, in some seconds. Rows of
 * the dirty variant are put in order first. Repeats exactly.
 */
export function labelRulesOf(set: LabelledSet, dirty: boolean): LabelRules {
  const clean = pairsOf(
    set === "dblp-acm" ? "structured-dblp-acm-train" : "structured-dblp-googlescholar-train-balanced",
  );
  const untangler = dirty ? untanglerOf(clean) : undefined;
  const inOrder = (row: Row) => untangler?.untangle(row) ?? row;
  const featuresOf = (pair: LabelledPair) => labelFeaturesOf({ a: inOrder(pair.a), b: inOrder(pair.b) });
  const examples: Example[] = trainingPairs(set, dirty, clean).map(({ pair, weight }) => ({
    x: featuresOf(pair),
    y: pair.match,
    weight,
  }));
  const options = { trees: 150, depth: 6, rate: 0.08, leafWeight: 4, l2: 5, rows: 0.7, columns: 0.3 };
  const models: BoostedTrees[] = [1, 2, 3, 4].map((seed) =>
    trainTrees(labelFeatureNames, examples, { ...options, seed }),
  );
  return {
    threshold: 0.6,
    probability(a, b) {
      const [one, other] = [inOrder(a), inOrder(b)];
      const x = labelFeaturesOf({ a: one, b: other });
      const mean = models.reduce((sum, model) => sum + probabilityOf(model, x), 0) / models.length;
      return partsOrKindsDiffer(one, other) ? Math.min(mean, 0.05) : mean;
    },
  };
}

interface WeighedPair {
  readonly pair: LabelledPair;
  readonly weight: number;
}

/**
 * The Scholar split at hand is balanced: it holds 3,207 of the 14,016 negatives of the full one, so each counts
 * for as many, and close pairs of rows that are known to belong to different works are added. Where no dirty
 * split exists, clean rows are tangled twice.
 */
function trainingPairs(set: LabelledSet, dirty: boolean, clean: readonly LabelledPair[]): WeighedPair[] {
  if (set === "dblp-acm") {
    const pairs = dirty ? pairsOf("dirty-dblp-acm-train") : clean;
    return pairs.map((pair) => ({ pair, weight: 1 }));
  }
  const pairs = clean.map((pair) => ({ pair, weight: pair.match === 1 ? 1 : 14_016 / 3_207 }));
  const all = [...pairs, ...closeNegatives(clean, 3).map((pair) => ({ pair, weight: 1 }))];
  if (!dirty) return all;
  const random = randomOf(5);
  return [...all, ...all].map(({ pair, weight }) => ({
    pair: { ...pair, a: tangled(pair.a, random), b: tangled(pair.b, random) },
    weight,
  }));
}

/** A row that matches one left row matches no other: it is paired with the left rows that share most title words. */
function closeNegatives(pairs: readonly LabelledPair[], perRow: number): LabelledPair[] {
  const lefts = new Map(pairs.map((pair) => [JSON.stringify(pair.a), pair.a]));
  const owners = new Map<string, { row: Row; lefts: Set<string> }>();
  for (const pair of pairs) {
    if (pair.match === 0) continue;
    const owned = owners.get(JSON.stringify(pair.b)) ?? { row: pair.b, lefts: new Set() };
    owned.lefts.add(JSON.stringify(pair.a));
    owners.set(JSON.stringify(pair.b), owned);
  }
  const known = new Set(pairs.map((pair) => JSON.stringify([pair.a, pair.b])));
  const holders = new Map<string, string[]>();
  for (const [key, row] of lefts)
    for (const word of new Set(tokensOf(row.title ?? "")))
      holders.set(word, [...(holders.get(word) ?? []), key]);
  const negatives: LabelledPair[] = [];
  for (const [key, owned] of owners) {
    const shared = new Map<string, number>();
    for (const word of new Set(tokensOf(owned.row.title ?? ""))) {
      const list = holders.get(word) ?? [];
      if (list.length < 800) for (const left of list) shared.set(left, (shared.get(left) ?? 0) + 1);
    }
    const close = [...shared]
      .filter(([left, words]) => words >= 2 && !owned.lefts.has(left) && !known.has(`[${left},${key}]`))
      .sort((a, b) => b[1] - a[1])
      .slice(0, perRow);
    for (const [left] of close) negatives.push({ a: lefts.get(left) ?? {}, b: owned.row, match: 0 });
  }
  return negatives;
}
