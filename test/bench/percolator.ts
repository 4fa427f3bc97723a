import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { canonicalQuery, parseQuery, printQuery } from "@paperwire/core";
import { countFrequencies } from "@paperwire/core/percolator/frequencies.ts";
import { buildIndex, type PercolatorIndex } from "@paperwire/core/percolator/percolator.ts";
import type { Query } from "@paperwire/core/query/ast.ts";
import { termsOf } from "@paperwire/core/query/evaluate.ts";
import type { QueryPaper } from "@paperwire/core/query/labels.ts";
import { requireData } from "./identity/shared-data.ts";
import { readCorpus } from "./percolator/corpus.ts";
import { makeReady, straightLoop } from "./percolator/straight-loop.ts";
import { drawSubscriptions, randomFrom } from "./percolator/subscriptions.ts";

/**
 * `node test/bench/percolator.ts [subscriptions=1000000]`: papers matched per CPU-second of one thread against so
 * many made-up subscriptions, the memory they take, and the straight loop over the same in the same run.
 */
requireData();
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const wanted = Number(process.argv[2] ?? 1_000_000);
const { sources, incoming } = readCorpus();
const frequencies = countFrequencies(sources);
const draw = () => drawSubscriptions(wanted, sources, frequencies, randomFrom(42));
say(`${wanted} subscriptions drawn from ${sources.length} papers; ${incoming.length} later papers come in`);

const drawing = cpuSeconds(() => {
  for (const _ of draw());
});
const before = heap();
let index: PercolatorIndex | undefined;
const building = cpuSeconds(() => {
  index = buildIndex(numbered(draw()), frequencies);
});
if (index === undefined) throw new Error("No index was built.");
const built = index;
const dictionaries = heap() - before;
say(`build: ${(building - drawing).toFixed(1)} CPU-s (${drawing.toFixed(1)} CPU-s of drawing taken off)`);
say(`memory: ${perQuery(built.bytes)} typed + ${perQuery(dictionaries)} heap, bytes per subscription`);

const plain = measure(built, incoming);
say(`index: ${plain.rate.toFixed(0)} papers/CPU-s, ${plain.matches.toFixed(0)} matches a paper`);
const reading = cpuSeconds(() => {
  for (const paper of incoming) termsOf(paper);
});
say(`reading a paper alone (words, stems, labels): ${((1e6 * reading) / incoming.length).toFixed(0)} µs`);

const shared = new Map<string, Query>();
for (const query of draw()) shared.set(canonicalQuery(query), query);
const deduplicated = measure(buildIndex(numbered(shared.values()), frequencies), incoming);
say(
  `equal queries shared: ${shared.size} queries, ${deduplicated.rate.toFixed(0)} papers/CPU-s, ${deduplicated.matches.toFixed(0)} ids a paper`,
);
const texts = [...shared.values()].slice(0, 100_000).map(printQuery);
shared.clear();
const parsing = cpuSeconds(() => {
  for (const text of texts) parseQuery(text);
});
say(`parsing: ${((1e6 * parsing) / texts.length).toFixed(1)} µs a query`);

const some = incoming.slice(0, 2_000);
const early = measure(built, some);
const adding = cpuSeconds(() => {
  let id = wanted;
  for (const query of drawSubscriptions(10_000, sources, frequencies, randomFrom(7))) built.add(id++, query);
});
const late = measure(built, some);
say(
  `10,000 added later: ${(100 * adding).toFixed(0)} µs each with drawing; ${early.rate.toFixed(0)} papers/CPU-s before, ${late.rate.toFixed(0)} after`,
);
for (let id = wanted; id < wanted + 10_000; id++) built.remove(id);

const ready = [...draw()].map(makeReady);
const sample = incoming.filter((_, i) => i % Math.ceil(incoming.length / 20) === 0);
const answers = sample.map((paper) => new Set(built.match(paper)));
const terms = sample.map(termsOf);
let differences = 0;
const looping = cpuSeconds(() => {
  terms.forEach((paper, i) => {
    const found = new Set(straightLoop(ready, paper));
    differences += found.symmetricDifference(answers[i] ?? new Set()).size;
  });
});
const loopRate = sample.length / looping;
say(
  `straight loop: ${loopRate.toFixed(2)} papers/CPU-s over ${sample.length} papers, ${differences} answers differ`,
);
say(`ratio: ${(plain.rate / loopRate).toFixed(0)}×`);
if (differences > 0) process.exitCode = 1;

/** The best of three passes, after one to warm up. */
function measure(subject: PercolatorIndex, papers: readonly QueryPaper[]) {
  let best = Number.POSITIVE_INFINITY;
  let matches = 0;
  for (let pass = 0; pass < 4; pass++) {
    matches = 0;
    const took = cpuSeconds(() => {
      for (const paper of papers) matches += subject.match(paper).length;
    });
    if (pass > 0) best = Math.min(best, took);
  }
  return { rate: papers.length / best, matches: matches / papers.length };
}

function* numbered(queries: Iterable<Query>) {
  let id = 0;
  for (const query of queries) yield { id: id++, query };
}

function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function perQuery(bytes: number): string {
  return (bytes / wanted).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
