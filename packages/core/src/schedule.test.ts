import { expect, test } from "vitest";
import { UsageError } from "./errors.ts";
import {
  lastDue,
  nextDue,
  parseDays,
  parseTime,
  parseZone,
  periodOf,
  periodStart,
  type Schedule,
  weekdays,
} from "./schedule.ts";

const berlin: Schedule = { zone: "Europe/Berlin", at: "08:00", days: weekdays, rhythm: "daily" };

function duesFrom(schedule: Schedule, from: string, count: number): string[] {
  const dues: string[] = [];
  for (let at = new Date(from); dues.length < count; ) {
    at = nextDue(schedule, at);
    dues.push(`${periodOf(schedule, at)} ${at.toISOString().slice(0, 16)}`);
  }
  return dues;
}

test("the due instant follows the clock change, not the number of hours", () => {
  expect(duesFrom(berlin, "2026-03-28T00:00:00Z", 3)).toEqual([
    "2026-03-28 2026-03-28T07:00",
    "2026-03-29 2026-03-29T06:00",
    "2026-03-30 2026-03-30T06:00",
  ]);
});

test("a time that a clock change skips is due at the end of the gap", () => {
  expect(duesFrom({ ...berlin, at: "02:30" }, "2026-03-28T12:00:00Z", 2)).toEqual([
    "2026-03-29 2026-03-29T01:00",
    "2026-03-30 2026-03-30T00:30",
  ]);
});

test("a time that happens twice is due the first time only", () => {
  expect(duesFrom({ ...berlin, at: "02:30" }, "2026-10-24T12:00:00Z", 2)).toEqual([
    "2026-10-25 2026-10-25T00:30",
    "2026-10-26 2026-10-26T01:30",
  ]);
});

test("a date the zone skipped has no due instant, and its neighbours have one each", () => {
  expect(duesFrom({ ...berlin, zone: "Pacific/Apia" }, "2011-12-28T00:00:00Z", 3)).toEqual([
    "2011-12-28 2011-12-28T18:00",
    "2011-12-29 2011-12-29T18:00",
    "2011-12-31 2011-12-30T18:00",
  ]);
});

test("a due time pushed past midnight by a gap keeps the period it was meant for", () => {
  expect(duesFrom({ ...berlin, zone: "America/Nuuk", at: "23:30" }, "2024-03-30T12:00:00Z", 2)).toEqual([
    "2024-03-30 2024-03-31T01:00",
    "2024-03-31 2024-04-01T00:30",
  ]);
});

test("a weekly schedule has one period a week, named by its due day", () => {
  const friday: Schedule = { ...berlin, days: ["fri", "sat"], rhythm: "weekly" };
  expect(duesFrom(friday, "2026-06-05T06:00:00Z", 2)).toEqual([
    "2026-06-12 2026-06-12T06:00",
    "2026-06-19 2026-06-19T06:00",
  ]);
  expect(periodOf(friday, new Date("2026-06-08T00:00:00Z"))).toBe("2026-06-12");
  expect(periodOf(friday, new Date("2026-06-14T21:00:00Z"))).toBe("2026-06-12");
});

test("days that are not chosen are skipped", () => {
  const workdays: Schedule = { ...berlin, days: parseDays("mon-fri") };
  expect(duesFrom(workdays, "2026-06-05T06:00:00Z", 1)).toEqual(["2026-06-08 2026-06-08T06:00"]);
  expect(lastDue(workdays, new Date("2026-06-07T12:00:00Z"))).toEqual(new Date("2026-06-05T06:00:00Z"));
});

test("one period before a due instant is the due instant before it", () => {
  const workdays: Schedule = { ...berlin, days: parseDays("mon-fri") };
  expect(periodStart(workdays, new Date("2026-06-08T06:00:00Z"))).toEqual(new Date("2026-06-05T06:00:00Z"));
  expect(periodStart(workdays, new Date("2026-06-08T06:00:01Z"))).toEqual(new Date("2026-06-07T06:00:01Z"));
});

test("a schedule without days is never due", () => {
  expect(lastDue({ ...berlin, days: [] }, new Date("2026-06-08T00:00:00Z"))).toBeUndefined();
  expect(() => nextDue({ ...berlin, days: [] }, new Date("2026-06-08T00:00:00Z"))).toThrow(UsageError);
});

test("zones are spelled as IANA does, and unknown ones are refused with an example", () => {
  expect([parseZone("europe/berlin"), parseZone(" Asia/Kolkata "), parseZone("utc")]).toEqual([
    "Europe/Berlin",
    "Asia/Kolkata",
    "UTC",
  ]);
  for (const bad of ["Mars/Olympus", "", "+02:00", "Europe/Berlin\r\nX: y", "2026-01-01"]) {
    expect(() => parseZone(bad)).toThrow(/IANA name such as Europe\/Berlin/);
  }
});

test("times of day are padded, and impossible ones refused", () => {
  expect([parseTime("8:05"), parseTime(" 23:59 ")]).toEqual(["08:05", "23:59"]);
  for (const bad of ["24:00", "8", "08:60", "8am", "", "08:00:00"])
    expect(() => parseTime(bad)).toThrow(/HH:MM/);
});

test("days are read from names, numbers, ranges and groups", () => {
  expect(parseDays("Fri, Monday")).toEqual(["mon", "fri"]);
  expect(parseDays("fri-mon")).toEqual(["mon", "fri", "sat", "sun"]);
  expect(parseDays("1-3,7")).toEqual(["mon", "tue", "wed", "sun"]);
  expect(parseDays("weekdays")).toEqual(parseDays("mon-fri"));
  expect(parseDays("thurs")).toEqual(["thu"]);
  for (const bad of ["", "m", "mon-", "8", "mon-tue-wed", "someday", "-"]) {
    expect(() => parseDays(bad)).toThrow(UsageError);
  }
});
