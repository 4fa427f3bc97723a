import { featureNames } from "./features.ts";
import type { PreparedRecord } from "./prepared.ts";
import type { TitleKind } from "./title.ts";

/** The most that may be believed of a pair, and the sentence that says why. */
export interface Limit {
  readonly most: number;
  readonly why: string;
}

/**
 * What no similarity outweighs, the strictest first. A pair that is limited to 0.6 stays a candidate: a person
 * may know better. `features` are those of the pair.
 */
export function limitOf(a: PreparedRecord, b: PreparedRecord, features: readonly number[]): Limit {
  const value = (name: string) => features[placeOf.get(name) ?? -1] ?? -1;
  const [one, other] = [a.title, b.title];
  if (one.kind !== other.kind && !(oneOf("front", one.kind, other.kind) && oneOf("", one.kind, other.kind))) {
    return { most: 0.05, why: `One is ${kindNames[one.kind]}, the other ${kindNames[other.kind]}.` };
  }
  if (one.part !== other.part && one.part !== "" && other.part !== "") {
    return { most: 0.05, why: `Part ${one.part} is not part ${other.part}.` };
  }
  if (one.part !== other.part)
    return { most: 0.6, why: `Only one of them is numbered (${one.part || other.part}).` };
  const number = loneNumberOf(one.numbers, other.numbers) ?? loneNumberOf(other.numbers, one.numbers);
  if (number !== undefined) return { most: 0.6, why: `Only one title has the number ${number}.` };
  if (yearsDiffer(one.numbers, other.numbers)) return { most: 0.6, why: "The titles name different years." };
  const [doiA, doiB] = [a.dois.find(isPublishers), b.dois.find(isPublishers)];
  if (doiA !== undefined && doiB !== undefined) {
    return { most: 0.6, why: `They are published under two DOIs (${doiA}, ${doiB}).` };
  }
  if (one.generic || other.generic) return { most: 0.6, why: "Every volume has a text with this title." };
  const nameless = a.authors.length === 0 || b.authors.length === 0;
  if (!nameless && value("authorsOfFewer") < 0.45)
    return { most: 0.6, why: "Most authors are not the same." };
  if (nameless && value("authorsInTextMost") < 0.5 && value("abstractContainment") < 0.5) {
    return { most: 0.6, why: "A title without authors is not enough." };
  }
  const otherAbstract = value("abstractContainment") >= 0 && value("abstractContainment") < 0.15;
  if (otherAbstract && value("titleEqual") !== 1)
    return { most: 0.6, why: "Neither titles nor abstracts are the same." };
  return { most: 1, why: "" };
}

const placeOf: ReadonlyMap<string, number> = new Map(featureNames.map((name, at) => [name, at]));

/** A number which is no year and which the other title lacks: what tells editions, versions and sequels apart. */
function loneNumberOf(numbers: readonly string[], others: readonly string[]): string | undefined {
  return numbers.find((number) => /^\d{1,3}(?:d|nd|rd|st|th)?$/.test(number) && !others.includes(number));
}

function yearsDiffer(numbers: readonly string[], others: readonly string[]): boolean {
  const [years, otherYears] = [numbers.filter(isYear), others.filter(isYear)];
  return years.length > 0 && otherYears.length > 0 && !years.some((year) => otherYears.includes(year));
}

function isYear(number: string): boolean {
  return /^(?:19|20)\d\d$/.test(number);
}

function oneOf(kind: TitleKind, a: TitleKind, b: TitleKind): boolean {
  return a === kind || b === kind;
}

/** Preprint servers and repositories register DOIs too; those do not stand against a publisher's. */
function isPublishers(doi: string): boolean {
  return !/^10\.(?:48550|1101|64898|2139|21203|20944|26434|31219|31222|31223|31234|31235|5281|6084|36227|22541|14293|12688|55458|32942)\//.test(
    doi,
  );
}

const kindNames: Readonly<Record<TitleKind, string>> = {
  "": "a paper",
  erratum: "an erratum",
  comment: "a comment",
  reply: "a reply",
  retraction: "a retraction",
  front: "a volume's front matter",
  review: "a review",
  supplement: "a supplement",
};
