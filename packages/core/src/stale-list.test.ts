import { expect, test } from "vitest";
import { staleList } from "./stale-list.ts";

const day = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    key: `2606.${String(from + index).padStart(5, "0")}`,
    type: "new" as const,
  }));

test("yesterday's list under today's date is an older one", () => {
  expect(staleList(day(100, 30), day(100, 30), [])).toEqual({
    because: expect.stringMatching(/30 of its 30/),
    isPrevious: true,
  });
  expect(staleList(day(100, 30), day(120, 30), [])).toBeUndefined();
});

test("a paper that is cross-listed or replaced the day after is no sign of an older list", () => {
  const [first] = day(1, 1);
  if (first === undefined) throw new Error("no listing");
  expect(staleList([{ ...first, type: "cross" as const }], [first], [])).toBeUndefined();
});

test("what was harvested without types is compared by identifier", () => {
  expect(
    staleList(
      day(100, 4),
      day(100, 4).map(({ key }) => ({ key })),
      [],
    ),
  ).toBeDefined();
});

test("a list whose newest identifier is older than most of the other categories' is an older one", () => {
  const elsewhere = day(5_000, 60).map(({ key }) => key);
  expect(staleList(day(100, 30), [], elsewhere)).toEqual({
    because: expect.stringMatching(/2606\.00129/),
    isPrevious: false,
  });
  expect(staleList(day(5_010, 60), [], elsewhere)).toBeUndefined();
  expect(staleList(day(100, 3), [], elsewhere), "too few to tell").toBeUndefined();
});

test("an empty list says nothing", () => {
  expect(staleList([], day(1, 3), [])).toBeUndefined();
});
