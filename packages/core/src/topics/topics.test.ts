import { expect, test } from "vitest";
import { PermanentError, UsageError } from "../errors.ts";
import { topicsOfCategories } from "./arxiv.ts";
import { readExamples, type TopicExample, toExample } from "./corpus.ts";
import { evaluateTopics } from "./evaluate.ts";
import { classifiersWith } from "./index.ts";
import { predictTopics, rankTopics } from "./model.ts";
import { decodeTopicModel, encodeTopicModel } from "./model-bytes.ts";
import { randomOf } from "./random.ts";
import { termCountsOf } from "./tokens.ts";
import { trainTopics } from "./train.ts";

/** Papers that draw their words from one subject's list, with some of the others mixed in. */
function madeUpPapers(count: number, seed: number): TopicExample[] {
  const subjects: Readonly<Record<string, string>> = {
    "cs.CL": "parsing translation corpus language syntax speech dialogue grammar",
    "hep-th": "string supergravity brane duality gauge holography vacuum spinor",
    "q-bio.PE": "species population predator epidemic mutation selection ecology virus",
  };
  const random = randomOf(seed);
  const topics = Object.keys(subjects);
  const words = Object.values(subjects).map((list) => list.split(" "));
  const draw = (topic: number): string => {
    const list = words[random() < 0.8 ? topic : Math.floor(random() * words.length)] ?? [];
    return list[Math.floor(random() * list.length)] ?? "";
  };
  return Array.from({ length: count }, (_, i) => {
    const topic = i % topics.length;
    const text = (length: number): string => Array.from({ length }, () => draw(topic)).join(" ");
    return { title: text(5), abstract: text(30), categories: [topics[topic] ?? ""] };
  });
}

test("a model learns topics from their words and survives being written and read", async () => {
  const model = await trainTopics(madeUpPapers(300, 1));
  const report = await evaluateTopics(model, madeUpPapers(150, 2));
  expect(report.accuracy).toBeGreaterThan(0.9);
  expect(report.topThree).toBe(1);
  const copy = decodeTopicModel(encodeTopicModel(model));
  expect(copy).toEqual(model);
});

test("the same papers and seed give the same bytes, another seed another version", async () => {
  const papers = madeUpPapers(90, 3);
  const [one, two, other] = [
    await trainTopics(papers),
    await trainTopics(papers),
    await trainTopics(papers, { seed: 2 }),
  ];
  expect(encodeTopicModel(one)).toEqual(encodeTopicModel(two));
  expect(other.version).not.toBe(one.version);
});

test("a text without known words gets no label", async () => {
  const model = await trainTopics(madeUpPapers(300, 1));
  expect(predictTopics(model, { title: "" })).toEqual([]);
  expect(predictTopics(model, { title: "Untergang des Abendlandes", abstract: "Ganz andere Worte" })).toEqual(
    [],
  );
  expect(predictTopics(model, { title: "string duality holography on a brane" })[0]?.topic).toBe("hep-th");
});

test("confidences lie between 0 and 1 in falling order", async () => {
  const model = await trainTopics(madeUpPapers(90, 3));
  const confidences = rankTopics(model, { title: "language of species" }, 10).map(
    ({ confidence }) => confidence,
  );
  expect(confidences).toHaveLength(3);
  expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  expect(confidences.every((confidence) => confidence >= 0 && confidence <= 1)).toBe(true);
});

test("too few papers is the caller's mistake, damaged bytes are permanent", async () => {
  await expect(trainTopics(madeUpPapers(3, 1))).rejects.toThrow(UsageError);
  const bytes = encodeTopicModel(await trainTopics(madeUpPapers(90, 3)));
  expect(() => decodeTopicModel(bytes.subarray(0, -1))).toThrow(PermanentError);
  expect(() => decodeTopicModel(new TextEncoder().encode("not a model at all"))).toThrow(PermanentError);
});

test("every classifier is pure, stays in its vocabulary and survives hostile text", async () => {
  const model = await trainTopics(madeUpPapers(90, 3));
  const papers = [
    { title: "Grammar", categories: [] },
    { title: "", abstract: "", categories: ["cs.CL", "cs.XX", "68T07"] },
    { title: "string brane", abstract: "gauge vacuum ".repeat(8_000), categories: [] },
  ];
  for (const classifier of classifiersWith(model)) {
    for (const paper of papers) {
      const labels = classifier.classify(paper);
      expect(classifier.classify(paper)).toEqual(labels);
      for (const { topic } of labels) expect([...model.topics, "cs"]).toContain(topic);
    }
  }
});

test("arXiv's own categories are topics, canonical, with their archives", () => {
  expect(topicsOfCategories(["cmp-lg", "cs.NA", "math.NA", "68T07"]).map(({ topic }) => topic)).toEqual([
    "cs.CL",
    "math.NA",
    "cs",
    "math",
  ]);
  expect(topicsOfCategories(["Biology"])).toEqual([]);
});

test("corpora with other field names are understood", () => {
  expect(toExample({ t: "A title", a: "Text", c: "cs.NA stat.TH", d: "2018-01-01" })).toEqual({
    title: "A title",
    abstract: "Text",
    categories: ["math.NA", "math.ST"],
    date: "2018-01-01",
  });
  expect(
    toExample({ title: "T\n  x", summary: "S", categories: ["cs.AI", "cs.CL"], primary_category: "cs.CL" }),
  ).toEqual({
    title: "T x",
    abstract: "S",
    categories: ["cs.CL", "cs.AI"],
  });
  expect(toExample({ title: "T", label: "Marine Biology" })?.categories).toEqual(["Marine Biology"]);
  expect(toExample({ title: "T", topics: [{ topic: "cs.CL" }] })?.categories).toEqual(["cs.CL"]);
  expect([toExample({ title: "T" }), toExample(7), toExample(null)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("broken lines of a corpus are counted, not fatal", async () => {
  const skipped: number[] = [];
  const lines = ['{"title":"T","categories":["cs.CL"]}', "", "{broken", '{"title":"no topic"}'];
  const read = await Array.fromAsync(readExamples(lines, (line) => skipped.push(line)));
  expect(read).toHaveLength(1);
  expect(skipped).toEqual([3, 4]);
});

test("terms are stems and pairs, those of the title count double, long texts are cut", () => {
  const { terms, counts } = termCountsOf({ title: "Deep networks", abstract: "a deep network of the sea" });
  expect([...counts]).toEqual([3, 3, 3, 1, 1]);
  expect(new Set(terms).size).toBe(5);
  expect(termCountsOf({ title: "x".repeat(100_000) }).terms).toHaveLength(1);
});
