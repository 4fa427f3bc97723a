import { existsSync, readFileSync } from "node:fs";
import { lastDue, nextDue, parseZone, periodOf, type Schedule, weekdays } from "@paperwire/core/schedule.ts";
import { describe, expect, test } from "vitest";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const file = `${shared}/data/schedule/tz-wall-to-utc.json`;
const present = existsSync(file);

interface Golden {
  readonly transitions: Readonly<Record<string, { at: string; before_s: number; after_s: number }[]>>;
  readonly wall: readonly Row[];
}
interface Row {
  readonly zone: string;
  readonly date: string;
  readonly time: string;
  readonly kind: "unique" | "gap" | "overlap";
  readonly utc: readonly string[];
}

const { wall, transitions }: Golden = present
  ? JSON.parse(readFileSync(file, "utf8"))
  : { wall: [], transitions: {} };

/** What the golden file says the due instant is: the first reading, or the end of the gap. */
function expected(row: Row): number {
  if (row.kind !== "gap") return Math.min(...row.utc.map((at) => Date.parse(at)));
  const asUtc = Date.parse(`${row.date}T${row.time}:00Z`);
  const gap = transitions[row.zone]?.find(({ at, before_s, after_s }) => {
    return Date.parse(at) + before_s * 1000 <= asUtc && asUtc < Date.parse(at) + after_s * 1000;
  });
  if (gap === undefined) throw new Error(`no transition explains ${row.zone} ${row.date} ${row.time}`);
  return Date.parse(gap.at);
}

/** The first instant at which this runtime's zone data and the golden file's disagree: a law that changed. */
function lawChangeAt(zone: string): number {
  const known = new Set((transitions[zone] ?? []).map(({ at }) => Date.parse(at)));
  const here = new Set<number>();
  let at = Temporal.Instant.from("2024-01-01T00:00:00Z")
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition("next");
  while (at !== null && at.epochMilliseconds < Date.parse("2028-01-01T00:00:00Z")) {
    here.add(at.epochMilliseconds);
    at = at.getTimeZoneTransition("next");
  }
  return Math.min(Number.POSITIVE_INFINITY, ...known.symmetricDifference(here));
}

describe.skipIf(!present)(
  `wall-clock times of an independent zone database${present ? "" : ` (no ${file})`}`,
  () => {
    const changes = new Map(Object.keys(transitions).map((zone) => [zone, lawChangeAt(zone)]));
    const sameLaw = wall.filter((row) => expected(row) < (changes.get(row.zone) ?? 0) - 3 * 86_400_000);

    test(`${sameLaw.length} times are due exactly once, at their first reading or at the end of their gap`, () => {
      const wrong: string[] = [];
      for (const row of sameLaw) {
        const schedule: Schedule = {
          zone: parseZone(row.zone),
          at: row.time,
          days: weekdays,
          rhythm: "daily",
        };
        const due = expected(row);
        const got = nextDue(schedule, new Date(due - 3 * 3_600_000));
        const label = `${row.zone} ${row.date} ${row.time} ${row.kind}`;
        if (got.getTime() !== due) wrong.push(`${label}: due ${got.toISOString()}`);
        if (lastDue(schedule, new Date(due))?.getTime() !== due) wrong.push(`${label}: lastDue`);
        if (lastDue(schedule, new Date(due - 1))?.getTime() === due) wrong.push(`${label}: lastDue before`);
        if (periodOf(schedule, got) !== row.date) wrong.push(`${label}: period ${periodOf(schedule, got)}`);
        if (periodOf(schedule, nextDue(schedule, got)) <= row.date)
          wrong.push(`${label}: twice in one period`);
      }
      expect(wrong).toEqual([]);
    });

    test("nearly all of the file was asked, gaps and overlaps included", () => {
      expect(sameLaw.length).toBeGreaterThan(wall.length * 0.97);
      expect(sameLaw.filter(({ kind }) => kind === "gap").length).toBeGreaterThan(200);
      expect(sameLaw.filter(({ kind }) => kind === "overlap").length).toBeGreaterThan(170);
    });

    test.skipIf(sameLaw.length < wall.length)(
      `${wall.length - sameLaw.length} times follow a law that changed since (runtime zone data ${process.versions.tz})`,
      () => expect(sameLaw.length).toBe(wall.length),
    );
  },
);
