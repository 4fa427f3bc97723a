import type { BoostedTrees } from "../../../packages/core/src/identity/boosted-trees.ts";

export interface Example {
  readonly x: readonly number[];
  readonly y: 0 | 1;
  readonly weight?: number;
}

export interface BoostingOptions {
  readonly trees: number;
  readonly depth: number;
  readonly rate: number;
  /** Least sum of second derivatives in a leaf. */
  readonly leafWeight: number;
  readonly l2: number;
  /** Share of the rows and of the features each tree sees. */
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
}

/** Gradient-boosted trees on log-loss: Newton leaves, splits over at most 128 quantile bins (Chen & Guestrin 2016). */
export function trainTrees(
  features: readonly string[],
  examples: readonly Example[],
  options: BoostingOptions,
): BoostedTrees {
  const random = randomOf(options.seed);
  const cuts = features.map((_, feature) => cutsOf(examples.map((example) => example.x[feature] ?? 0)));
  const bins = features.map((_, feature) =>
    Uint8Array.from(examples, (example) => binOf(cuts[feature] ?? [], example.x[feature] ?? 0)),
  );
  const weights = Float64Array.from(examples, (example) => example.weight ?? 1);
  const positive = examples.reduce((sum, example, at) => sum + (example.y === 1 ? (weights[at] ?? 0) : 0), 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const bias = Math.log(positive / (total - positive));
  const scores = new Float64Array(examples.length).fill(bias);
  const gradient = new Float64Array(examples.length);
  const curvature = new Float64Array(examples.length);
  const trees: number[][] = [];
  for (let round = 0; round < options.trees; round += 1) {
    for (const [at, example] of examples.entries()) {
      const probability = 1 / (1 + Math.exp(-(scores[at] ?? 0)));
      gradient[at] = (probability - example.y) * (weights[at] ?? 0);
      curvature[at] = Math.max(1e-9, probability * (1 - probability)) * (weights[at] ?? 0);
    }
    const rows: number[] = [];
    for (let at = 0; at < examples.length; at += 1) if (random() < options.rows) rows.push(at);
    const columns = features.map((_, feature) => feature).filter(() => random() < options.columns);
    const tree: number[] = [];
    grow(tree, Int32Array.from(rows), options.depth);
    trees.push(tree);
    for (const [at, example] of examples.entries()) scores[at] = (scores[at] ?? 0) + leafOf(tree, example.x);

    function grow(nodes: number[], members: Int32Array, depth: number): number {
      const node = nodes.length / 4;
      let [sumG, sumH] = [0, 0];
      for (const at of members) {
        sumG += gradient[at] ?? 0;
        sumH += curvature[at] ?? 0;
      }
      const leaf = (-sumG / (sumH + options.l2)) * options.rate;
      nodes.push(-1, Number(leaf.toPrecision(4)), 0, 0);
      if (depth === 0 || sumH < 2 * options.leafWeight) return node;
      let best = { gain: 1e-6, feature: -1, bin: 0 };
      for (const feature of columns) {
        const ownBins = bins[feature] ?? new Uint8Array();
        const histogramG = new Float64Array(129);
        const histogramH = new Float64Array(129);
        for (const at of members) {
          const bin = ownBins[at] ?? 0;
          histogramG[bin] = (histogramG[bin] ?? 0) + (gradient[at] ?? 0);
          histogramH[bin] = (histogramH[bin] ?? 0) + (curvature[at] ?? 0);
        }
        let [leftG, leftH] = [0, 0];
        for (let bin = 0; bin < (cuts[feature]?.length ?? 0); bin += 1) {
          leftG += histogramG[bin] ?? 0;
          leftH += histogramH[bin] ?? 0;
          if (leftH < options.leafWeight || sumH - leftH < options.leafWeight) continue;
          const gain =
            leftG ** 2 / (leftH + options.l2) +
            (sumG - leftG) ** 2 / (sumH - leftH + options.l2) -
            sumG ** 2 / (sumH + options.l2);
          if (gain > best.gain) best = { gain, feature, bin };
        }
      }
      if (best.feature === -1) return node;
      const ownBins = bins[best.feature] ?? new Uint8Array();
      nodes[4 * node] = best.feature;
      nodes[4 * node + 1] = cuts[best.feature]?.[best.bin] ?? 0;
      nodes[4 * node + 2] = grow(
        nodes,
        members.filter((at) => (ownBins[at] ?? 0) <= best.bin),
        depth - 1,
      );
      nodes[4 * node + 3] = grow(
        nodes,
        members.filter((at) => (ownBins[at] ?? 0) > best.bin),
        depth - 1,
      );
      return node;
    }
  }
  return { features, bias, trees };
}

function leafOf(tree: readonly number[], x: readonly number[]): number {
  let node = 0;
  while ((tree[node] ?? -1) >= 0)
    node = 4 * (((x[tree[node] ?? 0] ?? 0) <= (tree[node + 1] ?? 0) ? tree[node + 2] : tree[node + 3]) ?? 0);
  return tree[node + 1] ?? 0;
}

/** Thresholds between distinct values, at most 127, at the quantiles where there are more; rounded, to ship small. */
function cutsOf(values: number[]): number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const wanted = sorted.length <= 128 ? sorted : quantilesOf(values);
  const cuts: number[] = [];
  for (let at = 0; at + 1 < wanted.length; at += 1) {
    const cut = Number((((wanted[at] ?? 0) + (wanted[at + 1] ?? 0)) / 2).toPrecision(4));
    if (cuts.length === 0 || cut > (cuts.at(-1) ?? 0)) cuts.push(cut);
  }
  return cuts;
}

function quantilesOf(values: number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return [
    ...new Set(
      Array.from({ length: 128 }, (_, at) => sorted[Math.floor((at * (sorted.length - 1)) / 127)] ?? 0),
    ),
  ];
}

function binOf(cuts: readonly number[], value: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (cuts[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Mulberry32: the same numbers for the same seed, so that training repeats exactly. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
