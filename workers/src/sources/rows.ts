import { type Listing, PermanentError, parseDate, type ReadWarning } from "@paperwire/core";
import { instantText } from "./feed/instant.ts";

/** What one row of a list came to: a listing, or why there is none. */
export type Row =
  | { readonly listing: Listing; readonly notes?: readonly ReadWarning[] }
  | { readonly wrong: ReadWarning };

/**
 * Reads the rows of a list one by one. A row that cannot be read becomes a warning, and so does a
 * key seen before (the first one stays).
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
  rows.forEach((row, index) => {
    const result = read(row, `#${index + 1}`);
    if ("wrong" in result) {
      warnings.push(result.wrong);
    } else if (listings.has(result.listing.key)) {
      const { key } = result.listing;
      warnings.push({ code: "duplicate-key", message: `“${key}” is listed more than once.`, at: key });
    } else {
      listings.set(result.listing.key, result.listing);
      warnings.push(...(result.notes ?? []));
    }
  });
  const [first] = warnings;
  if (first !== undefined && listings.size === 0 && warnings.every(({ code }) => code === "bad-row")) {
    throw new PermanentError(
      `${place} answered with ${rows.length} rows and none can be read: ${first.message}`,
    );
  }
  return { listings: [...listings.values()], warnings };
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
