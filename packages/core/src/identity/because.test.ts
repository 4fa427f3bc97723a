import { expect, test } from "vitest";
import { becauseOf } from "./because.ts";
import { prepare } from "./prepared.ts";
import type { PaperRecord } from "./record.ts";

const paper: PaperRecord = {
  title: "Flow matching: a survey",
  authors: ["Ada Quill", "Ben Roe", "Cy Tran"],
  year: 2025,
};
const sentences = (change: Partial<PaperRecord>) =>
  becauseOf(prepare(paper), prepare({ ...paper, ...change }));

test.each<[string, Partial<PaperRecord>, string]>([
  ["the same title", {}, "The titles are identical."],
  [
    "another case",
    { title: "FLOW MATCHING – a survey" },
    "The titles differ only in case, accents, markup or punctuation.",
  ],
  ["no subtitle", { title: "Flow matching" }, "One title is the other without its subtitle."],
  [
    "a word more",
    { title: "Flow matching: a short survey" },
    'One title has all words of the other, and "short".',
  ],
  [
    "another word",
    { title: "Flow matching: a tutorial" },
    'The titles differ in "survey" against "tutorial".',
  ],
  ["another title", { title: "Baking bread" }, "The titles have little in common."],
  ["the same authors", {}, "All 3 authors agree (Quill, Roe, Tran)."],
  [
    "fewer authors",
    { authors: ["A. Quill", "et al."] },
    "One side's only author is among the other's 3 (Quill).",
  ],
  ["other authors", { authors: ["Di Ume"] }, "No author is the same."],
  [
    "another given name",
    { authors: ["Zoe Quill"] },
    "The family name Quill belongs to different given names.",
  ],
  ["no authors", { authors: [] }, "One side names no authors."],
  ["the next year", { year: 2026 }, "They are one year apart (2025, 2026)."],
])("%s is named", (_, change, sentence) => {
  expect(sentences(change)).toContain(sentence);
});
