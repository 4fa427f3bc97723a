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
  const sharesAbstract = value("abstractContainment") >= 0.5;
  if (one.part !== other.part)
    return { most: 0.6, why: `Only one of them says it is part ${one.part || other.part}.` };
  const number = loneNumberOf(one.numbers, other.numbers) ?? loneNumberOf(other.numbers, one.numbers);
  if (number !== undefined) return { most: 0.6, why: `Only one title has the number ${number}.` };
  const [doiA, doiB] = [a.dois.find(isPublishers), b.dois.find(isPublishers)];
  if (doiA !== undefined && doiB !== undefined) {
    return { most: 0.6, why: `They are published under two DOIs (${doiA}, ${doiB}).` };
  }
  if (one.generic || other.generic) return { most: 0.6, why: "Every volume has a text with this title." };
  const authorsAgree = value("authorsOfFewer") >= 0.45 || value("authorsInTextMost") >= 0.5;
  if (!authorsAgree && !sharesAbstract) {
    const nameless = a.authors.length === 0 || b.authors.length === 0;
    return {
      most: 0.6,
      why: nameless ? "A title without authors is not enough." : "Most authors are not the same.",
    };
  }
  const otherAbstract = value("abstractContainment") >= 0 && value("abstractContainment") < 0.15;
  if (otherAbstract && value("titleEqual") !== 1)
    return { most: 0.6, why: "Neither titles nor abstracts are the same." };
  return { most: 1, why: "" };
}

const placeOf: ReadonlyMap<string, number> = new Map(featureNames.map((name, at) => [name, at]));

/** A whole number which is no year and which the other title lacks: what tells editions and versions apart. */
function loneNumberOf(numbers: readonly string[], others: readonly string[]): string | undefined {
  return numbers.find((number) => /^\d{1,3}$/.test(number) && !others.includes(number));
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
