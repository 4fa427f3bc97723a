import {
  cosineOf,
  createVectorIndex,
  fusionK,
  learnVectors,
  type TopicExample,
  vectorOf,
  wordsOf,
} from "@paperwire/core";
import { bm25, type Search, stemsOf, tfIdf } from "./closeness/keyword-search.ts";
import { broadPapers, hasCorpora, recentPapers } from "./topics/corpora.ts";

/**
 * Closeness to a phrase: `node test/bench/closeness.ts`. Word vectors are learned from the earlier months and from
 * the broad corpus without the ids that end in 8 or 9; the papers left out are searched. Titles must find their own
 * abstracts among all of them, once as they are and once with every word of the title taken out of its abstract
 * (there, searches by word can find nothing but chance), beside BM25 and tf-idf in the same run, and the two fused by
 * their ranks as the product's search does. Then what a dozen
 * phrases find, how many of it without any of their words, and what one search among 150,000 papers costs.
 */
const PHRASES = [
  "efficient knowledge transfer",
  "making language models forget",
  "robots that learn by watching humans",
  "detecting lies of chatbots",
  "cheaper inference for large models",
  "pictures from text descriptions",
  "protecting private data during training",
  "spread of infectious diseases",
  "collisions of black holes",
  "how proteins take their shape",
  "investment risk",
  "quantum error correction",
];

if (!hasCorpora) {
  console.log("Skipped: the corpora are not beside this repository. Set PAPERWIRE_SHARED.");
  process.exit(0);
}
const isHeldOut = ({ id = "", date = "" }: TopicExample): boolean =>
  date >= "2020" ? date >= "2026-05" : /[89]$/.test(id);
const all = [...(await recentPapers()), ...(await broadPapers())];
const papers = all.filter((paper) => isHeldOut(paper) && (paper.abstract ?? "").length > 200);

const began = process.cpuUsage();
const vectors = learnVectors(all.filter((paper) => !isHeldOut(paper)));
console.log(
  `${vectors.stems.length} words in ${vectors.dimensions} dimensions learned from ${vectors.papers} papers in ${seconds(began).toFixed(0)} CPU-s (target ≤ 120)\n`,
);

const abstracts = papers.map(({ abstract = "" }) => abstract);
const directions = abstracts.map((text) => vectorOf(vectors, text));
const close: Search = (query) => {
  const own = vectorOf(vectors, query);
  return Float64Array.from(directions, (direction) => (own && direction ? cosineOf(own, direction) : -1));
};
const asked = papers.filter((_, i) => i % 15 === 0).map((paper) => papers.indexOf(paper));
console.log(`titles that look for their abstract, ${asked.length} among ${papers.length}`);
console.log("                        as it is            without the title's words");
console.log("                        MRR     recall@10   MRR     recall@10");
const searches: [string, Search, (text: string, query: string) => number][] = [
  ["closeness", close, (text, query) => closenessOf(text, query)],
  ["BM25", bm25(abstracts), () => 0],
  ["tf-idf", tfIdf(abstracts), () => 0],
];
const placesOf = new Map<string, Place[]>();
for (const [name, search, alone] of searches) {
  const ranks = asked.map((i) => ranksOf(search, i, alone));
  if (name !== "tf-idf")
    placesOf.set(
      name,
      asked.map((i) => placeOf(search, i, alone)),
    );
  console.log(
    `${name.padEnd(24)}${figures(ranks.map(([whole]) => whole))}${figures(ranks.map(([, bare]) => bare))}`,
  );
}

for (const [k, byWords] of [
  [60, 1],
  [60, 1.5],
  [10, 1],
  [fusionK, 1],
  [fusionK, 1.5],
] as const) {
  const ranks = asked.map((_, n) => fusedRanks(n, k, byWords));
  console.log(
    `${`fused, k ${k}, words ${byWords}`.padEnd(24)}${figures(ranks.map(([whole]) => whole))}${figures(ranks.map(([, bare]) => bare))}`,
  );
}

const index = createVectorIndex(vectors.dimensions);
for (const [i, paper] of papers.entries()) {
  const direction = vectorOf(vectors, paper);
  if (direction !== undefined) index.add(String(i), direction);
}
for (const phrase of PHRASES) {
  const direction = vectorOf(vectors, phrase);
  if (direction === undefined) continue;
  const found = index
    .closest(direction, 10)
    .map(({ id, closeness }) => ({ paper: papers[Number(id)], closeness }));
  const words = new Set(stemsOf(phrase));
  const shared = found.map(({ paper }) => {
    const said = new Set(stemsOf(`${paper?.title} ${paper?.abstract}`));
    return [...words].filter((word) => said.has(word)).length;
  });
  const [some, none] = [shared.filter((n) => n < words.size).length, shared.filter((n) => n === 0).length];
  console.log(`\n${phrase} (of 10, ${some} lack some of its words, ${none} all)`);
  for (const { paper, closeness } of found) console.log(`  ${closeness.toFixed(2)}  ${paper?.title}`);
}

