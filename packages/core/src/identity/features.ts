import { authorFeatureNames, authorFeatures } from "./author-features.ts";
import type { PreparedRecord } from "./prepared.ts";
import { type HashSet, jaccard, sharedCount } from "./text-sets.ts";
import { titleFeatureNames, titleFeatures } from "./title-features.ts";
import { type VenueClass, venueSimilarity } from "./venue.ts";

/** What the decision looks at, in the order of `featuresOf`. */
export const featureNames: readonly string[] = [
  ...titleFeatureNames,
  ...authorFeatureNames,
  "runContainment",
  "titleInTextMost",
  "titleInTextLeast",
  "authorsInTextMost",
  "authorsInTextLeast",
  "yearGap",
  "venueSimilarity",
  "venueClasses",
  "abstractJaccard",
  "abstractContainment",
];

/**
 * Compares two records, keys left out. Symmetric. Shares are 0…1, weights half bits, counts whole; -1 stands
 * for "cannot be compared" because a side lacks the value.
 */
export function featuresOf(one: PreparedRecord, other: PreparedRecord): number[] {
  const [a, b] = isBefore(one, other) ? [one, other] : [other, one];
  return [
    ...titleFeatures(a, b),
    ...authorFeatures(a, b),
    ...textFeatures(a, b),
    a.record.year === undefined || b.record.year === undefined ? -1 : Math.abs(a.record.year - b.record.year),
    a.venue === undefined || b.venue === undefined ? -1 : venueSimilarity(a.venue, b.venue),
    classesOf(a.venue?.class, b.venue?.class),
    a.abstract === undefined || b.abstract === undefined ? -1 : jaccard(a.abstract, b.abstract),
    a.abstract === undefined || b.abstract === undefined
      ? -1
      : sharedCount(a.abstract, b.abstract) / Math.min(a.abstract.length, b.abstract.length),
  ];
}

/** How much of one side's title and authors stands anywhere on the other side. */
function textFeatures(a: PreparedRecord, b: PreparedRecord): number[] {
  const titles = [containment(a.runs, b.allRuns), containment(b.runs, a.allRuns)];
  const authors = [authorsInText(a, b.allText), authorsInText(b, a.allText)];
  return [
    sharedCount(a.runs, b.runs) / Math.max(1, Math.min(a.runs.length, b.runs.length)),
    Math.max(...titles),
    Math.min(...titles),
    Math.max(...authors),
    Math.min(...authors),
  ];
}

function containment(part: HashSet, whole: HashSet): number {
  return sharedCount(part, whole) / Math.max(1, part.length);
}

function authorsInText(record: PreparedRecord, text: string): number {
  if (record.authors.length === 0) return -1;
  let found = 0;
  for (const name of record.authors) if (name.surname.length > 2 && text.includes(name.surname)) found += 1;
  return found / record.authors.length;
}

function isBefore(a: PreparedRecord, b: PreparedRecord): boolean {
  if (a.title.compact !== b.title.compact) return a.title.compact < b.title.compact;
  return a.record.authors.join("|") <= b.record.authors.join("|");
}

/** -1 a side is unknown, 0 the same class, 1 a preprint and something published, 2 different published classes. */
function classesOf(a: VenueClass | undefined, b: VenueClass | undefined): number {
  if (a === undefined || b === undefined || a === "other" || b === "other") return -1;
  if (a === b) return 0;
  return a === "preprint" || b === "preprint" ? 1 : 2;
}
