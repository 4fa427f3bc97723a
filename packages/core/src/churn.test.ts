import { expect, test } from "vitest";
import { massOfNew } from "./churn.ts";

const all = { firstImport: false, listings: 25, newKeys: 25, knownTitles: 24, recent: 1, overlapped: true };

test("a list whose identifiers changed all at once is held, with a sentence", () => {
  expect(massOfNew(all)).toMatch(/25 of 25 .* 24 of them titles/);
});

test("old entries that were never seen are held, fresh ones are not", () => {
  expect(massOfNew({ ...all, knownTitles: 0, recent: 0 })).toBeDefined();
  expect(massOfNew({ ...all, knownTitles: 0, recent: 25 })).toBeUndefined();
});

test.each([
  ["a first import", { firstImport: true }],
  ["a short list", { listings: 19, newKeys: 19 }],
  ["a list that keeps some of its identifiers", { newKeys: 22 }],
  ["a list that is new every time", { overlapped: false }],
])("%s is not held", (_, change) => {
  expect(massOfNew({ ...all, ...change })).toBeUndefined();
});
