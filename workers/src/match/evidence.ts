import { type Evidence, explain, parseQuery, type Query, type QueryPaper } from "@paperwire/core";
import type { PaperCard } from "@paperwire/db/digests.ts";

/** A paper as queries see it. */
export function toQueryPaper(card: PaperCard): QueryPaper {
  return {
    title: card.title,
    ...(card.abstract === null ? {} : { abstract: card.abstract }),
    authors: card.authors,
    categories: card.categories,
    topics: card.topics,
    sources: card.homes.map(({ home }) => home),
  };
}

/** What in the paper satisfies the query; empty when it does not. */
export function evidenceOf(query: string, card: PaperCard): readonly Evidence[] {
  return explain(parsed(query), toQueryPaper(card));
}

/** Stored queries are canonical and few are met again and again. */
const cache = new Map<string, Query>();

function parsed(text: string): Query {
  const there = cache.get(text);
  if (there !== undefined) return there;
  const query = parseQuery(text);
  if (cache.size >= 10_000) cache.clear();
  cache.set(text, query);
  return query;
}
