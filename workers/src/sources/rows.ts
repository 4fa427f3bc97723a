import { type Listing, PermanentError, parseDate, type ReadWarning } from "@paperwire/core";
import { instantText } from "./feed/instant.ts";

/** What one row of a list came to: a listing, or why there is none. */
export type Row =
  | { readonly listing: Listing; readonly notes?: readonly ReadWarning[] }
  | { readonly wrong: ReadWarning };

/** What follows the first rows of an answer is left out with a note; no page of any place is as long. */
const maxRows = 50_000;
/** When so many rows in a row are unreadable from the start, the rest need not be tried. */
const enoughBadRows = 1_000;
const maxWarnings = 1_000;

/**
 * Reads the rows of a list one by one. A row that cannot be read becomes a warning, and so does a
 * key seen before (the first one stays). At most 50,000 rows are read and 1,000 warnings kept.
 * @throws PermanentError when there are rows and every one of them was `bad-row`: such a payload is
 * not what it claims to be.
 */
export function readRows<T>(
  place: string,
  rows: readonly T[],
  read: (row: T, at: string) => Row,
): { listings: Listing[]; warnings: ReadWarning[] } {
  const listings = new Map<string, Listing>();
  const warnings: ReadWarning[] = [];
  for (const [index, row] of rows.slice(0, maxRows).entries()) {
    const at = `#${index + 1}`;
    const result =
      typeof row === "object" && row !== null ? read(row, at) : badRow(at, `it is ${kindOf(row)}`);
    if ("wrong" in result) {
      warnings.push(result.wrong);
    } else if (listings.has(result.listing.key)) {
      const { key } = result.listing;
      warnings.push({ code: "duplicate-key", message: `“${key}” is listed more than once.`, at: key });
    } else {
      const { listing, notes } = bounded(result.listing);
      listings.set(listing.key, listing);
      warnings.push(...(result.notes ?? []), ...notes);
    }
    if (listings.size === 0 && warnings.length >= enoughBadRows) refuseAllBad(place, rows.length, warnings);
  }
  if (listings.size === 0) refuseAllBad(place, rows.length, warnings);
  return {
    listings: [...listings.values()],
    warnings: [...warningsKept(warnings), ...cutNote(place, rows.length)],
  };
}

function refuseAllBad(place: string, rows: number, warnings: readonly ReadWarning[]): void {
  const [first] = warnings;
  if (first === undefined || warnings.some(({ code }) => code !== "bad-row")) return;
  throw new PermanentError(`${place} answered with ${rows} rows and none can be read: ${first.message}`);
}

function cutNote(place: string, rows: number): ReadWarning[] {
  if (rows <= maxRows) return [];
  return [
    {
      code: "cut",
      message: `${place} answered with ${rows} rows; those after the first ${maxRows} were not read.`,
    },
  ];
}

function warningsKept(warnings: readonly ReadWarning[]): readonly ReadWarning[] {
  if (warnings.length <= maxWarnings) return warnings;
  const message = `There are ${warnings.length - maxWarnings} more warnings of this kind.`;
  return [...warnings.slice(0, maxWarnings), { code: "more-warnings", message }];
}

/** A text longer than this is the whole paper rather than its abstract. */
const maxAbstract = 100_000;
const maxTitle = 5_000;

function bounded(listing: Listing): { listing: Listing; notes: ReadWarning[] } {
  const { key, title, abstract = "" } = listing;
  if (title.length <= maxTitle && abstract.length <= maxAbstract) return { listing, notes: [] };
  const cut = {
    ...listing,
    title: title.slice(0, maxTitle).toWellFormed(),
    ...(abstract !== "" && { abstract: abstract.slice(0, maxAbstract).toWellFormed() }),
  };
  return {
    listing: cut,
    notes: [{ code: "cut", message: `“${key}” was cut: its title or abstract is a whole text.`, at: key }],
  };
}

/** A row that is not of the expected shape. */
export function badRow(at: string, why: string): Row {
  return { wrong: { code: "bad-row", message: `Row ${at.slice(1)} was left out: ${why}.`, at } };
}

/** A row that reads well but says too little to be a listing. */
export function untitled(key: string): Row {
  return { wrong: { code: "no-title", message: `“${key}” was left out: it has no title.`, at: key } };
}

/** The instant a text means, ISO 8601 UTC; undefined for none and for what is no date. */
export function instantOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : instantText(text);
}

/** Notes on the dates of a row that are none; the listing goes without them. */
export function badDates(key: string, ...texts: readonly (string | undefined)[]): ReadWarning[] {
  return texts.flatMap((text) => {
    if (text === undefined || text.trim() === "" || parseDate(text) !== undefined) return [];
    const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
    return [{ code: "bad-date", message: `“${key}” has a date that is none: “${shown}”.`, at: key }];
  });
}

/** What a value is, for a sentence: "nothing", "a list", "text". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
