import { expect, test } from "vitest";
import {
  aliases,
  archiveOf,
  canonicalCategory,
  categories,
  categoryName,
  groupOf,
  isCategory,
  subsumed,
} from "./taxonomy.ts";

test("every code leads to an active category", () => {
  expect(categories.size).toBe(155);
  expect(Object.keys(subsumed)).toHaveLength(18);
  expect(Object.keys(aliases)).toHaveLength(6);
  for (const code of [...categories.keys(), ...Object.keys(subsumed), ...Object.keys(aliases)]) {
    expect(categories.has(canonicalCategory(code))).toBe(true);
    expect(canonicalCategory(canonicalCategory(code))).toBe(canonicalCategory(code));
  }
});

test("case and white space are repaired, strangers stay", () => {
  expect(canonicalCategory(" CS.cl ")).toBe("cs.CL");
  expect(canonicalCategory("Cs.na")).toBe("math.NA");
  expect(canonicalCategory("CMP-LG")).toBe("cs.CL");
  expect(canonicalCategory(" Neuroscience ")).toBe("Neuroscience");
  expect(canonicalCategory("constructor")).toBe("constructor");
});

test("names, archives and groups are known for every kind of code", () => {
  expect(categoryName("cs.LG")).toBe("Machine Learning");
  expect(categoryName("cs")).toBe("Computer Science");
  expect(categoryName("q-alg")).toBe("Quantum Algebra and Topology");
  expect(categoryName("toString")).toBeUndefined();
  expect([archiveOf("cond-mat.str-el"), archiveOf("hep-th"), archiveOf("x.y")]).toEqual([
    "cond-mat",
    "hep-th",
    undefined,
  ]);
  expect([groupOf("hep-th"), groupOf("cmp-lg")]).toEqual(["Physics", "Computer Science"]);
});

test("an archive is a category only where it has none or had none", () => {
  expect(["hep-th", "cmp-lg", "astro-ph", "cs.AI"].every(isCategory)).toBe(true);
  expect(["cs", "math", "cs.XX", "", "constructor"].some(isCategory)).toBe(false);
});
