import { describe, expect, test } from "vitest";
import { allOf, anyOf, hasPositivePart, negated, type Query } from "../query/ast.ts";
import { holds, termsOf } from "../query/evaluate.ts";
import type { QueryPaper } from "../query/labels.ts";
import { parseQuery } from "../query/parse.ts";
import { printQuery } from "../query/print.ts";
import { countFrequencies, type Frequencies } from "./frequencies.ts";
import { buildIndex, type IndexedQuery } from "./percolator.ts";

const WORDS =
  "graph neural networks network flow flows matching match of the deep-learning bridge bridges x".split(" ");
const CODES = ["cs.CL", "cs.LG", "cs.NA", "math.NA", "cmp-lg", "hep-th", "Oncology"];
const NAMES = [
  "Wei Zhang",
  "W. Zhang",
  "Wei-Ming Zhang",
  "Ada Lovelace",
  "Zhang",
  "Łukasz Kaiser",
  "L Kaiser",
];

describe("the index agrees with the definition", () => {
  test.each([1, 2, 3, 4])("on random queries and papers (seed %i)", (seed) => {
    const random = randomFrom(seed);
    const papers = Array.from({ length: 60 }, () => randomPaper(random));
    const queries = Array.from({ length: 2_000 }, (_, id) => ({ id: id * 3, query: randomQuery(random) }));
    for (const frequencies of [countFrequencies(papers), undefined, backwards(countFrequencies(papers))]) {
      const index = buildIndex(queries, frequencies);
      for (const paper of papers) expectAgreement(index.match(paper), queries, paper);
    }
  });

  test("while queries are added, replaced and removed", () => {
    const random = randomFrom(9);
    const current = new Map<number, Query>();
    for (let id = 0; id < 300; id++) current.set(id, randomQuery(random));
    const index = buildIndex([...current].map(([id, query]) => ({ id, query })));
    for (let round = 0; round < 60; round++) {
      for (let change = 0; change < 10; change++) {
        const id = Math.floor(random() * 400);
        if (random() < 0.4) {
          expect(index.remove(id)).toBe(current.delete(id));
        } else {
          const query = randomQuery(random);
          current.set(id, query);
          index.add(id, query);
        }
      }
      expect(index.size).toBe(current.size);
      const paper = randomPaper(random);
      expectAgreement(
        index.match(paper),
        [...current].map(([id, query]) => ({ id, query })),
        paper,
      );
    }
  });

  test("for ids in any order, none twice", () => {
    const [graph, flow] = [parseQuery("graph"), parseQuery("flow")];
    const index = buildIndex([
      { id: 7, query: graph },
      { id: 2_147_483_647, query: flow },
      { id: 0, query: graph },
    ]);
    expect(index.size).toBe(3);
    expect([...index.match(paperOf("graph"))].sort()).toEqual([0, 7]);
    expect(index.remove(7)).toBe(true);
    expect(index.remove(7)).toBe(false);
    expect([...index.match(paperOf("graph"))]).toEqual([0]);
    index.add(7, flow);
    expect([...index.match(paperOf("flow"))].sort()).toEqual([2_147_483_647, 7]);
    const twice = [0, 0].map((id) => ({ id, query: flow }));
    expect(() => buildIndex(twice)).toThrow(/Two queries have the id 0/);
  });
});

test("an index of nothing matches nothing and can be added to", () => {
  const index = buildIndex([]);
  expect([...index.match(paperOf("graph"))]).toEqual([]);
  index.add(1, parseQuery('"graph neural" OR title:flow'));
  expect([...index.match(paperOf("A graph-neural thing"))]).toEqual([1]);
  expect(index.changes).toBe(1);
});

test("a query without a positive part is refused", () => {
  const query = negated(parseQuery("graph"));
  expect(() => buildIndex([{ id: 1, query }])).toThrow(RangeError);
});

test("large groups inside each other need no expansion", () => {
  const pairs = Array.from({ length: 60 }, (_, i) => `(a${i} b${i})`);
  const index = buildIndex([{ id: 1, query: parseQuery(`${pairs.join(" OR ")}`) }]);
  expect([...index.match(paperOf("a1 b2"))]).toEqual([]);
  expect([...index.match(paperOf("b59 a59"))]).toEqual([1]);
});

function expectAgreement(found: Int32Array, queries: readonly IndexedQuery[], paper: QueryPaper): void {
  const terms = termsOf(paper);
  const expected = queries.filter(({ query }) => holds(query, terms));
  const wrong = [...new Set(found).symmetricDifference(new Set(expected.map(({ id }) => id)))];
  const queryOf = new Map(queries.map(({ id, query }) => [id, query]));
  expect(wrong.map((id) => [id, queryOf.get(id) && printQuery(queryOf.get(id) as Query), paper])).toEqual([]);
  expect(found.length).toBe(expected.length);
}

function paperOf(title: string): QueryPaper {
  return { title, authors: [], categories: [] };
}

function randomPaper(random: () => number): QueryPaper {
  const some = (from: readonly string[], most: number) =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(from, random));
  return {
    title: some(WORDS, 4).join(" "),
    abstract: some(WORDS, 8).join(random() < 0.5 ? " " : "-"),
    authors: some(NAMES, 2).map((name) => ({ name })),
    categories: some(CODES, 2),
    topics: some(["new-slug", "cs.CL"], 1),
    sources: some(["arxiv", "biorxiv"], 1),
    keys: some(["arxiv:2606.01234", "doi:10.1000/x"], 1),
    like: some(["cheap inference", "arxiv:2606.09999"], 1).map((value) => ({ value, closeness: 0.5 })),
  };
}

function randomQuery(random: () => number): Query {
  for (;;) {
    const query = randomPart(random, 3);
    if (hasPositivePart(query)) return query;
  }
}

function randomPart(random: () => number, depth: number): Query {
  const kind = random();
  if (depth > 0 && kind < 0.45) {
    const parts = Array.from({ length: 2 + Math.floor(random() * 3) }, () => randomPart(random, depth - 1));
    return (random() < 0.6 ? allOf(parts) : anyOf(parts)) ?? randomPart(random, 0);
  }
  if (depth > 0 && kind < 0.58) return negated(randomPart(random, depth - 1));
  if (kind < 0.75) return parseQuery(`"${pick(WORDS, random)}"`);
  if (kind < 0.83) return parseQuery(`"${pick(WORDS, random)} ${pick(WORDS, random)}"`);
  if (kind < 0.88) return parseQuery(`${random() < 0.5 ? "title" : "abstract"}:"${pick(WORDS, random)}"`);
  if (kind < 0.93) return parseQuery(`cat:${pick([...CODES, "cs", "math"], random)}`);
  if (kind < 0.97) return parseQuery(`author:"${pick(NAMES, random)}"`);
  return parseQuery(
    pick(
      [
        "topic:new-slug",
        "topic:cs",
        "source:arxiv",
        "id:2606.01234",
        'like:"Cheap inference"',
        "like:2606.09999",
      ],
      random,
    ),
  );
}

/** Frequencies that are as wrong as can be. */
function backwards({ papers, of }: Frequencies): Frequencies {
  return { papers, of: (key) => papers - (of(key) ?? 0) };
}

function pick<T>(from: readonly T[], random: () => number): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new RangeError("Nothing to pick from.");
  return picked;
}

/** mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
