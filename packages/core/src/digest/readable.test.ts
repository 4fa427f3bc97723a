import { expect, test } from "vitest";
import { cut, dayOf, directionOf, listOf, longDate, prose, readable, webUrl } from "./readable.ts";

test("text from a source fits one line whatever it holds", () => {
  const strange = "\u0000\t\n\r\u0085\u00a0\u00ad\u1680\u2003\u2028\u2029\u202e\u2066\u3000\ufeff\ud800 ";
  for (const unit of strange) {
    const line = readable(`a${unit}b${unit}`);
    expect(line).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]| {2}|^\s|\s$/,
    );
    expect(line.isWellFormed()).toBe(true);
  }
  expect(readable("  two   spaces ")).toBe("two spaces");
  expect(readable("Schrödinger 猫 😀 ‍")).toContain("😀");
});

test("maths is turned into Unicode, dollars that are money stay", () => {
  expect(prose("A bound of $\\mathcal{O}(n^2)$")).toBe("A bound of 𝒪(n²)");
  expect(prose("It costs $5")).toBe("It costs $5");
});

test("text is cut between words, never inside a letter, and says so", () => {
  expect(cut("one two three", 20)).toBe("one two three");
  expect(cut("one two three, four", 15)).toBe("one two three…");
  expect(cut("x".repeat(50), 10)).toBe(`${"x".repeat(9)}…`);
  for (let max = 3; max < 12; max++) {
    const short = cut("😀".repeat(20), max);
    expect(short.isWellFormed()).toBe(true);
    expect(short.length).toBeLessThanOrEqual(max);
  }
});

test("only web addresses are linked", () => {
  expect(webUrl("https://example.org/a b")).toBe("https://example.org/a%20b");
  for (const bad of [
    undefined,
    "",
    "javascript:alert(1)",
    "//x.example",
    " https://x.example",
    "https://",
    "ftp://x.example",
    `https://x.example/${"a".repeat(2100)}`,
  ]) {
    expect(webUrl(bad)).toBeUndefined();
  }
});

test("dates and lists read as people write them", () => {
  expect(longDate("2026-06-08")).toBe("Monday 8 June 2026");
  expect(longDate("2024-02-29")).toBe("Thursday 29 February 2024");
  expect(dayOf("2026-12-31T23:59:59Z")).toBe("31 December");
  expect([listOf([]), listOf(["a"]), listOf(["a", "b"]), listOf(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});

test("the direction of a title is that of its first letter", () => {
  expect(["1 הספר", "الكتاب", "Title الكتاب", "猫", "123"].map(directionOf)).toEqual([
    "rtl",
    "rtl",
    "ltr",
    "ltr",
    "ltr",
  ]);
});
