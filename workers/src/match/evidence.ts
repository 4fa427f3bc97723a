import { type Evidence, explain, likesOf, parseQuery, type Query, type QueryPaper } from "@paperwire/core";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { type Likes, noLikes } from "./likeness.ts";

/** A paper as queries see it; `withPhrases` names the key phrases by which it is close to something. */
export function toQueryPaper(card: PaperCard, likes: Likes, withPhrases = false): QueryPaper {
  return {
    title: card.title,
    ...(card.abstract === null ? {} : { abstract: card.abstract }),
    authors: card.authors,
    categories: card.categories,
    topics: card.topics,
    sources: card.homes.map(({ home }) => home),
    like: likes.of(card, withPhrases),
  };
}

/** What in the paper satisfies the query; empty when it does not. */
export function evidenceOf(text: string, card: PaperCard, likes: Likes): readonly Evidence[] {
  const query = parsed(text);
  return explain(query, toQueryPaper(card, likesOf(query).length === 0 ? noLikes : likes, true));
}

/** Stored queries are canonical and few are met again and again. */
const cache = new Map<string, Query>();

export function parsed(text: string): Query {
  const there = cache.get(text);
  if (there !== undefined) return there;
  const query = parseQuery(text);
  if (cache.size >= 10_000) cache.clear();
  cache.set(text, query);
  return query;
}
