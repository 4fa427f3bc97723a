import { expect, test } from "vitest";
import { fold, tokensOf } from "./fold.ts";

test.each([
  ["Über die Lösung", "uber die losung"],
  ["Erd\\H{o}s--R\\'enyi graphs", "erdos renyi graphs"],
  ['G\\"{o}del &amp; Escher', "godel escher"],
  ["$\\mu$KE: Matryoshka", "muke matryoshka"],
  ["$μ$KE: Matryoshka", "muke matryoshka"],
  ["$\\mathbf{\\texttt{D}}$ual-Head", "dual head"],
  ["Readability ≠ Learnability", "readability learnability"],
  ["Readability $\\ne$ Learnability", "readability learnability"],
  ["Lawyers’ Thought", "lawyers thought"],
  ["A$^2$Search", "a2search"],
  ["A²Search", "a2search"],
  ["Straße, Łódź, Ørsted", "strasse lodz orsted"],
  ["garc&#237;a-molina", "garcia molina"],
  ["", ""],
])("%s folds to %s", (text, folded) => {
  expect(fold(text)).toBe(folded);
});

test("an empty text has no tokens", () => {
  expect(tokensOf(" – ")).toEqual([]);
});
