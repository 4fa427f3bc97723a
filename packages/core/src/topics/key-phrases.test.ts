import { expect, test } from "vitest";
import { keyPhrasesOf, type TermStatistics } from "./key-phrases.ts";

const statistics: TermStatistics = {
  papers: 1000,
  frequencyOf: (stem) =>
    ({ learn: 300, network: 200, knowledg: 60, distil: 20, teacher: 15, larg: 200 })[stem] ?? 2,
  pairCountOf: (first, second) => (`${first} ${second}` === "knowledg distil" ? 40 : 0),
};

test("a phrase the archive knows, an acronym and a repeated name are found, once each", () => {
  const phrases = keyPhrasesOf(
    {
      title: "Knowledge Distillation of Large Networks with TinyTeach",
      abstract:
        "We propose TinyTeach, a novel method for knowledge distillation. Results show that the Gaussian teacher helps; " +
        "with $x^2$ the Gaussian teacher is stable.",
    },
    statistics,
  );
  expect(phrases).toContain("knowledge distillation");
  expect(phrases).toContain("TinyTeach");
  expect(phrases).toContain("Gaussian teacher");
  expect(phrases.some((phrase) => /propose|novel|results|\$|x/i.test(phrase))).toBe(false);
  expect(new Set(phrases).size).toBe(phrases.length);
});

test("the number of phrases is bounded and the same text gives the same ones", () => {
  const text = {
    title: "Alpha beta gamma delta",
    abstract: "Kappa lambda. ".repeat(4) + "Omega psi chi. ".repeat(3),
  };
  expect(keyPhrasesOf(text, statistics, 2)).toHaveLength(2);
  expect(keyPhrasesOf(text, statistics)).toEqual(keyPhrasesOf(text, statistics));
});

test("hostile text is survived", () => {
  expect(keyPhrasesOf({ title: "" }, statistics)).toEqual([]);
  expect(
    keyPhrasesOf({ title: "$$$", abstract: "e.g. i.e. 12 3.4 https://x.example/a" }, statistics),
  ).toEqual([]);
  expect(() =>
    keyPhrasesOf({ title: "__proto__ constructor", abstract: "a-".repeat(50_000) }, statistics),
  ).not.toThrow();
  expect(keyPhrasesOf({ title: "量子 计算", abstract: "\ud800" }, statistics).length).toBeLessThanOrEqual(6);
});
