/**
 * Trains the model behind the product's `decide` and writes it beside it. Uses training splits only, and four in
 * five papers of the two arXiv corpora, without those that the silver set pairs. Repeats exactly.
 *
 *   node test/bench/identity-train.ts
 */
import { writeFileSync } from "node:fs";
import { featureNames } from "../../packages/core/src/identity/features.ts";
import { type Example, randomOf, trainTrees } from "./identity/boosting.ts";
import { broadPapers, isForTraining, recentPapers } from "./identity/corpora.ts";
import { pairsOf } from "./identity/labelled-sets.ts";
import { examplesOfCopies, examplesOfNeighbours, examplesOfPairs } from "./identity/product-examples.ts";
import { dataFolder, requireData } from "./identity/shared-data.ts";
import { silverPairsOf } from "./identity/silver.ts";
import { tangled } from "./identity/untangle.ts";

requireData();
const random = randomOf(11);
const acm = pairsOf("structured-dblp-acm-train");
const scholar = pairsOf("structured-dblp-googlescholar-train-balanced");
const silver = silverPairsOf(`${dataFolder}/entity-resolution/venue-arxiv-silver.ndjson.gz`);
const paired = new Set(silver.map((pair) => pair.row?.arxiv_id));
const papers = [...recentPapers(), ...broadPapers()].filter(
  (paper) => isForTraining(paper) && !paired.has(paper.id),
);
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
