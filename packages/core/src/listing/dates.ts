import { months, zones } from "./date-words.ts";

/**
 * The instant a date in a feed or API means: RFC 822/2822/5322, RFC 3339 and ISO 8601 (week and ordinal dates,
 * truncated forms), W3CDTF, asctime, Unix seconds or milliseconds, `2006/09/15`, `09/15/2014`, `30.10.23`, and the
 * month names of some twenty languages. A missing time is midnight, a missing zone UTC (Korean forms: +09:00);
 * an unknown zone name is UTC (RFC 5322 §4.3). The day of the week is not checked. Impossible dates and
 * text that is no date are undefined, never a guess.
 */
export function parseDate(text: string): Date | undefined {
  if (text.length > LONGEST_DATE) return undefined;
  const trimmed = text.trim().replace(/\s+/g, " ");
  if (!/\d/.test(trimmed)) return undefined;
  return isoDate(trimmed) ?? unixTime(trimmed) ?? writtenDate(trimmed);
}

/** `2026-06-01T20:00:00.000Z` without the fraction where it is zero: `2026-06-01T20:00:00Z`. */
export function isoUtc(date: Date): string {
  return date.toISOString().replace(/\.000Z$/, "Z");
}

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly millisecond?: number;
}

/** The instant, unless the calendar or the clock has no such moment (24:00 and a leap second exist). */
function instant(moment: Moment, zoneMinutes: number): Date | undefined {
  const { year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 } = moment;
  if (month < 1 || month > 12 || day < 1 || year < 1 || year > 9999) return undefined;
  if (minute > 59 || second > 60 || hour > 24 || (hour === 24 && (minute > 0 || second > 0)))
    return undefined;
  if (Math.abs(zoneMinutes) > 18 * 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1) return undefined;
  date.setUTCHours(hour, minute - zoneMinutes, second, millisecond);
  return date;
}

function isoDate(text: string): Date | undefined {
  const split = /^(\S+?)(?:[T ]\s*(\d\S*(?: ?(?:[+-]\d\d:?\d\d|[A-Z]{1,5}))?))?$/i.exec(text);
  if (split === null) return undefined;
  const [, day = "", time] = split;
  const date = calendarDay(day);
  if (date === undefined) return undefined;
  if (time === undefined) return instant(date, 0);
  const clock = isoTime.exec(time);
  if (clock === null) return undefined;
  const [, hour, minute, second, fraction, zone] = clock;
  const zoneMinutes = zone === undefined ? 0 : offsetOf(zone);
  if (zoneMinutes === undefined) return undefined;
  return instant(
    {
      ...date,
      hour: Number(hour),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
      millisecond: Math.floor(Number(`0.${fraction ?? 0}`) * 1000),
    },
    zoneMinutes,
  );
}

/** The day of an ISO 8601 date: calendar, ordinal or week, basic or extended, also with a year of two digits. */
function calendarDay(text: string): Moment | undefined {
  const week = /^(\d{4})-?W(\d\d)(?:-?([1-7]))?$/i.exec(text);
  if (week !== null) return weekDay(Number(week[1]), Number(week[2]), Number(week[3] ?? 1));
  for (const pattern of calendarPatterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const year = groups.year === undefined ? fullYear(Number(groups.yy)) : Number(groups.year);
    if (groups.ordinal !== undefined) return ordinalDay(year, Number(groups.ordinal));
    return { year, month: Number(groups.month ?? 1), day: Number(groups.day ?? 1) };
  }
  return undefined;
}

