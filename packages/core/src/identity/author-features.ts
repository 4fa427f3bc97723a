import { nameAgreement } from "./author-name.ts";
import type { PreparedRecord } from "./prepared.ts";
import { surnameRarity } from "./rarity.ts";

export const authorFeatureNames = [
  "authorsLeast",
  "authorsMost",
  "authorsOfFewer",
  "authorsOfMore",
  "authorsRarity",
  "authorsFirst",
  "authorsLast",
  "authorsMean",
  "authorsConflicts",
  "authorsOrder",
  "authorsCut",
  "authorsInOtherTitle",
] as const;

/** How two author lists agree; symmetric once the records are ordered. -1 where a list is empty. */
export function authorFeatures(a: PreparedRecord, b: PreparedRecord): number[] {
  const [fewer, more] = a.authors.length <= b.authors.length ? [a, b] : [b, a];
  const cut = a.authorsCut || b.authorsCut ? 1 : 0;
  if (fewer.authors.length === 0) {
    return [0, more.authors.length, -1, -1, 0, -1, -1, -1, 0, -1, cut, authorsInTitle(more, fewer)];
  }
  const taken = new Uint8Array(more.authors.length);
  const places: number[] = [];
  let [sum, rarity, conflicts] = [0, 0, 0];
  for (const name of fewer.authors) {
    let [best, place] = [0, -1];
    for (const [at, other] of more.authors.entries()) {
      if (taken[at] === 1) continue;
      const agreement = nameAgreement(name, other);
      if (agreement > best) [best, place] = [agreement, at];
      if (best === 1) break;
    }
    if (best <= 0.4) {
      if (best > 0) conflicts += 1;
      continue;
    }
    taken[place] = 1;
    places.push(place);
    sum += best;
    rarity += best * (surnameRarity(name.surname) + (name.initials === "" ? 0 : 4));
  }
  const inOrder = places.filter((place, at) => at > 0 && place > (places[at - 1] ?? 0)).length;
  const [firstA, firstB] = [a.authors[0], b.authors[0]];
  const [lastA, lastB] = [a.authors.at(-1), b.authors.at(-1)];
  return [
    fewer.authors.length,
    more.authors.length,
    sum / fewer.authors.length,
    sum / more.authors.length,
    rarity,
    firstA && firstB ? nameAgreement(firstA, firstB) : -1,
    lastA && lastB ? nameAgreement(lastA, lastB) : -1,
    places.length === 0 ? 0 : sum / places.length,
    conflicts,
    places.length < 2 ? -1 : inOrder / (places.length - 1),
    cut,
    -1,
  ];
}

/** Share of the one side's surnames that stand in the title of the side without authors (`Title, by A. Author`). */
function authorsInTitle(named: PreparedRecord, nameless: PreparedRecord): number {
  if (named.authors.length === 0) return -1;
  const found = named.authors.filter((name) => nameless.title.tokens.includes(name.surname)).length;
  return found / named.authors.length;
}
