import { createHash } from "node:crypto";
import { evaluate, parseQuery, type Query } from "@paperwire/core";
import type { PaperCard } from "@paperwire/db/digests.ts";
import type { OwnTopic } from "@paperwire/db/topics.ts";
import { toQueryPaper } from "../match/evidence.ts";

/** The operator's topics, ready to be asked. */
export interface OwnTopics {
  /** Changes with every name's query and examples. */
  readonly version: string;
  /** Slugs of the topics a paper has: its query holds, or the operator named it as an example. */
  topicsOf(card: PaperCard): string[];
}

export function ownTopics(topics: readonly OwnTopic[]): OwnTopics {
  const version = createHash("sha256")
    .update(JSON.stringify(topics.map(({ slug, query, examples }) => [slug, query, [...examples].sort()])))
    .digest("hex")
    .slice(0, 12);
  const asked = topics.map(({ slug, query, examples }) => ({
    slug,
    query: query === null ? undefined : parsed(query),
    examples: new Set(examples),
  }));
  return {
    version,
    topicsOf: (card) => {
      const paper = toQueryPaper(card);
      return asked.flatMap(({ slug, query, examples }) =>
        examples.has(card.id) || (query !== undefined && evaluate(query, paper)) ? [slug] : [],
      );
    },
  };
}

function parsed(text: string): Query {
  return parseQuery(text);
}