function ordinalDay(year: number, ordinal: number): Moment | undefined {
  const date = new Date(Date.UTC(year, 0, ordinal));
  if (ordinal < 1 || date.getUTCFullYear() !== year) return undefined;
  return { year, month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** ISO 8601: week 1 holds 4 January; weeks begin on Monday. */
function weekDay(year: number, week: number, weekday: number): Moment | undefined {
  if (week < 1 || week > 53) return undefined;
  const fourth = new Date(Date.UTC(year, 0, 4));
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7);
  const date = new Date(Date.UTC(year, 0, monday + (week - 1) * 7 + weekday - 1));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** RFC 2822 §4.3: two digits below 50 are of this century. */
function fullYear(short: number): number {
  return short + (short < 50 ? 2000 : 1900);
}

function unixTime(text: string): Date | undefined {
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return new Date(Math.floor(Number(text) * 1000));
  return /^\d{12,13}$/.test(text) ? new Date(Number(text)) : undefined;
}

/** `+02:00`, `-0730`, `+9`, `Z`, `EST`, `GMT-01:01`, `Etc/GMT`: minutes east of UTC; undefined when malformed. */
function offsetOf(zone: string): number | undefined {
  const numeric = /^(?:GMT|UTC?|Z)?\s*([+-])(\d{1,2}):?(\d\d)?Z?$/i.exec(zone);
  if (numeric !== null) {
    const [, sign, hours, minutes = "0"] = numeric;
    if (Number(minutes) > 59) return undefined;
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  }
  if (/[+\d]/.test(zone)) return undefined;
  return zones.get(zone.toUpperCase()) ?? 0;
}

/** A date in words or in one of the numeric orders of a country. */
function writtenDate(text: string): Date | undefined {
  const hangul = /[년월일오시]/.test(text);
  const cleaned = text
    .replace(/\([^()]*\)/g, " ")
    .replace(/(\d{4}) ?[년年] ?(\d{1,2}) ?[월月] ?(\d{1,2}) ?[일日]/, "$1-$2-$3 ")
    .replace(
      /(오전|오후|上午|下午) ?(\d{1,2}:\d\d(?::\d\d)?)/,
      (_, half: string, time: string) => `${time} ${/오후|下午/.test(half) ? "pm" : "am"}`,
    );
  const clock = clockTime.exec(cleaned);
  const found: Found = { numbers: [], months: [] };
  const words =
    clock === null
      ? cleaned
      : `${cleaned.slice(0, clock.index)} ${cleaned.slice(clock.index + clock[0].length)}`;
  const tokens = words.split(/[\s,]+/).filter((token) => token !== "");
  for (const [at, token] of tokens.entries()) {
    if (!understood(token, at, found)) return undefined;
  }
  const day = found.day ?? orderedDay(found, clock === null);
  if (day === undefined) return undefined;
  const moment = clock === null ? day : { ...day, ...timeOf(clock) };
  if (found.zone !== undefined) return inZone(moment, found.zone);
  return instant(moment, found.offset ?? (hangul ? 540 : 0));
}

interface Found {
  readonly numbers: string[];
  readonly months: number[];
  day?: Moment;
  offset?: number;
  /** An IANA name. */
  zone?: string;
}

/** Files one token; false when it can be no part of a date. */
function understood(token: string, at: number, found: Found): boolean {
  const numeric = /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})\.?$/.exec(token);
  if (numeric !== null) {
    const day = numericDay(numeric[1] ?? "", numeric[3] ?? "", numeric[4] ?? "", numeric[2] ?? "");
    if (day !== undefined) found.day = day;
    return day !== undefined;
  }
  const parts = /^(\d{1,4})-([^\d\s-]+)-(\d{1,4})T?$/.exec(token);
  if (parts !== null) {
    found.numbers.push(parts[1] ?? "", parts[3] ?? "");
    return monthWord(parts[2] ?? "", found);
  }
  const number = /^'?(\d{1,4})(?:st|nd|rd|th|er|º|ª|\.)?$/i.exec(token);
  if (number !== null) return found.numbers.push(number[1] ?? "") <= 3;
  if (/^(?:(?:GMT|UTC?)?[+-]\d{1,2}(?::?\d\d)?)Z?$/i.test(token)) {
    const offset = offsetOf(token);
    if (offset !== undefined) found.offset = offset;
    return offset !== undefined;
  }
  if (/^[A-Za-z_]+\/[A-Za-z_/+-]+\d{0,2}$/.test(token)) {
    found.zone = token;
    return true;
  }
  if (monthWord(token, found)) return true;
  const zone = zones.get(token.toUpperCase());
  if (zone !== undefined && at > 0) {
    found.offset ??= zone;
    return true;
  }
  if (/^(?:-|–|at|um|de|del|of|the|a|à|kl\.?|uhr|h)$/i.test(token)) return true;
  const word = /^\p{L}[\p{L}\p{M}.]*$/u.test(token);
  return word && (at === 0 || /^[A-Z]{1,5}$/.test(token) || weekdayWord.test(token));
}