const transfer = vectorOf(vectors, "efficient knowledge transfer") ?? new Int8Array(vectors.dimensions);
const isMeant = (paper: TopicExample): boolean =>
  /distill|fine-?tun/i.test(`${paper.title} ${paper.abstract}`) &&
  !["knowledg", "transfer"].every((stem) => stemsOf(`${paper.title} ${paper.abstract}`).includes(stem));
const meant = papers.filter(isMeant).length;
const reached = index.closest(transfer, 100).filter(({ id }) => {
  const paper = papers[Number(id)];
  return paper !== undefined && isMeant(paper);
}).length;
console.log(
  `\n"efficient knowledge transfer": of the 100 closest papers ${reached} are about distillation or fine-tuning without ` +
    `saying "knowledge" and "transfer"; of 100 papers drawn by chance ${((100 * meant) / papers.length).toFixed(1)} would be`,
);

const large = createVectorIndex(vectors.dimensions);
for (let i = 0; i < 150_000; i++) {
  const direction = directions[i % directions.length];
  if (direction !== undefined) large.add(String(i), direction);
}
const queries = PHRASES.flatMap((phrase) => vectorOf(vectors, phrase) ?? []);
for (const query of queries) large.closest(query, 50);
const searched = process.cpuUsage();
for (const query of queries) large.closest(query, 50);
const perSearch = (seconds(searched) / queries.length) * 1000;
const sized = process.cpuUsage();
for (const paper of papers.slice(0, 3000)) vectorOf(vectors, paper);
const perPaper = (seconds(sized) / 3000) * 1e6;
console.log(
  `\n${perSearch.toFixed(1)} CPU-ms a search among ${large.size} papers; ${perPaper.toFixed(0)} µs to place a paper`,
);

/** Rank of a paper's own abstract for its title, as it is and without the title's words. */
function ranksOf(
  search: Search,
  paper: number,
  alone: (text: string, query: string) => number,
): [number, number] {
  const title = papers[paper]?.title ?? "";
  const scores = search(title);
  const own = scores[paper] ?? 0;
  const titleStems = new Set(stemsOf(title));
  const bareText = wordsOf(abstracts[paper] ?? "")
    .filter((word) => !stemsOf(word).some((stem) => titleStems.has(stem)))
    .join(" ");
  const bare = alone(bareText, title);
  let [whole, without] = [1, 1];
  for (let i = 0; i < scores.length; i++) {
    if (i === paper) continue;
    if ((scores[i] ?? 0) > own) whole++;
    if ((scores[i] ?? 0) > bare) without++;
  }
  return [whole, without];
}

interface Place {
  /** The rank of every paper, from 1. */
  readonly ranks: Uint32Array;
  /** Its own without the title's words. */
  readonly bare: number;
  readonly paper: number;
}

function placeOf(search: Search, paper: number, alone: (text: string, query: string) => number): Place {
  const scores = search(papers[paper]?.title ?? "");
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const ranks = new Uint32Array(scores.length);
  for (const [at, i] of order.entries()) ranks[i] = at + 1;
  return { ranks, bare: ranksOf(search, paper, alone)[1], paper };
}

/** What fusing the two lists makes of the ranks; a list holds only its best 300, as in the product. */
function fusedRanks(n: number, k: number, byWords: number): [number, number] {
  const [words, meaning] = [placesOf.get("BM25")?.[n], placesOf.get("closeness")?.[n]];
  if (words === undefined || meaning === undefined) return [1, 1];
  const gain = (rank: number, weight: number) => (rank <= 300 ? weight / (k + rank) : 0);
  const scoreOf = (a: number, b: number) => gain(a, byWords) + gain(b, 1);
  const own = scoreOf(words.ranks[words.paper] ?? 0, meaning.ranks[words.paper] ?? 0);
  const bare = scoreOf(words.bare, meaning.bare);
  let [whole, without] = [1, 1];
  for (let i = 0; i < words.ranks.length; i++) {
    if (i === words.paper) continue;
    const score = scoreOf(words.ranks[i] ?? 0, meaning.ranks[i] ?? 0);
    if (score > own) whole++;
    if (score > bare || (bare === 0 && score === 0)) without++;
  }
  return [whole, without];
}

function closenessOf(text: string, query: string): number {
  const [a, b] = [vectorOf(vectors, text), vectorOf(vectors, query)];
  return a && b ? cosineOf(a, b) : -1;
}

function figures(ranks: readonly number[]): string {
  const mrr = ranks.reduce((sum, rank) => sum + 1 / rank, 0) / ranks.length;
  const recall = ranks.filter((rank) => rank <= 10).length / ranks.length;
  return `${mrr.toFixed(4)}  ${recall.toFixed(4)}      `;
}

function seconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
