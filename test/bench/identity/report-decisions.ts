import { mostCandidates, mostPapersPerKey } from "../../../packages/core/src/identity/blocking.ts";
import { decide, decidePrepared } from "../../../packages/core/src/identity/decide.ts";
import { prepare } from "../../../packages/core/src/identity/prepared.ts";
import { jaccard } from "../../../packages/core/src/identity/text-sets.ts";
import { recentPapers } from "./corpora.ts";
import { type LabelledSet, labelRulesOf } from "./label-rules.ts";
import { type LabelledPair, pairsOf, recordOfRow } from "./labelled-sets.ts";
import { bestThreshold, type Confusion, confusionOf, f1Of, precisionOf, recallOf } from "./measures.ts";
import { neighboursOf } from "./product-examples.ts";
import { jsonLinesOf } from "./shared-data.ts";
import { type SilverPair, silverNeighbours, silverPairsOf } from "./silver.ts";

/** F1 of the decision with the set's label rules, of the product alone, and of title trigrams with the best threshold of the training split. */
export function printPairs(path: string, set: LabelledSet, dirty: boolean, wanted?: number): void {
  const pairs = jsonLinesOf<LabelledPair>(path);
  const labels = pairs.map((pair) => pair.match);
  const rules = labelRulesOf(set, dirty);
  console.log(
    `\n${path.split("/").at(-1)}: ${pairs.length} pairs, ${labels.filter((label) => label === 1).length} matches`,
  );
  const ours = confusionOf(
    pairs.map((pair) => rules.probability(pair.a, pair.b) >= rules.threshold),
    labels,
  );
  print(
    "decision with the set's label rules",
    ours,
    wanted === undefined ? "" : `wanted ${wanted}: ${f1Of(ours) >= wanted ? "reached" : "MISSED"}`,
  );
  const decisions = pairs.map((pair) => decide(recordOfRow(pair.a), recordOfRow(pair.b)));
  print(
    "product alone, verdict same",
    confusionOf(
      decisions.map((decision) => decision.verdict === "same"),
      labels,
    ),
  );
  print(
    "product alone, probability ≥ 0.5",
    confusionOf(
      decisions.map((decision) => decision.probability >= 0.5),
      labels,
    ),
  );
  const train = pairsOf(
    dirty && set === "dblp-acm"
      ? "dirty-dblp-acm-train"
      : set === "dblp-acm"
        ? "structured-dblp-acm-train"
        : "structured-dblp-googlescholar-train-balanced",
  );
  const threshold = bestThreshold(
    train.map(trigramSimilarity),
    train.map((pair) => pair.match),
  );
  print(
    `baseline: title trigram Jaccard ≥ ${threshold}`,
    confusionOf(
      pairs.map((pair) => trigramSimilarity(pair) >= threshold),
      labels,
    ),
  );
}

/** Precision and recall of the product's `same` on venue records and arXiv papers, alone and among hard negatives. */
export function printSilver(path: string): void {
  const pairs = silverPairsOf(path);
  const judged = pairs.filter((pair) => pair.match !== undefined);
  const neighbours = silverNeighbours(pairs);
  const count = (wanted: number) => judged.filter((pair) => pair.match === wanted).length;
  console.log(
    `\n${path.split("/").at(-1)}: ${count(1)} same, ${count(0)} different, ${pairs.length - judged.length} to look at; ${neighbours.length} hard negatives by blocking over both arXiv corpora`,
  );
  print("verdict same, the file's pairs", sameOf(judged));
  const unseen = neighbours.filter((pair) => pair.seen === false);
  print(`verdict same, with the ${unseen.length} no training saw`, sameOf([...judged, ...unseen]));
  const all = sameOf([...judged, ...neighbours]);
  print(
    "verdict same, with hard negatives",
    all,
    `wanted precision 0.99 and recall 0.95: ${precisionOf(all) >= 0.99 && recallOf(all) >= 0.95 ? "reached" : "MISSED"}`,
  );
  const trigram = (pair: SilverPair) => jaccard(prepare(pair.a).trigrams, prepare(pair.b).trigrams) >= 0.7;
  const everything = [...judged, ...neighbours];
  print(
    "baseline: title trigram Jaccard ≥ 0.7",
    confusionOf(
      everything.map(trigram),
      everything.map((pair) => pair.match ?? 0),
    ),
  );
  for (const pair of everything) {
    const decision = decide(pair.a, pair.b);
    if ((decision.verdict === "same") !== (pair.match === 1))
      console.log(
        `  ${pair.row?.label ?? "neighbour"}, decided ${decision.verdict} (${decision.probability.toFixed(2)}): ${pair.a.title} | ${pair.b.title}`,
      );
  }
  for (const pair of pairs.filter((other) => other.match === undefined)) {
    const decision = decide(pair.a, pair.b);
    console.log(
      `  ${pair.row?.label}: ${decision.verdict} (${decision.probability.toFixed(2)}): ${pair.a.title} | ${pair.b.title}`,
    );
  }
}

/** Decisions a second over candidates that blocking brings up, records prepared once, as ingest does. */
export function printSpeed(): void {
  const pairs = neighboursOf(recentPapers().slice(0, 20_000), mostCandidates, mostPapersPerKey);
  const prepared = new Map([...new Set(pairs.flat())].map((paper) => [paper.id, paper]));
  const withoutKeys = new Map(
    [...prepared].map(([id, { title, authors, year, abstract }]) => [
      id,
      { title, authors, year, ...(abstract === undefined ? {} : { abstract }) },
    ]),
  );
  for (const round of ["warming up", "measured"]) {
    const startedAt = performance.now();
    const records = new Map([...withoutKeys].map(([id, record]) => [id, prepare(record)]));
    const verdicts = { same: 0, candidate: 0, different: 0 };
    let decided = 0;
    for (const [one, other] of pairs) {
      const [a, b] = [records.get(one.id), records.get(other.id)];
      if (a === undefined || b === undefined) continue;
      verdicts[decidePrepared(a, b).verdict] += 1;
      decided += 1;
    }
    const seconds = (performance.now() - startedAt) / 1000;
    if (round === "measured")
      console.log(
        `\nspeed: ${Math.round(decided / seconds)} decisions/s over ${decided} blocked pairs of ${records.size} papers, preparing included (${verdicts.same} same, ${verdicts.candidate} candidates)`,
      );
  }
}

function sameOf(pairs: readonly SilverPair[]): Confusion {
  return confusionOf(
    pairs.map((pair) => decide(pair.a, pair.b).verdict === "same"),
    pairs.map((pair) => pair.match ?? 0),
  );
}

function trigramSimilarity(pair: LabelledPair): number {
  return jaccard(prepare(recordOfRow(pair.a)).trigrams, prepare(recordOfRow(pair.b)).trigrams);
}

function print(what: string, confusion: Confusion, note = ""): void {
  const figures = `F1 ${f1Of(confusion).toFixed(4)}  precision ${precisionOf(confusion).toFixed(4)}  recall ${recallOf(confusion).toFixed(4)}`;
  console.log(`  ${what.padEnd(42)} ${figures}  ${note}`);
}