function monthWord(token: string, found: Found): boolean {
  const month = months.get(foldWord(token));
  if (month !== undefined) found.months.push(month);
  return month !== undefined;
}

function foldWord(word: string): string {
  return word
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/\.$/, "")
    .replaceAll("ς", "σ");
}

/** Day, month and year out of loose numbers and month names; a name that may be a weekday (`mar.`) gives way. */
function orderedDay({ numbers, months: named }: Found, alone: boolean): Moment | undefined {
  const month = named.at(-1);
  const year = numbers.find((number) => number.length === 4);
  if (month === undefined) {
    const [first = "", second = "", third = ""] = numbers;
    return numbers.length === 3 ? numericDay(first, second, third, ".") : undefined;
  }
  const others = numbers.filter((number) => number !== year && number.length <= 2);
  if (others.length + (year === undefined ? 0 : 1) !== numbers.length) return undefined;
  const [day, short] = others;
  if (year !== undefined && others.length <= 1) {
    return day === undefined && !alone ? undefined : { year: Number(year), month, day: Number(day ?? 1) };
  }
  if (year !== undefined || day === undefined || short === undefined || others.length > 2) return undefined;
  return { year: fullYear(Number(short)), month, day: Number(day) };
}

/** `2006/09/15`, `15.09.2006`, `09/15/2014`: slashes are read American unless only the other way is a date. */
function numericDay(first: string, second: string, third: string, separator: string): Moment | undefined {
  if (first.length === 4) return { year: Number(first), month: Number(second), day: Number(third) };
  if (third.length !== 4 && third.length !== 2) return undefined;
  const year = third.length === 4 ? Number(third) : fullYear(Number(third));
  const [one, two] = [Number(first), Number(second)];
  const dayFirst = separator !== "/" ? two <= 12 : one > 12;
  return dayFirst ? { year, month: two, day: one } : { year, month: one, day: two };
}

function timeOf(clock: RegExpExecArray): Pick<Moment, "hour" | "minute" | "second" | "millisecond"> {
  const [, hours = "", minute, second, fraction, half] = clock;
  const twelve =
    half === undefined || Number(hours) > 12
      ? Number(hours)
      : (Number(hours) % 12) + (/^p/i.test(half) ? 12 : 0);
  return {
    hour: twelve,
    minute: Number(minute),
    second: Number(second ?? 0),
    millisecond: Math.floor(Number(`0.${fraction ?? 0}`) * 1000),
  };
}

/** The instant of a wall-clock time in an IANA zone (the earlier one of two); an unknown zone is UTC. */
function inZone(moment: Moment, zone: string): Date | undefined {
  const wall = instant(moment, 0);
  if (wall === undefined) return undefined;
  const time = Temporal.Instant.fromEpochMilliseconds(wall.getTime())
    .toZonedDateTimeISO("UTC")
    .toPlainDateTime();
  try {
    return new Date(time.toZonedDateTime(zone, { disambiguation: "earlier" }).epochMilliseconds);
  } catch {
    return wall;
  }
}

const LONGEST_DATE = 200;
const isoTime =
  /^(\d{1,2})(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)? ?(Z|[+-]\d{1,2}(?::?\d\d)?Z?|[A-Z]{2,5})?$/i;
const clockTime = /(?<![\d:.+-])(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([ap])\.?m\b\.?)?(?![\d:])/i;
const calendarPatterns: readonly RegExp[] = [
  /^(?<year>\d{4})-0?(?<month>\d{1,2})-(?<day>\d{1,2})$/,
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
  /^(?<year>\d{4})-(?<month>\d\d)$/,
  /^(?<year>\d{4})-?(?<ordinal>\d{3})$/,
  /^(?<yy>\d\d)-(?<month>\d\d)-(?<day>\d\d)$/,
  /^(?<yy>\d\d)(?<month>\d\d)(?<day>\d\d)$/,
  /^(?<yy>\d\d)-?(?<ordinal>\d{3})$/,
  /^-(?<yy>\d\d)-?(?<month>\d\d)$/,
  /^(?<year>\d{4})$/,
];
const weekdayWord = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?$/i;
