import { blockingKeys } from "../../../packages/core/src/identity/blocking.ts";
import { featureNames, featuresOf } from "../../../packages/core/src/identity/features.ts";
import { prepare } from "../../../packages/core/src/identity/prepared.ts";
import type { PaperRecord } from "../../../packages/core/src/identity/record.ts";
import { type Example, randomOf } from "./boosting.ts";
import type { ArxivPaper } from "./corpora.ts";
import { asListedElsewhere } from "./corrupt.ts";
import { type LabelledPair, recordOfRow } from "./labelled-sets.ts";

/** Labelled pairs with `weight` each; pairs that are labelled different only because one is the journal version are left out. */
export function examplesOfPairs(
  pairs: readonly LabelledPair[],
  weightOf: (pair: LabelledPair) => number,
): Example[] {
  const examples: Example[] = [];
  for (const pair of pairs) {
    const x = featuresOf(prepare(recordOfRow(pair.a)), prepare(recordOfRow(pair.b)));
    if (pair.match === 0 && isSameWorkToAReader(x)) continue;
    examples.push({ x, y: pair.match, weight: weightOf(pair) });
  }
  return examples;
}

/** One changed copy of each paper. */
export function examplesOfCopies(papers: readonly ArxivPaper[], seed: number): Example[] {
  const random = randomOf(seed);
  const otherWord = () => {
    const words = papers[Math.floor(random() * papers.length)]?.title.split(" ") ?? [];
    return words[Math.floor(random() * words.length)] ?? "new";
  };
  return papers.map((paper) => ({
    x: featuresOf(prepare(asSeen(paper, random)), prepare(asListedElsewhere(paper, otherWord, random))),
    y: 1,
  }));
}

/**
 * Pairs of papers with different arXiv ids that blocking would bring together, at most `perPaper` each: the
 * negatives the product really meets. Pairs that look like one work listed twice are left out.
 */
export function examplesOfNeighbours(
  papers: readonly ArxivPaper[],
  perPaper: number,
  seed: number,
): Example[] {
  const random = randomOf(seed);
  const examples: Example[] = [];
  for (const [one, other] of neighboursOf(papers, perPaper)) {
    const complete = featuresOf(prepare(one), prepare(other));
    if (isSameWorkToAReader(complete) || isCopy(complete)) continue;
    const changed = random() < 0.3 ? asListedElsewhere(other, () => "", random) : asSeen(other, random);
    examples.push({ x: featuresOf(prepare(asSeen(one, random)), prepare(changed)), y: 0 });
  }
  return examples;
}

/**
 * Pairs that share a blocking key held by at most `mostPerKey` papers, those that share most keys first. Training
 * and hard negatives follow more common keys than the product does, to see more that only looks alike.
 */
export function neighboursOf<P extends PaperRecord>(
  papers: readonly P[],
  perPaper: number,
  mostPerKey = 64,
): [P, P][] {
  const holders = new Map<bigint, number[]>();
  const keysOf = papers.map((paper) => blockingKeys(paper));
  for (const [at, keys] of keysOf.entries()) {
    for (const key of keys) {
      const list = holders.get(key);
      if (list === undefined) holders.set(key, [at]);
      else list.push(at);
    }
  }
  const pairs: [P, P][] = [];
  for (const [at, keys] of keysOf.entries()) {
    const shared = new Map<number, number>();
    for (const key of keys) {
      const list = holders.get(key) ?? [];
      if (list.length > mostPerKey) continue;
      for (const other of list) if (other > at) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    const nearest = [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, perPaper);
    for (const [other] of nearest) pairs.push([papers[at] as P, papers[other] as P]);
  }
  return pairs;
}

function asSeen(paper: ArxivPaper, random: () => number): PaperRecord {
  const { title, authors, year, abstract } = paper;
  return {
    title,
    authors,
    ...(random() < 0.8 ? { year } : {}),
    ...(random() < 0.4 ? { venue: "arXiv" } : {}),
    ...(abstract !== undefined && random() < 0.7 ? { abstract } : {}),
  };
}

/** Most of the title and nearly all of the abstract: a paper submitted twice, not a sequel. */
function isCopy(x: readonly number[]): boolean {
  return (
    (x[featureNames.indexOf("abstractContainment")] ?? 0) > 0.8 &&
    (x[featureNames.indexOf("titleWordJaccard")] ?? 0) > 0.6
  );
}

function isSameWorkToAReader(x: readonly number[]): boolean {
  const value = (name: string) => x[featureNames.indexOf(name)] ?? 0;
  const titles = value("titleWordJaccard") > 0.85 || value("titleEqual") === 1;
  return (
    titles &&
    value("authorsOfFewer") > 0.6 &&
    value("titlePart") < 2 &&
    value("titleKindDiffers") === 0 &&
    value("titleGeneric") === 0
  );
}
