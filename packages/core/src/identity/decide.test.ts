import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import type { PaperRecord } from "./record.ts";

const graph: PaperRecord = {
  title: "TreeQN: Differentiable Tree-Structured Models for Deep Reinforcement Learning",
  authors: ["Ada Quillfeather", "Tim Marlowski", "Max Ingelund", "Sam Whitestone"],
  year: 2017,
};

const verdict = (a: PaperRecord, b: PaperRecord) => decide(a, b).verdict;

describe("identifiers decide first", () => {
  test("a shared arXiv id is the same work, whatever the titles say", () => {
    const decision = decide(
      { ...graph, keys: ["arxiv:1710.00001"] },
      { title: "Another title", authors: [], keys: ["arxiv:1710.00001"] },
    );
    expect(decision).toEqual({
      verdict: "same",
      probability: 1,
      because: ["Both have the arXiv id 1710.00001."],
    });
  });

  test("two arXiv ids are never the same work, however alike", () => {
    expect(verdict({ ...graph, keys: ["arxiv:1710.00001"] }, { ...graph, keys: ["arxiv:1710.00002"] })).toBe(
      "different",
    );
  });

  test("one DOI under two arXiv ids is for a person to judge", () => {
    const decision = decide(
      { ...graph, keys: ["arxiv:1710.00001", "doi:10.1/x"] },
      { ...graph, keys: ["doi:10.1/x", "arxiv:1710.00002"] },
    );
    expect(decision.verdict).toBe("candidate");
    expect(decision.because[0]).toContain("10.1/x");
  });

  test("an arXiv DOI is an arXiv id", () => {
    expect(
      verdict(
        { ...graph, keys: ["arxiv:1710.00001"] },
        { ...graph, title: "X", keys: ["doi:10.48550/arxiv.1710.00001"] },
      ),
    ).toBe("same");
  });

  test("a shared URL decides nothing", () => {
    const keys = ["url:blog:https://blog.test/"];
    expect(verdict({ ...graph, keys }, { title: "Bread for beginners", authors: ["Joan Baker"], keys })).toBe(
      "different",
    );
  });

  test("works published under two DOIs stay candidates, a preprint's DOI does not count", () => {
    expect(verdict({ ...graph, keys: ["doi:10.1145/1"] }, { ...graph, keys: ["doi:10.1109/2"] })).toBe(
      "candidate",
    );
    expect(verdict({ ...graph, keys: ["doi:10.1145/1"] }, { ...graph, keys: ["doi:10.1101/2"] })).toBe(
      "same",
    );
  });
});

describe("the same work in another spelling", () => {
  test.each<[string, Partial<PaperRecord>]>([
    ["other case", { title: graph.title.toUpperCase() }],
    ["no hyphens", { title: graph.title.replaceAll("-", "") }],
    ["an article more", { title: graph.title.replace("Differentiable", "A Differentiable") }],
    ["without its subtitle's end", { title: "TreeQN: Differentiable Tree-Structured Models for Deep" }],
    ["authors as initials", { authors: ["A. Quillfeather", "T. Marlowski", "M. Ingelund", "S. Whitestone"] }],
    [
      "family names first",
      { authors: ["Quillfeather, Ada", "Marlowski, Tim", "Ingelund, Max", "Whitestone, Sam"] },
    ],
    ["authors reordered", { authors: [...graph.authors].reverse() }],
    ["et al.", { authors: ["Ada Quillfeather", "et al."] }],
    ["a year later, in print", { year: 2018, venue: "International Conference on Learning Representations" }],
    [
      "accents in the names",
      { authors: ["Ada Quillféather", "Tim Marłowski", "Max Ingelund", "Sam Whitestone"] },
    ],
  ])("%s", (_, change) => {
    expect(verdict(graph, { ...graph, ...change })).toBe("same");
  });

  test("it does not matter which record comes first", () => {
    const other = { ...graph, title: "Differentiable tree models", authors: ["A. Quillfeather"] };
    expect(decide(other, graph)).toEqual(decide(graph, other));
  });
});

describe("what only looks alike", () => {
  test("a title alone is not enough", () => {
    expect(verdict(graph, { title: graph.title, authors: [] })).not.toBe("same");
  });

  test("the same title by other people is not the same work", () => {
    expect(
      verdict(
        { title: "Landau damping in plasmas", authors: ["Ann Arbor"] },
        { title: "Landau damping in plasmas", authors: ["Bo Derring"] },
      ),
    ).not.toBe("same");
  });

  test.each([
    [
      "Wave propagation in layered media. Part I: theory",
      "Wave propagation in layered media. Part II: theory",
    ],
    ["A database model for object dynamics", "Erratum: A database model for object dynamics"],
    ["A database model for object dynamics", "Comment on “A database model for object dynamics”"],
    [
      "Comment on “A database model for object dynamics”",
      "Reply to Comment on “A database model for object dynamics”",
    ],
  ])("%s is different from %s", (a, b) => {
    const authors = ["Mike Papadopulu", "Bernd Kraemers"];
    const decision = decide({ title: a, authors, year: 1997 }, { title: b, authors, year: 1997 });
    expect(decision.verdict).toBe("different");
    expect(decision.because[0]).toMatch(/^(One is|Part)/);
  });

  test.each([
    ["Solving flow equations in two dimensions", "Solving flow equations in three dimensions"],
    ["Overview of the plant identification task 2019", "Overview of the plant identification task 2020"],
    ["Keye Vision-Language Technical Report", "Keye Vision-Language 1.5 Technical Report"],
    ["Inclusion relations of hyperbolic metric balls", "Inclusion relations of hyperbolic metric balls II"],
    ["Editorial", "Editorial"],
  ])("%s is not certainly %s", (a, b) => {
    const authors = ["Herve Goeaulin", "Pierre Bonnetier"];
    expect(verdict({ title: a, authors }, { title: b, authors })).not.toBe("same");
  });

  test("the same people writing about the same things twice", () => {
    const authors = ["Sumiko Tanaka", "Clement Fournier"];
    expect(
      verdict(
        { title: "Hierarchical encodings for dependency parsing as tagging", authors },
        { title: "Graph rewriting with hierarchical spans for semantic parsing", authors },
      ),
    ).not.toBe("same");
  });
});

describe("hostile and empty records", () => {
  test.each<[string, PaperRecord]>([
    ["nothing", { title: "", authors: [] }],
    ["marks only", { title: "???", authors: ["…"] }],
    ["a very long title", { title: "word ".repeat(20_000), authors: ["A B"] }],
    [
      "thousands of authors",
      { title: "Observation of a boson", authors: Array.from({ length: 5_000 }, (_, at) => `A. Name${at}`) },
    ],
    ["broken TeX", { title: "\\\\{$^_}\\", authors: ["\\'{", "{}"] }],
    ["other scripts", { title: "深層学習の基礎", authors: ["山田太郎"] }],
  ])("%s decides without failing", (_, record) => {
    const decision = decide(record, { ...record, year: 2020 });
    expect(decision.probability).toBeGreaterThanOrEqual(0);
    expect(decision.probability).toBeLessThanOrEqual(1);
    expect(decide(record, graph).verdict).toBe("different");
  });
});
