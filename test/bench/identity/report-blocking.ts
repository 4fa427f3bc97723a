import {
  blockingKeys,
  mostBlockingKeys,
  mostPapersPerKey,
} from "../../../packages/core/src/identity/blocking.ts";
import type { PaperRecord } from "../../../packages/core/src/identity/record.ts";
import { broadPapers, recentPapers } from "./corpora.ts";
import { pairsOf, recordOfRow } from "./labelled-sets.ts";
import { dataFolder, linesOf } from "./shared-data.ts";
import { silverPairsOf } from "./silver.ts";

/**
 * Keys and candidates per paper over all recorded arXiv titles, with over-common keys not followed, and the
 * share of labelled pairs that blocking finds in that crowd.
 */
export function printBlocking(): void {
  const papers = everyPaper();
  const startedAt = performance.now();
  const keysOf = papers.map((paper) => blockingKeys(paper));
  const micros = ((performance.now() - startedAt) * 1000) / papers.length;
  const holders = new Map<bigint, number[]>();
  for (const [at, keys] of keysOf.entries()) {
    for (const key of keys) {
      const list = holders.get(key);
      if (list === undefined) holders.set(key, [at]);
      else list.push(at);
    }
  }
  const followed = (key: bigint) => (holders.get(key)?.length ?? 0) <= mostPapersPerKey;
  const candidates: number[] = [];
  for (let at = 0; at < papers.length; at += 10) {
    const found = new Set<number>();
    for (const key of keysOf[at] ?? [])
      if (followed(key)) for (const other of holders.get(key) ?? []) found.add(other);
    candidates.push(Math.max(0, found.size - 1));
  }
  candidates.sort((a, b) => a - b);
  const mean = candidates.reduce((sum, count) => sum + count, 0) / candidates.length;
  const keyCount = keysOf.reduce((sum, keys) => sum + keys.length, 0) / papers.length;
  console.log(
    `\nblocking over ${papers.length} papers: ${keyCount.toFixed(1)} keys a paper (at most ${mostBlockingKeys}), ${micros.toFixed(0)} µs to make, ${[...holders.keys()].filter((key) => !followed(key)).length} of ${holders.size} keys over-common`,
  );
  console.log(
    `  candidates a paper: mean ${mean.toFixed(1)}, median ${candidates[candidates.length >> 1]}, 99 % within ${candidates[Math.floor(candidates.length * 0.99)]}, most ${candidates.at(-1)}`,
  );
  for (const [name, pairs] of matchesByName()) {
    const found = pairs.filter(([a, b]) => {
      const others = new Set(blockingKeys(b));
      return blockingKeys(a).some((key) => others.has(key) && followed(key));
    });
    console.log(`  recall ${(found.length / pairs.length).toFixed(4)} of ${pairs.length} matches in ${name}`);
  }
}

function everyPaper(): PaperRecord[] {
  const papers = [...recentPapers(), ...broadPapers()];
  const known = new Set(papers.map((paper) => paper.id));
  const titles = linesOf(`${dataFolder}/corpora/arxiv-broad-1993-2019/titles-218k.tsv.gz`)
    .slice(1)
    .map((line) => line.split("\t"));
  return [
    ...papers,
    ...titles
      .filter((columns) => !known.has(columns[0] ?? ""))
      .map((columns) => ({ title: columns[5] ?? "", authors: [] })),
  ];
}

function matchesByName(): [string, [PaperRecord, PaperRecord][]][] {
  const sets = [
    "structured-dblp-acm-valid",
    "structured-dblp-googlescholar-valid",
    "dirty-dblp-acm-valid",
    "dirty-dblp-googlescholar-valid",
  ];
  const silver = silverPairsOf(`${dataFolder}/entity-resolution/venue-arxiv-silver.ndjson.gz`).filter(
    (pair) => pair.match === 1,
  );
  return [
    ...sets.map((name): [string, [PaperRecord, PaperRecord][]] => [
      name,
      pairsOf(name)
        .filter((pair) => pair.match === 1)
        .map((pair) => [recordOfRow(pair.a), recordOfRow(pair.b)]),
    ]),
    ["venue-arxiv-silver", silver.map((pair) => [pair.a, pair.b])],
  ];
}
