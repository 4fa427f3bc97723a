import { describe, expect, test } from "vitest";
import { type CheckInput, goneVerdict, nextCheck, redirectVerdict, withGap } from "./rhythm.ts";

const MINUTE = 60_000;
const now = new Date("2026-06-03T10:00:00Z"); // a Wednesday

/** The minutes until the next check, without chance. */
function minutes(input: Partial<CheckInput>): number {
  const at = nextCheck({
    now,
    sourceId: "",
    result: { kind: "answered" },
    everyMinutes: 60,
    random: 0,
    ...input,
  });
  return (at.getTime() - now.getTime()) / MINUTE;
}

describe("after an answer the source is asked again", () => {
  test.each([
    ["at its usual interval", {}, 60],
    ["not before what max-age says", { result: { kind: "answered", freshForMs: 120 * MINUTE } }, 120],
    ["not before its ttl", { rhythm: { ttlMinutes: 180 } }, 180],
    ["at the latest after a day", { rhythm: { ttlMinutes: 43_200 } }, 1_440],
    ["at the earliest after a quarter of an hour", { everyMinutes: 1 }, 15],
    [
      "at the longest of all",
      { result: { kind: "answered", freshForMs: 90 * MINUTE }, rhythm: { ttlMinutes: 70 } },
      90,
    ],
    [
      "within its calendar's ceiling, whatever max-age says",
      { result: { kind: "answered", freshForMs: 1_400 * MINUTE }, ceilingMinutes: 180 },
      180,
    ],
    ["not before its calendar's floor", { floorMinutes: 600 }, 600],
    ["at half of its observed rhythm", { observedGaps: [400, 380, 420, 400] }, 200],
    ["no more often than its interval, however busy it is", { observedGaps: [5, 5, 5] }, 60],
    ["at its interval while little is known of it", { observedGaps: [2_000, 2_000] }, 60],
    [
      "less often the longer it is silent",
      { observedGaps: [60, 60, 60], lastNewAt: new Date("2026-06-01T10:00:00Z") },
      288,
    ],
    [
      "once a day when it has been silent for months",
      { observedGaps: [60, 60, 60], lastNewAt: new Date("2025-06-01T10:00:00Z") },
      1_440,
    ],
  ] satisfies [string, Partial<CheckInput>, number][])("%s", (_, input, expected) => {
    const most = Math.min(expected * 0.1, 30);
    const ids = Array.from({ length: 200 }, (_, index) => minutes({ ...input, sourceId: `source-${index}` }));
    expect(Math.min(...ids)).toBeLessThan(expected + most / 10);
    expect(Math.min(...ids)).toBeGreaterThanOrEqual(expected);
    expect(Math.max(...ids)).toBeLessThan(expected + most);
  });
});

describe("after a failure it is asked again", () => {
  test.each([
    [1, 15],
    [2, 30],
    [3, 60],
    [8, 1_920],
    [9, 3_840],
    [10, 4_608],
    [1_000_000, 4_608],
  ])("number %i in a row: after %i minutes, and never not at all", (failures, expected) => {
    const at = minutes({ result: { kind: "failed", failures } });
    expect(at).toBeGreaterThanOrEqual(expected);
    expect(at).toBeLessThan(expected + 45);
  });

  test("not before the host allows", () => {
    expect(
      minutes({ result: { kind: "failed", failures: 1, delayMs: 120 * MINUTE } }),
    ).toBeGreaterThanOrEqual(120);
    expect(minutes({ result: { kind: "failed", failures: 5, delayMs: 1 * MINUTE } })).toBeGreaterThanOrEqual(
      240,
    );
  });

  test("a day later when it says that it is gone", () => {
    expect(minutes({ result: { kind: "gone" } })).toBeGreaterThanOrEqual(1_440);
  });

  test("soon, and however often, when the network was down", () => {
    expect(minutes({ result: { kind: "network-down" } })).toBeLessThan(6);
  });
});

describe("sources do not come back together", () => {
  test("because the id fixes a share, the same each time", () => {
    const all = Array.from({ length: 500 }, (_, index) => minutes({ sourceId: `source-${index}` }));
    expect(new Set(all.map((at) => at.toFixed(2))).size).toBeGreaterThan(300);
    expect(Math.min(...all)).toBeLessThan(60.5);
    expect(Math.max(...all)).toBeGreaterThan(65.5);
    expect(Math.max(...all)).toBeLessThanOrEqual(66);
    expect(minutes({ sourceId: "a" })).toBe(minutes({ sourceId: "a" }));
  });

  test("and chance adds another, never to the earlier side", () => {
    expect(minutes({ random: 0.999 }) - minutes({ random: 0 })).toBeCloseTo(3, 1);
  });
});

