import { expect, test } from "vitest";
import { foldText, isStopWord, tokenise, wordsOf } from "./text-analysis.ts";

test("words are folded, stemmed and kept in order, stop words included", () => {
  expect(tokenise("The Fine-Tuning of Networks")).toEqual(["the", "fine", "tune", "of", "network"]);
});

test("accents, ligatures and case do not tell two words apart", () => {
  expect(wordsOf("Erdős–Rényi ﬁelds, Łódź, STRASSE, Straße")).toEqual([
    "erdos",
    "renyi",
    "fields",
    "lodz",
    "strasse",
    "strasse",
  ]);
  expect(foldText("İstanbul")).toBe("istanbul");
  expect(foldText("cafe\u0301")).toBe("cafe");
});

test("a possessive is dropped, another apostrophe separates", () => {
  expect(wordsOf("Noether's theorem, l’Hôpital’s rule")).toEqual([
    "noether",
    "theorem",
    "l",
    "hopital",
    "rule",
  ]);
});

test("ideographs are words of their own and Hangul stays whole", () => {
  expect(wordsOf("量子 computing 연구")).toEqual(["量", "子", "computing", "연구"]);
});

test("invisible signs do not split a word and symbols do", () => {
  expect(wordsOf("trans\u00adformer zero\u200bwidth $\\alpha^2$ GPT-4o")).toEqual([
    "transformer",
    "zerowidth",
    "alpha",
    "2",
    "gpt",
    "4o",
  ]);
});

test("ASCII and non-ASCII text give the same words for the same English", () => {
  const english = "Knowledge distillation's limits: a (re-)evaluation of 3D models";
  expect(tokenise(`${english} é`).slice(0, -1)).toEqual(tokenise(english));
});

test("hostile text is survived", () => {
  expect(wordsOf("")).toEqual([]);
  expect(wordsOf("\ud800 lone")).toContain("lone");
  expect(wordsOf("x".repeat(100_000))).toEqual(["x".repeat(64)]);
  expect(tokenise("constructor __proto__ toString")).toEqual(["constructor", "proto", "tostr"]);
});

test("stop words are known stemmed and unstemmed", () => {
  expect(["the", "because", "becaus", "however"].every(isStopWord)).toBe(true);
  expect(isStopWord("distillation")).toBe(false);
});
