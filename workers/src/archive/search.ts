import { evaluate, parseQuery, type Query, UsageError } from "@paperwire/core";
import { type Db, digests, search } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { toQueryPaper } from "../match/evidence.ts";
import { closestTo } from "./closeness.ts";

/** Lists are blended by place: 1 / (this + place), summed (reciprocal rank fusion, Cormack et al. 2009). */
const blend = 60;
const lookAgain = 3;

/**
 * Searches the archive: words, phrases, fields and operators of the subscription language, stemmed and ranked; for
 * plain words also papers that mean the same, and titles that are spelled nearly so. Text that is no query is
 * searched for as it stands.
 */
export async function searchPapers(db: Db, text: string, limit: number): Promise<PaperCard[]> {
  const query = queryOf(text);
  const isPlain = query === undefined || isPlainWords(query);
  const hits =
    query === undefined
      ? await search.byText(db, text, limit * lookAgain)
      : await search.byQuery(db, query, limit * lookAgain);
  const places = new Map<string, number>();
  const add = (ids: readonly string[], weight: number) => {
    for (const [place, id] of ids.entries()) places.set(id, (places.get(id) ?? 0) + weight / (blend + place));
  };
  add(
    hits.map(({ id }) => id),
    1.5,
  );
  if (isPlain) {
    add(
      (await closestTo(db, text, limit)).map(({ id }) => id),
      1,
    );
    if (places.size < limit)
      add(
        (await search.bySpelling(db, text, limit)).map(({ id }) => id),
        0.8,
      );
  }
  const ids = [...places].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
  const cards = new Map((await digests.cardsOf(db, ids)).map((card) => [card.id, card]));
  return ids
    .flatMap((id) => cards.get(id) ?? [])
    .filter(
      (card) => isPlain || query === undefined || !hasAuthor(query) || evaluate(query, toQueryPaper(card)),
    )
    .slice(0, limit);
}

/** Papers by how closely they mean a phrase; by its words where no vectors ship. */
export async function papersAbout(db: Db, phrase: string, limit: number): Promise<PaperCard[]> {
  const close = await closestTo(db, phrase, limit, 0.2);
  if (close.length === 0) return searchPapers(db, phrase, limit);
  const cards = new Map(
    (
      await digests.cardsOf(
        db,
        close.map(({ id }) => id),
      )
    ).map((card) => [card.id, card]),
  );
  return close.flatMap(({ id }) => cards.get(id) ?? []);
}

/** What people type need not be a query: a lone bracket or a word with a minus is searched for as it stands. */
function queryOf(text: string): Query | undefined {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function isPlainWords(query: Query): boolean {
  if (query.kind === "and") return query.parts.every(isPlainWords);
  return query.kind === "words" && query.in === undefined;
}

/** The database finds authors by surname and initial; whether it is the one who was named is seen here. */
function hasAuthor(query: Query): boolean {
  switch (query.kind) {
    case "and":
    case "or":
      return query.parts.some(hasAuthor);
    case "not":
      return hasAuthor(query.part);
    default:
      return query.kind === "author";
  }
}
