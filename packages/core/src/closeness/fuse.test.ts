import { expect, test } from "vitest";
import { fuse } from "./fuse.ts";

test("what several lists hold comes before what one holds, and a believed list counts more", () => {
  expect(fuse([{ ids: ["a", "b", "c"] }, { ids: ["c", "d"] }])).toEqual(["c", "a", "b", "d"]);
  expect(fuse([{ ids: ["a"] }, { ids: ["b"], weight: 2 }])).toEqual(["b", "a"]);
});

test("equal places are ordered by id, whatever the order of the lists", () => {
  expect(fuse([{ ids: ["b"] }, { ids: ["a"] }])).toEqual(["a", "b"]);
  expect(fuse([])).toEqual([]);
});
