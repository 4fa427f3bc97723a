import { expect, test } from "vitest";
import { holdUntil, neededCategories } from "./hold.ts";
import { parseQuery } from "./query/parse.ts";

const due = new Date("2026-06-08T06:00:00Z");
const after = (minutes: number) => new Date(due.getTime() + minutes * 60_000);
const needed = (state: "complete" | "partial" | "stale" | "failed" | "unknown") => [
  { state, expectedAt: due },
];

test.each(["stale", "failed", "unknown"] as const)(
  "a %s list holds a digest ten minutes at a time",
  (state) => {
    expect(holdUntil(due, due, needed(state))).toEqual(after(10));
    expect(holdUntil(after(85), due, needed(state))).toEqual(after(90));
  },
);

test("no digest is held for longer than ninety minutes", () => {
  expect(holdUntil(after(90), due, needed("unknown"))).toBeUndefined();
});

test("a list that came, in whole or in part, holds nothing; nor does a day without one, or an interest without categories", () => {
  expect(holdUntil(due, due, needed("complete"))).toBeUndefined();
  expect(holdUntil(due, due, needed("partial"))).toBeUndefined();
  expect(holdUntil(due, due, [{ state: "unknown", expectedAt: undefined }])).toBeUndefined();
  expect(holdUntil(due, due, [])).toBeUndefined();
});

test("a query needs the categories it names, aliases resolved, and none that it excludes", () => {
  expect(neededCategories(parseQuery("(cat:cs.CL OR cat:math.MP) AND whales -cat:cs.CV"))).toEqual([
    "cs.CL",
    "math-ph",
  ]);
  expect(neededCategories(parseQuery('author:"Ada Kern"'))).toEqual([]);
});
