import { UsageError } from "../errors.ts";
import { foldSpace } from "../listing/text.ts";
import { allOf, anyOf, type LabelKind, type Query } from "./ast.ts";
import { labelNode } from "./label-node.ts";
import { parseQuery } from "./parse.ts";

/** The flags of `subscribe` and the fields of the subscribe form. */
export interface QueryOptions {
  /** In the subscription language. */
  readonly query?: string;
  readonly categories?: readonly string[];
  readonly authors?: readonly string[];
  readonly topics?: readonly string[];
  readonly sources?: readonly string[];
  /** Phrases, arXiv ids, DOIs or ids of papers to be close to in meaning. */
  readonly likes?: readonly string[];
}

/**
 * One query from separate wishes: within a kind any will do, between kinds all must hold (`--category cs.CL
 * --category cs.LG --author "Yann LeCun"`: by LeCun, in either category). Undefined when nothing is asked for.
 * Throws UsageError as `parseQuery` does, and names the flag.
 */
export function fromOptions(options: QueryOptions): Query | undefined {
  const query = options.query === undefined || options.query.trim() === "" ? [] : [parseQuery(options.query)];
  return allOf([
    ...query,
    ...oneOf("category", options.categories),
    ...oneOf("author", options.authors),
    ...oneOf("topic", options.topics),
    ...oneOf("source", options.sources),
    ...oneOf("like", options.likes),
  ]);
}

function oneOf(kind: LabelKind, values: readonly string[] = []): Query[] {
  const labels = values.map(foldSpace).filter((value) => value !== "");
  const any = anyOf(
    labels.map((value) => labelNode(kind, value, (what) => new UsageError(`${what} (--${kind}).`))),
  );
  return any === undefined ? [] : [any];
}
