import { type AuthorName, nameAgreement } from "./author-name.ts";
import { becauseOf } from "./because.ts";
import { probabilityOf } from "./boosted-trees.ts";
import { featuresOf } from "./features.ts";
import { decideByKeys } from "./key-decision.ts";
import { limitOf } from "./limits.ts";
import { identityModel } from "./model.generated.ts";
import { type PreparedRecord, prepare } from "./prepared.ts";
import type { PaperRecord } from "./record.ts";
import { sharedCount } from "./text-sets.ts";

export type Verdict = "same" | "candidate" | "different";

export interface Decision {
  /** `candidate` is for a person to confirm: nothing is merged on it. */
  readonly verdict: Verdict;
  /** That both records are one work, 0…1. */
  readonly probability: number;
  /** The evidence, the most telling first, as sentences for a reader of `papers show`. */
  readonly because: readonly string[];
}

/** From here on two records are one paper … */
export const sameFrom = 0.95;
/** … and from here on a person should look. */
export const candidateFrom = 0.15;

/**
 * Whether two records are the same work, whatever its versions and homes: a preprint and its conference or
 * journal version are one work. Pure and symmetric. Exact identifiers decide first: a shared arXiv id or DOI
 * is the same work, two different arXiv ids never are. Without them a trained model weighs title, authors,
 * year, venue and abstract, and a few rules (`limitOf`) keep apart what only looks alike. A wrong merge is
 * worse than a missed one, so `same` asks for much.
 */
export function decide(a: PaperRecord, b: PaperRecord): Decision {
  return decidePrepared(prepare(a), prepare(b));
}

/** `decide` for records that meet many candidates and are prepared once. */
export function decidePrepared(a: PreparedRecord, b: PreparedRecord): Decision {
  const byKeys = decideByKeys(a, b);
  if (byKeys !== undefined) return byKeys;
  if (areFarApart(a, b))
    return { verdict: "different", probability: 0, because: ["The titles have little in common."] };
  const features = featuresOf(a, b);
  const estimated = probabilityOf(identityModel, features);
  const limit = estimated < candidateFrom ? undefined : limitOf(a, b, features);
  const probability = Math.min(estimated, limit?.most ?? 1);
  return {
    verdict: probability >= sameFrom ? "same" : probability >= candidateFrom ? "candidate" : "different",
    probability,
    get because() {
      return [...(limit !== undefined && estimated > limit.most ? [limit.why] : []), ...becauseOf(a, b)];
    },
  };
}

/**
 * Whether titles and authors alone show that no model needs to look: less than a fifth of the shorter title's
 * three-letter groups stand in the other, or less than half of both titles' are shared and no author's name is.
 */
export function areFarApart(a: PreparedRecord, b: PreparedRecord): boolean {
  const shared = sharedCount(a.trigrams, b.trigrams);
  if (shared < Math.min(a.trigrams.length, b.trigrams.length) / 5) return true;
  if (shared > (a.trigrams.length + b.trigrams.length - shared) / 2) return false;
  return a.authors.length > 0 && b.authors.length > 0 && !a.authors.some((name) => isNamed(name, b.authors));
}

function isNamed(name: AuthorName, others: readonly AuthorName[]): boolean {
  return others.some((other) => other.surname === name.surname || nameAgreement(name, other) > 0.4);
}
