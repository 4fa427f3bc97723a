import { featureNames, featuresOf } from "../../../packages/core/src/identity/features.ts";
import { fold } from "../../../packages/core/src/identity/fold.ts";
import { limitOf } from "../../../packages/core/src/identity/limits.ts";
import { type PreparedRecord, prepare } from "../../../packages/core/src/identity/prepared.ts";
import { type LabelledPair, type Row, recordOfRow } from "./labelled-sets.ts";

/**
 * What the labels of the DBLP sets need beyond the product's features: they call the conference and the
 * journal version of one work different, so that which venue, and the exact year, decide.
 */
export const labelFeatureNames: readonly string[] = [
  ...featureNames,
  "venueA",
  "venueB",
  "venuePair",
  "yearDifference",
  "yearA",
  "yearB",
  "hasVenueB",
  "titleTokensA",
  "titleTokensB",
  "authorsA",
  "authorsB",
  "titleAInB",
  "titleBInA",
  "authorsAInB",
  "authorsBInA",
];

export function labelFeaturesOf(pair: Pick<LabelledPair, "a" | "b">): number[] {
  const [a, b] = [prepare(recordOfRow(pair.a)), prepare(recordOfRow(pair.b))];
  const [venueA, venueB] = [venueIdOf(a), venueIdOf(b)];
  const [yearA, yearB] = [a.record.year, b.record.year];
  return [
    ...featuresOf(a, b),
    venueA,
    venueB,
    venueA === 0 || venueB === 0 ? 1 : venueA === venueB ? 2 : 0,
    yearA === undefined || yearB === undefined ? -20 : yearB - yearA,
    yearA ?? 0,
    yearB ?? 0,
    b.record.venue === undefined ? 0 : 1,
    a.title.tokens.length,
    b.title.tokens.length,
    a.authors.length,
    b.authors.length,
    shareOf(a, b),
    shareOf(b, a),
    namesIn(a, b),
    namesIn(b, a),
  ];
}

/** An erratum is not its paper, part one not part two. */
export function partsOrKindsDiffer(a: Row, b: Row): boolean {
  const [one, other] = [prepare(recordOfRow(a)), prepare(recordOfRow(b))];
  return limitOf(one, other, featuresOf(one, other)).most < 0.1;
}

function shareOf(part: PreparedRecord, whole: PreparedRecord): number {
  if (part.title.tokens.length === 0) return 0;
  return (
    part.title.tokens.filter((token) => whole.title.tokens.includes(token)).length / part.title.tokens.length
  );
}

function namesIn(part: PreparedRecord, whole: PreparedRecord): number {
  if (part.authors.length === 0) return -1;
  return (
    part.authors.filter((name) => whole.authors.some((other) => other.surname === name.surname)).length /
    part.authors.length
  );
}

/** 0 unknown; the five series the sets are drawn from; then what other venues call themselves. */
function venueIdOf(record: PreparedRecord): number {
  const venue = fold(record.record.venue ?? "");
  if (venue === "") return 0;
  for (const [at, pattern] of venues.entries()) if (pattern.test(venue)) return at + 1;
  return venues.length + 1;
}

const venues: readonly RegExp[] = [
  /\b(?:tods|trans(?:actions?)? (?:on )?database sys|trans database syst)/,
  /\bsigmod rec|\bacm sigmod record/,
  /\bvldb j|the vldb journal/,
  /\bsigmod\b|management of data/,
  /\bvldb|very large/,
  /\b(?:trans|transactions|journal|j|bulletin|magazine|communications|review|systems|software|letters)\b/,
  /\b(?:thesis|report|tr|dissertation|university|univ|manuscript|submitted|draft)\b/,
  /\b(?:proc|proceedings|conf|conference|workshop|symposium|intl|icde|pods|edbt)\b/,
];
