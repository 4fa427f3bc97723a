import { mathToText } from "../listing/tex.ts";

/**
 * Text from a source, fit to be shown in one line anywhere: control characters and line breaks become
 * spaces, marks that turn the direction of what follows are dropped, broken surrogates are replaced.
 */
export function readable(text: string): string {
  if (!UNFIT.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff\u00ad]/g, "")
    .trim();
}

/** Anything that the steps above could change: most text has none of it. */
const UNFIT = /[\u0000-\u001f\u007f-\u00a0\u00ad\u1680\u2000-\u206f\u3000\ufeff\ud800-\udfff]| {2}|^ | $/;

/** A title or abstract as readers read it: maths turned into Unicode, fit for one line. */
export function prose(text: string): string {
  return readable(text.includes("$") || text.includes("\\") ? mathToText(text) : text);
}

/** At most `max` UTF-16 units, cut between words where there are any, with an ellipsis. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = text.slice(0, max);
  const space = head.lastIndexOf(" ");
  const end = space > max * 0.6 ? space : max - 1;
  return `${text
    .slice(0, end)
    .toWellFormed()
    .replace(/[\p{M}\ufffd\s.,;:–—-]+$/u, "")}…`;
}

/** The direction of the first letter that has one, as `dir="auto"` would find it. */
export function directionOf(text: string): "ltr" | "rtl" {
  const [letter] = /\p{L}/u.exec(text) ?? [""];
  return /[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Adlam}]/u.test(letter)
    ? "rtl"
    : "ltr";
}

/** The address as a browser would write it, if it is one that a mail may link to. */
export function webUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000 || !/^https?:\/\//i.test(text) || !URL.canParse(text))
    return undefined;
  return new URL(text).href;
}

/** `2026-06-08` → `Monday 8 June 2026`. Not left to Intl: its wording changes between versions, a mail's bytes may not. */
export function longDate(date: string): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return `${WEEKDAYS[weekday] ?? ""} ${day} ${MONTHS[month - 1] ?? ""} ${year}`;
}

/** `2026-06-07T14:05:00Z` → `7 June`. */
export function dayOf(instant: string): string {
  const [, month = 1, day = 1] = instant.slice(0, 10).split("-").map(Number);
  return `${day} ${MONTHS[month - 1] ?? ""}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