describe("hours and days that the source excludes", () => {
  function at(input: Partial<CheckInput>): string {
    return new Date(now.getTime() + minutes(input) * MINUTE).toISOString().slice(0, 13);
  }

  test.each([
    ["a skipped hour", { skipHours: [11] }, "2026-06-03T12"],
    ["several", { skipHours: [11, 12, 13] }, "2026-06-03T14"],
    [
      "over midnight",
      { skipHours: [11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 0, 24] },
      "2026-06-04T01",
    ],
    ["a skipped day", { skipDays: ["Wednesday"] }, "2026-06-04T00"],
    ["days and hours together", { skipDays: ["wednesday", "Thursday"], skipHours: [0, 1] }, "2026-06-05T02"],
    ["other hours", { skipHours: [10, 12] }, "2026-06-03T11"],
    ["another day", { skipDays: ["Sunday"] }, "2026-06-03T11"],
    [
      "every hour, which cannot be meant",
      { skipHours: Array.from({ length: 24 }, (_, hour) => hour) },
      "2026-06-03T11",
    ],
    [
      "every day, which cannot be meant",
      { skipDays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
      "2026-06-03T11",
    ],
    ["nonsense", { skipDays: ["someday", ""], skipHours: [99.5, -1] }, "2026-06-03T11"],
  ])("are left out: %s", (_, rhythm, expected) => {
    expect(at({ rhythm })).toBe(expected);
  });

  test("also after a failure", () => {
    expect(at({ rhythm: { skipDays: ["wed"] }, result: { kind: "failed", failures: 1 } })).toBe(
      "2026-06-04T00",
    );
  });

  test("do not bring the sources together at their end", () => {
    const rhythm = { skipDays: ["wed"] };
    expect(minutes({ rhythm, sourceId: "a" })).not.toBeCloseTo(minutes({ rhythm, sourceId: "b" }), 1);
  });
});

test("the gaps keep the newest dozen", () => {
  expect(withGap([], undefined, now)).toEqual([]);
  expect(withGap([5], new Date(now.getTime() - 90 * MINUTE), now)).toEqual([5, 90]);
  expect(withGap([5], now, now)).toEqual([5]);
  expect(withGap(Array(12).fill(1), new Date(now.getTime() - 2 * MINUTE), now)).toEqual([
    ...Array(11).fill(1),
    2,
  ]);
});

describe("a permanent redirect", () => {
  const from = "https://old.example/feed";
  const to = "https://new.example/feed";
  const days = (count: number) => new Date(now.getTime() - count * 1_440 * MINUTE);

  test("is remembered first, waits for six days, and then moves the source", () => {
    expect(redirectVerdict(from, undefined, to, now)).toEqual({
      kind: "wait",
      seen: { url: to, since: now },
    });
    const seen = { url: to, since: days(5.9) };
    expect(redirectVerdict(from, seen, to, now)).toEqual({ kind: "wait", seen });
    expect(redirectVerdict(from, { url: to, since: days(6) }, to, now)).toMatchObject({
      kind: "move",
      url: to,
    });
  });

  test("starts again when it points elsewhere, and is forgotten when it is not there once", () => {
    const seen = { url: "https://other.example/", since: days(30) };
    expect(redirectVerdict(from, seen, to, now)).toEqual({ kind: "wait", seen: { url: to, since: now } });
    expect(redirectVerdict(from, { url: to, since: days(30) }, undefined, now)).toEqual({ kind: "stay" });
  });

  test("to itself, or away from encryption, moves nothing", () => {
    const seen = { url: "http://old.example/feed", since: days(30) };
    expect(redirectVerdict(from, seen, "http://old.example/feed", now)).toEqual({ kind: "stay" });
    expect(redirectVerdict(from, undefined, from, now)).toEqual({ kind: "stay" });
    expect(redirectVerdict("http://old.example/feed", { url: from, since: days(7) }, from, now).kind).toBe(
      "move",
    );
  });
});

test("410 pauses a source the second time, and says what to do", () => {
  expect(goneVerdict(1).pause).toBe(false);
  expect(goneVerdict(2)).toMatchObject({ pause: true, sentence: expect.stringContaining("resume") });
});
