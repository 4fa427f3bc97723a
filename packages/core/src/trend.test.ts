import { expect, test } from "vitest";
import {
  heatOf,
  type TrendSignal,
  trendingIn,
  trendOf,
  trendPeriodAt,
  trendPeriodOf,
  withSignal,
} from "./trend.ts";

const at = (text: string): Date => new Date(text);
const votes = (count: number, instant: string): TrendSignal => ({ kind: "votes", count, at: at(instant) });

test("a trend that grows signal by signal is the trend of all signals", () => {
  const signals: TrendSignal[] = [
    { kind: "homes", count: 1, at: at("2026-03-14T00:00:00Z") },
    votes(1, "2026-03-14T06:00:00Z"),
    votes(2, "2026-03-15T06:00:00Z"),
    { kind: "picks", count: 1, at: at("2026-03-16T06:00:00Z") },
  ];
  let trend = Number.NEGATIVE_INFINITY;
  for (const signal of signals) trend = withSignal(trend, signal, signal.count - 1);
  expect(trend).toBeCloseTo(trendOf(signals), 9);
});

test("attention halves every 36 hours and the order of two papers never changes by waiting", () => {
  const older = trendOf([votes(9, "2026-03-14T00:00:00Z")]);
  const newer = trendOf([votes(3, "2026-03-15T00:00:00Z")]);
  const now = at("2026-03-15T12:00:00Z");
  expect(heatOf(older, at("2026-03-17T00:00:00Z"))).toBeCloseTo(heatOf(older, now) / 2, 9);
  for (const later of ["2026-03-16", "2026-06-01", "2030-01-01"]) {
    expect(Math.sign(heatOf(older, at(later)) - heatOf(newer, at(later)))).toBe(Math.sign(older - newer));
  }
});

test("a paper that was just listed has a heat of one, one nobody listed has none", () => {
  const now = at("2026-03-14T00:00:00Z");
  expect(heatOf(trendOf([{ kind: "homes", count: 1, at: now }]), now)).toBeCloseTo(1, 9);
  expect(heatOf(trendOf([]), now)).toBe(0);
});

test("a count that falls or comes late out of order changes nothing", () => {
  const rising = [votes(4, "2026-03-14T01:00:00Z"), votes(7, "2026-03-14T03:00:00Z")];
  expect(trendOf([votes(5, "2026-03-14T04:00:00Z"), ...rising])).toBe(trendOf(rising));
});

test("votes of two places add up, each by its own count", () => {
  const outside = (of: string): TrendSignal => ({
    kind: "outside-votes",
    count: 8,
    at: at("2026-03-14"),
    of,
  });
  expect(trendOf([outside("a"), outside("b")])).toBeCloseTo(trendOf([outside("a")]) + 1, 9);
});

test("the list of a period ignores what came before and after it", () => {
  const period = trendPeriodOf("2026-03-14");
  if (period === undefined) throw new Error("no period");
  const papers = [
    { id: "a", signals: [votes(2, "2026-03-14T10:00:00Z")] },
    { id: "b", signals: [votes(50, "2026-03-13T10:00:00Z")] },
    { id: "c", signals: [votes(5, "2026-03-14T10:00:00Z")] },
  ];
  const list = trendingIn(period, papers);
  expect(list.map(({ id }) => id)).toEqual(["c", "a"]);
  const later = papers.map((paper) => ({
    ...paper,
    signals: [...paper.signals, votes(500, "2026-03-15T00:00:00Z")],
  }));
  expect(trendingIn(period, later)).toEqual(list);
  expect(trendingIn(period, later.reverse())).toEqual(list);
});

test("a small field is not drowned by a loud one", () => {
  const period = trendPeriodOf("2026-W11");
  if (period === undefined) throw new Error("no period");
  const paper = (id: string, field: string, count: number) => ({
    id,
    field,
    signals: [votes(count, "2026-03-11T00:00:00Z")],
  });
  const loud = Array.from({ length: 20 }, (_, i) => paper(`loud ${i}`, "cs", 20));
  const quiet = Array.from({ length: 20 }, (_, i) => paper(`quiet ${i}`, "math", i === 0 ? 14 : 1));
  expect(trendingIn(period, [...loud, ...quiet])[0]?.id).toBe("quiet 0");
});

test("periods are days, ISO weeks and months of the calendar, and nothing else", () => {
  const days = (name: string): string[] => {
    const period = trendPeriodOf(name);
    return period === undefined
      ? []
      : [period.from, period.until].map((ms) => new Date(ms).toISOString().slice(0, 10));
  };
  expect(days("2026-03-14")).toEqual(["2026-03-14", "2026-03-15"]);
  expect(days("2026-W01")).toEqual(["2025-12-29", "2026-01-05"]);
  expect(days("2026-W53")).toEqual(["2026-12-28", "2027-01-04"]);
  expect(days("2026-02")).toEqual(["2026-02-01", "2026-03-01"]);
  for (const name of ["2026-02-30", "2026-13", "2025-W53", "2026-W00", "2026", "x", "2026-W1"]) {
    expect(trendPeriodOf(name)).toBeUndefined();
  }
});

test("every instant lies in its day, week and month", () => {
  for (let ms = Date.UTC(2019, 11, 20, 5); ms < Date.UTC(2033, 0, 20); ms += 86_400_000 * 3.3) {
    for (const kind of ["day", "week", "month"] as const) {
      const period = trendPeriodAt(kind, new Date(ms));
      expect(period.kind).toBe(kind);
      expect(period.from <= ms && ms < period.until).toBe(true);
    }
  }
});
