/**
 * A trained sum of decision trees over a feature vector. Each tree is a flat list of nodes of four numbers:
 * [feature, threshold, left, right] for "value <= threshold goes left" with node numbers counted from the
 * tree's start, and [-1, value, 0, 0] for a leaf.
 */
export interface BoostedTrees {
  readonly features: readonly string[];
  readonly bias: number;
  readonly trees: readonly (readonly number[])[];
}

/** Log-odds. */
export function scoreOf(model: BoostedTrees, features: readonly number[]): number {
  let score = model.bias;
  for (const tree of model.trees) {
    let node = 0;
    while ((tree[node] ?? -1) >= 0) {
      const goesLeft = (features[tree[node] ?? 0] ?? 0) <= (tree[node + 1] ?? 0);
      node = 4 * ((goesLeft ? tree[node + 2] : tree[node + 3]) ?? 0);
    }
    score += tree[node + 1] ?? 0;
  }
  return score;
}

export function probabilityOf(model: BoostedTrees, features: readonly number[]): number {
  return 1 / (1 + Math.exp(-scoreOf(model, features)));
}
