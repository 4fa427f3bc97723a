import { describe, expect, test } from "vitest";
import { titlePartsOf } from "./title.ts";

describe("what kind of text a title announces", () => {
  test.each([
    ["Erratum: A database model", "erratum"],
    ["Corrigendum to “A database model”", "erratum"],
    ["Comment on “Quantum widgets”", "comment"],
    ["Reply to Comment on “Quantum widgets”", "reply"],
    ["Rejoinder", "reply"],
    ["Retraction: Quantum widgets", "retraction"],
    ["Guest Editors' Introduction", "front"],
    ["Preface", "front"],
    ["Quantum widgets", ""],
    ["Correcting codes for noisy channels", ""],
    ["Commenting code with language models", ""],
    ["Responsible AI in practice", ""],
  ])("%s is %j", (title, kind) => {
    expect(titlePartsOf(title).kind).toBe(kind);
  });
});

describe("which part of a series", () => {
  test.each([
    ["Wave propagation. Part II: the 3D case", "2"],
    ["Wave propagation, part 2", "2"],
    ["Inclusion relations of metric balls II", "2"],
    ["Inclusion relations of metric balls", ""],
    ["Fast trees III: deletions", "3"],
    ["PolGS++: Splatting surfaces", "+"],
    ["On the letter X", ""],
  ])("%s is %j", (title, part) => {
    expect(titlePartsOf(title).part).toBe(part);
  });
});

test("number words are numbers", () => {
  expect(titlePartsOf("Flow in two dimensions").numbers).toEqual(["2"]);
  expect(titlePartsOf("GPT-4 in 2024").numbers).toEqual(["2024", "4"]);
});

test("titles that every volume has identify nothing", () => {
  for (const title of ["Editorial", "Preface", "Front Matter", "Introduction", "Book review"]) {
    expect(titlePartsOf(title).generic).toBe(true);
  }
  expect(titlePartsOf("Introduction to quantum groups").generic).toBe(false);
});
