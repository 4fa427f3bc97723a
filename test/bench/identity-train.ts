/**
 * Trains the model behind the product's `decide` and writes it beside it. Uses training splits only, and of the
 * two arXiv corpora the papers that `identity.ts` does not evaluate on. Repeats exactly.
 *
 *   node test/bench/identity-train.ts
 */
import { writeFileSync } from "node:fs";
import { featureNames } from "../../packages/core/src/identity/features.ts";
import { hash32 } from "../../packages/core/src/identity/text-sets.ts";
import { type Example, randomOf, trainTrees } from "./identity/boosting.ts";
import { type ArxivPaper, broadPapers, recentPapers } from "./identity/corpora.ts";
import { pairsOf } from "./identity/labelled-sets.ts";
import { examplesOfCopies, examplesOfNeighbours, examplesOfPairs } from "./identity/product-examples.ts";
import { requireData } from "./identity/shared-data.ts";
import { tangled } from "./identity/untangle.ts";

requireData();
const random = randomOf(11);
const acm = pairsOf("structured-dblp-acm-train");
const scholar = pairsOf("structured-dblp-googlescholar-train-balanced");
const papers = [...recentPapers(), ...broadPapers()].filter(isForTraining);
const sample = papers.filter(() => random() < 0.2);
const copies = examplesOfCopies(sample, 21);
const neighbours = examplesOfNeighbours(papers, 2, 22);
const examples: Example[] = [
  ...examplesOfPairs(acm, () => 1),
  ...examplesOfPairs(scholar, (pair) => (pair.match === 1 ? 1 : 2)),
  ...examplesOfPairs(
    acm.map((pair) => ({ ...pair, a: tangled(pair.a, random), b: tangled(pair.b, random) })),
    () => 0.3,
  ),
  ...examplesOfPairs(
    scholar.map((pair) => ({ ...pair, a: tangled(pair.a, random), b: tangled(pair.b, random) })),
    () => 0.3,
  ),
  ...copies,
  ...neighbours,
];
console.log(
  `examples: ${examples.length}, of them same: ${examples.filter((example) => example.y === 1).length}, arXiv copies: ${copies.length}, arXiv neighbours: ${neighbours.length}`,
);
const startedAt = performance.now();
const model = trainTrees(featureNames, examples, {
  trees: 200,
  depth: 5,
  rate: 0.1,
  leafWeight: 10,
  l2: 2,
  rows: 0.8,
  columns: 0.4,
  seed: 1,
});
console.log(`trained in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
const text = `// Written by test/bench/identity-train.ts.
import type { BoostedTrees } from "./boosted-trees.ts";

export const identityModel: BoostedTrees = ${JSON.stringify({ ...model, bias: Number(model.bias.toPrecision(5)) })};
`;
writeFileSync(new URL("../../packages/core/src/identity/model.generated.ts", import.meta.url), text);
console.log(`written: ${(text.length / 1000).toFixed(0)} kB`);

/** Four papers in five; the fifth is kept for measuring. */
function isForTraining(paper: ArxivPaper): boolean {
  return hash32(paper.id) % 5 !== 0;
}
