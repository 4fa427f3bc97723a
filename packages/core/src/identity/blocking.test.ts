import { describe, expect, test } from "vitest";
import { blockingKeys, mostBlockingKeys } from "./blocking.ts";

const paper = {
  title: "Matryoshka Unstructured Knowledge Editing of Large Language Models",
  authors: ["Zian Su", "Ziyang Huang", "Xiangyu Zhang"],
};
const share = (a: typeof paper, b: typeof paper): number => {
  const others = new Set(blockingKeys(b));
  return blockingKeys(a).filter((key) => others.has(key)).length;
};

test("keys are distinct signed 64-bit integers, few of them", () => {
  const keys = blockingKeys(paper);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.length).toBeLessThanOrEqual(mostBlockingKeys);
  for (const key of keys) expect(BigInt.asIntN(64, key)).toBe(key);
});

test("keys stay as they were stored", () => {
  expect(blockingKeys({ title: "Landau damping", authors: ["C. Mouhot"] })).toMatchInlineSnapshot(`
    [
      -8134977122762074506n,
      5196283514949882371n,
      -1414713338323298413n,
      8474001034950100011n,
    ]
  `);
});

describe("records of one work share keys", () => {
  test.each([
    [
      "other case and marks",
      { ...paper, title: "MATRYOSHKA: unstructured knowledge-editing of large language models" },
    ],
    ["abbreviated names", { ...paper, authors: ["Su, Z.", "Huang, Z."] }],
    ["no authors", { ...paper, authors: [] }],
    ["lost spaces", { ...paper, title: "MatryoshkaUnstructured KnowledgeEditing of LargeLanguage Models" }],
    ["cut short", { ...paper, title: "Matryoshka Unstructured Knowledge Edit…" }],
    [
      "another beginning",
      { ...paper, title: "Nested Unstructured Knowledge Editing of Large Language Models" },
    ],
  ])("%s", (_, other) => {
    expect(share(paper, other)).toBeGreaterThan(0);
  });
});

test("records of different works share none", () => {
  expect(
    share(paper, { title: "Observation of a new boson at a mass of 125 GeV", authors: ["G. Aad"] }),
  ).toBe(0);
});

test("an empty title has no keys, a short one has some", () => {
  expect(blockingKeys({ title: " ?", authors: ["A. B"] })).toEqual([]);
  expect(blockingKeys({ title: "Gravity", authors: [] }).length).toBeGreaterThan(0);
});
