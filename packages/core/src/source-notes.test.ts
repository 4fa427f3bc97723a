import { expect, test } from "vitest";
import { noteOf, type SourceHealth } from "./source-notes.ts";

const now = new Date("2026-06-10T12:00:00Z");
const day = new Date("2026-06-10T04:00:00Z");
const well: SourceHealth = {
  name: "cs.CL",
  now,
  paused: false,
  failures: 0,
  lastGoodAt: now,
  hasCalendar: true,
  troubled: [],
};

test("a source that did its part is not named, nor is one that the operator paused", () => {
  expect(noteOf(well)).toBeUndefined();
  expect(noteOf({ ...well, paused: true, failures: 9, lastGoodAt: new Date(0) })).toBeUndefined();
});

test("an old list is named although every poll succeeds", () => {
  expect(noteOf({ ...well, troubled: [{ from: day, state: "stale" }] })).toEqual({
    source: "cs.CL",
    state: "stale",
    since: day.toISOString(),
  });
});

test("a cut list is named as such, and a missed day outranks it", () => {
  expect(noteOf({ ...well, troubled: [{ from: day, state: "partial" }] })).toEqual({
    source: "cs.CL",
    state: "truncated",
  });
  expect(
    noteOf({
      ...well,
      troubled: [
        { from: day, state: "partial" },
        { from: day, state: "failed" },
      ],
    }),
  ).toMatchObject({ state: "failed" });
});

test("a source that fails now, or has been silent for a day, is named", () => {
  const lastGoodAt = new Date(now.getTime() - 27 * 3_600_000);
  expect(noteOf({ ...well, failures: 2, lastGoodAt })).toMatchObject({ state: "failed" });
  expect(noteOf({ ...well, hasCalendar: false, lastGoodAt })).toMatchObject({ state: "stale" });
});
