import { authorFeatureNames, authorFeatures } from "./author-features.ts";
import type { PreparedRecord } from "./prepared.ts";
import { jaccard, sharedCount } from "./text-sets.ts";
import { titleFeatureNames, titleFeatures } from "./title-features.ts";
import { type VenueClass, venueSimilarity } from "./venue.ts";

/** What the decision looks at, in the order of `featuresOf`. */
export const featureNames: readonly string[] = [
  ...titleFeatureNames,
  ...authorFeatureNames,
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
    a.record.year === undefined || b.record.year === undefined ? -1 : Math.abs(a.record.year - b.record.year),
    a.venue === undefined || b.venue === undefined ? -1 : venueSimilarity(a.venue, b.venue),
    classesOf(a.venue?.class, b.venue?.class),
    a.abstract === undefined || b.abstract === undefined ? -1 : jaccard(a.abstract, b.abstract),
    a.abstract === undefined || b.abstract === undefined
      ? -1
      : sharedCount(a.abstract, b.abstract) / Math.min(a.abstract.length, b.abstract.length),
  ];
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
