import { UsageError } from "./errors.ts";

/** In the order of the week (ISO 8601: Monday first). */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** When a reader's digests are due: a wall-clock time in a zone, on some days of the week. */
export interface Schedule {
  /** IANA name, as `parseZone` returns it. */
  readonly zone: string;
  /** `HH:MM`, 24 hours. */
  readonly at: string;
  /** Never empty; in week order. A weekly schedule is due on the first of them. */
  readonly days: readonly Weekday[];
  readonly rhythm: "daily" | "weekly";
}

/**
 * The first due instant after `after` (never equal to it). A wall-clock time that a clock change skips
 * is due at the first instant after the gap; one that happens twice is due the first time only; a date
 * that a zone skipped altogether (Apia, 30 December 2011) has no due instant.
 */
export function nextDue(schedule: Schedule, after: Date): Date {
  let date = localDate(schedule.zone, after.getTime()).subtract({ days: 1 });
  for (let tried = 0; tried < LONGEST_SEARCH_DAYS; tried++) {
    const due = dueOn(schedule, date);
    if (due !== undefined && due > after.getTime()) return new Date(due);
    date = date.add({ days: 1 });
  }
  throw new UsageError(
    `The schedule ${schedule.at} ${schedule.zone} names no day of the week; give at least one.`,
  );
}

/** The latest due instant that is not after `at`; undefined only for a schedule without days. */
export function lastDue(schedule: Schedule, at: Date): Date | undefined {
  let date = localDate(schedule.zone, at.getTime()).add({ days: 1 });
  for (let tried = 0; tried < LONGEST_SEARCH_DAYS; tried++) {
    const due = dueOn(schedule, date);
    if (due !== undefined && due <= at.getTime()) return new Date(due);
    date = date.subtract({ days: 1 });
  }
  return undefined;
}

/**
 * The period an instant belongs to: its local date, or the date of its week's due day when weekly
 * (`YYYY-MM-DD`; weeks begin on Monday). Every due instant of a schedule has a period of its own: one
 * that a gap pushed past midnight keeps the date it was meant for.
 */
export function periodOf(schedule: Schedule, at: Date): string {
  const today = localDate(schedule.zone, at.getTime());
  const yesterday = today.subtract({ days: 1 });
  const date = dueOn(schedule, yesterday) === at.getTime() ? yesterday : today;
  if (schedule.rhythm === "daily") return date.toString();
  const due = weekdays.indexOf(dueDays(schedule)[0] ?? "mon") + 1;
  return date.add({ days: due - date.dayOfWeek }).toString();
}

/**
 * The instant one period before `at`: how far a new, edited or resumed interest looks back. For a due
 * instant that is the due instant before it.
 */
export function periodStart(schedule: Schedule, at: Date): Date {
  const due = nextDue(schedule, new Date(at.getTime() - 1));
  const before = lastDue(schedule, new Date(due.getTime() - 1));
  return before === undefined ? at : new Date(at.getTime() - (due.getTime() - before.getTime()));
}

/** The zone's name as IANA spells it. Throws UsageError for a zone that does not exist. */
export function parseZone(text: string): string {
  const name = text.trim();
  try {
    if (/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) {
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new UsageError(
    `There is no time zone ${JSON.stringify(text.slice(0, 60))}; use an IANA name such as Europe/Berlin, America/New_York or UTC.`,
  );
}

/** `8:00` and `08:00` become `08:00`. Throws UsageError for anything that is no time of day. */
export function parseTime(text: string): string {
  const [, hour, minute] = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) {
    throw new UsageError(
      `${JSON.stringify(text.slice(0, 60))} is no time of day; write it as HH:MM between 00:00 and 23:59, such as 08:00.`,
    );
  }
  return `${hour.padStart(2, "0")}:${minute}`;
}

/**
 * Days of the week, each once, in week order. Takes English names or their beginnings from two letters,
 * ISO numbers (1 is Monday), ranges (`mon-fri`, also over the week's end), `weekdays`, `weekends` and
 * `every`, separated by commas or spaces. Throws UsageError for anything else, or for nothing.
 */
export function parseDays(text: string): Weekday[] {
  const found = new Set<Weekday>();
  for (const part of text.toLowerCase().split(/[\s,;]+/)) {
    if (part === "") continue;
    const [from, to, more] = (DAY_GROUPS[part] ?? part).split("-").map(weekdayOf);
    if (from === undefined || more !== undefined || (part.includes("-") && to === undefined))
      throw badDays(text);
    const last = (to ?? from) < from ? (to ?? from) + 7 : (to ?? from);
    for (let day = from; day <= last; day++) {
      const name = weekdays[day % 7];
      if (name !== undefined) found.add(name);
    }
  }
  if (found.size === 0) throw badDays(text);
  return weekdays.filter((day) => found.has(day));
}

const DAY_GROUPS: Readonly<Record<string, string>> = {
  weekdays: "mon-fri",
  weekday: "mon-fri",
  weekends: "sat-sun",
  weekend: "sat-sun",
  every: "mon-sun",
  everyday: "mon-sun",
  daily: "mon-sun",
  all: "mon-sun",
};

const FULL_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** 0 for Monday. */
function weekdayOf(text: string): number | undefined {
  if (/^[1-7]$/.test(text)) return Number(text) - 1;
  const day = text.length < 2 ? -1 : FULL_NAMES.findIndex((name) => name.startsWith(text.replace(/s$/, "")));
  return day < 0 ? undefined : day;
}

function badDays(text: string): UsageError {
  return new UsageError(
    `${JSON.stringify(text.slice(0, 60))} names no days of the week; write them as mon,wed,fri or mon-fri.`,
  );
}

/** A weekly schedule's due day is at most seven days off, one more for a skipped date, two for the edges. */
const LONGEST_SEARCH_DAYS = 16;

function dueDays(schedule: Schedule): readonly Weekday[] {
  const days = weekdays.filter((day) => schedule.days.includes(day));
  return schedule.rhythm === "weekly" ? days.slice(0, 1) : days;
}

/** The due instant (epoch ms) that belongs to a local date, if the date is a due day and exists. */
function dueOn(schedule: Schedule, date: Temporal.PlainDate): number | undefined {
  const day = weekdays[date.dayOfWeek - 1];
  if (day === undefined || !dueDays(schedule).includes(day)) return undefined;
  const wall = date.toPlainDateTime(Temporal.PlainTime.from(schedule.at));
  const first = wall.toZonedDateTime(schedule.zone, { disambiguation: "earlier" });
  if (first.toPlainDateTime().equals(wall)) return first.epochMilliseconds;
  // The time lies in a gap: `earlier` is then before it, so the next transition is its end.
  const end = first.getTimeZoneTransition("next");
  if (end === null || !dateExists(schedule.zone, date)) return undefined;
  return end.epochMilliseconds;
}

function dateExists(zone: string, date: Temporal.PlainDate): boolean {
  return date.toZonedDateTime(zone).toPlainDate().equals(date);
}

function localDate(zone: string, epochMs: number): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainDate();
}
