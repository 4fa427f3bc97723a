import { becauseOf } from "./because.ts";
import { probabilityOf } from "./boosted-trees.ts";
import { featuresOf } from "./features.ts";
import { decideByKeys } from "./key-decision.ts";
import { identityModel } from "./model.generated.ts";
import { type PreparedRecord, prepare } from "./prepared.ts";
import type { PaperRecord } from "./record.ts";

export type Verdict = "same" | "candidate" | "different";

export interface Decision {
  /** `candidate` is for a person to confirm: nothing is merged on it. */
  readonly verdict: Verdict;
  /** That both records are one work, 0…1. */
  readonly probability: number;
  /** The evidence, strongest first, as sentences for a reader of `papers show`. */
  readonly because: readonly string[];
}

/** From here on two records are one paper … */
export const sameFrom = 0.9;
/** … and from here on a person should look. */
export const candidateFrom = 0.3;

/**
 * Whether two records are the same work, whatever its versions and homes (a preprint and its conference or
 * journal version are one work). Pure and symmetric. Exact identifiers decide first: a shared arXiv id or DOI
 * is the same work, two different arXiv ids never are. Without them a trained model weighs title, authors,
 * year, venue and abstract. A wrong merge is worse than a missed one, so `same` asks for much.
 */
export function decide(a: PaperRecord, b: PaperRecord): Decision {
  return decidePrepared(prepare(a), prepare(b));
}

/** `decide` for records that meet many candidates and are prepared once. */
export function decidePrepared(a: PreparedRecord, b: PreparedRecord): Decision {
  const byKeys = decideByKeys(a, b);
  if (byKeys !== undefined) return byKeys;
  const features = featuresOf(a, b);
  const estimated = probabilityOf(identityModel, features);
  const { limit, why } = limitOf(a, b);
  const probability = Math.min(estimated, limit);
  const verdict = probability >= sameFrom ? "same" : probability >= candidateFrom ? "candidate" : "different";
  return { verdict, probability, because: [...(estimated > limit ? [why] : []), ...becauseOf(a, b)] };
}

/** What no similarity outweighs. */
function limitOf(a: PreparedRecord, b: PreparedRecord): { limit: number; why: string } {
  const [one, other] = [a.title, b.title];
  if (one.kind !== other.kind) {
    return { limit: 0.05, why: `One is a ${kindName(one.kind)}, the other a ${kindName(other.kind)}.` };
  }
  if (one.part !== other.part && one.part !== "" && other.part !== "") {
    return { limit: 0.05, why: `Part ${one.part} is not part ${other.part}.` };
  }
  const publisherDois = [a.dois, b.dois].map((dois) => dois.filter((doi) => !isPreprintDoi(doi)));
  if (publisherDois.every((dois) => dois.length > 0)) {
    return {
      limit: 0.6,
      why: `Two publications with DOIs of their own (${publisherDois.map((dois) => dois[0]).join(", ")}).`,
    };
  }
  if (one.generic || other.generic) return { limit: 0.6, why: "The title is one that every volume has." };
  const nameless = a.authors.length === 0 || b.authors.length === 0;
  const unread = a.abstract === undefined || b.abstract === undefined;
  if (nameless && unread)
    return { limit: 0.6, why: "Without authors or abstracts on both sides a title alone is not enough." };
  return { limit: 1, why: "" };
}

function kindName(kind: string): string {
  return kind === "" ? "paper" : kind === "front" ? "volume's front matter" : kind;
}

/** DOI prefixes of preprint servers and repositories, whose DOI does not stand against a publisher's. */
function isPreprintDoi(doi: string): boolean {
  return /^10\.(?:48550|1101|64898|2139|21203|20944|26434|31219|31234|31235|31223|31222|5281|6084|36227|22541|14293|12688|55458|32942)\//.test(
    doi,
  );
}
