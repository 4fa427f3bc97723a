import type { PaperRecord } from "../../../packages/core/src/identity/record.ts";
import { dataFolder, jsonLinesOf } from "./shared-data.ts";

/** One side of a labelled pair as the sets give it. */
export interface Row {
  readonly title?: string;
  readonly authors?: string;
  readonly venue?: string;
  readonly year?: string;
}

export interface LabelledPair {
  readonly a: Row;
  readonly b: Row;
  readonly match: 0 | 1;
}

/**
 * A row as a record: authors split at " , ", the year read as a number (`2002.0` is 2002), stray accents
 * (`garc &#237; a`) closed up, and the tokenisers' spaces before punctuation left to folding.
 */
export function recordOfRow(row: Row): PaperRecord {
  const year = Number.parseInt(row.year ?? "", 10);
  const venue = closedUp(row.venue ?? "").replace(/[\s,]+$/, "");
  return {
    title: closedUp(row.title ?? ""),
    authors: closedUp(row.authors ?? "")
      .split(/\s+,\s*|,\s+/)
      .filter((name) => name.trim() !== ""),
    ...(Number.isFinite(year) ? { year } : {}),
    ...(venue === "" ? {} : { venue }),
  };
}

export function pairsOf(name: string): LabelledPair[] {
  return jsonLinesOf<LabelledPair>(`${dataFolder}/entity-resolution/${name}.ndjson.gz`);
}

/** The tokeniser set named letters apart: `h &#233; ctor` is one word. */
function closedUp(text: string): string {
  return text.replace(/ ?(&#\d+;) ?/g, "$1");
}
