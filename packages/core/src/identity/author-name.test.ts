import { describe, expect, test } from "vitest";
import { authorNameOf, editDistance, nameAgreement } from "./author-name.ts";

const agreement = (a: string, b: string): number => {
  const [one, other] = [authorNameOf(a), authorNameOf(b)];
  if (one === undefined || other === undefined) throw new Error("a name was expected");
  return nameAgreement(one, other);
};

describe("one person", () => {
  test.each([
    ["Hector Garcia-Molina", "H. Garcia-Molina"],
    ["Héctor García-Molina", "h garcia molina"],
    ["Kriegel, H.-P.", "hp kriegel"],
    ["Sinno Pan", "Sinno Jialin Pan"],
    ["Dhruv Batra", "Batra"],
    ["Wang Wei", "Wei Wang"],
    ["Pablo J. Diego Simon", "Pablo Diego-Simón"],
    ["Hans Müller", "Hans Mueller"],
    ["Martin Luther King Jr.", "M. L. King"],
    ["Ludwig van Beethoven", "L. Beethoven"],
    ["Shangbang Zhang", "Shanghang Zhang"],
  ])("%s and %s", (a, b) => {
    expect(agreement(a, b)).toBeGreaterThanOrEqual(0.8);
    expect(agreement(b, a)).toBe(agreement(a, b));
  });
});

describe("two persons", () => {
  test.each([
    ["Tong Wu", "Yang Wu"],
    ["Jane Smith", "Jane Jones"],
    ["Li Chen", "Hao Zhang"],
    ["A. Kumar", "B. Kumar"],
  ])("%s and %s", (a, b) => {
    expect(agreement(a, b)).toBeLessThanOrEqual(0.4);
  });
});

test("what names nobody is no name", () => {
  for (const raw of ["et al.", "and others", "...", "", " , "]) expect(authorNameOf(raw)).toBeUndefined();
});

test("the edit distance stops counting past its limit", () => {
  expect(editDistance("kitten", "sitting", 5)).toBe(3);
  expect(editDistance("kitten", "sitting", 1)).toBe(2);
  expect(editDistance("", "ab", 2)).toBe(2);
});
