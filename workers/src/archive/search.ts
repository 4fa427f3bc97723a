import {
  evaluate,
  fuse,
  likesOf,
  parseQuery,
  type Query,
  type RankedList,
  UsageError,
} from "@paperwire/core";
import { type Db, digests, search } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { phraseKey } from "../classify/word-vectors.ts";
import { toQueryPaper } from "../match/evidence.ts";
import { likesIn } from "../match/likeness.ts";
import { closePapers, closestTo } from "./closeness.ts";
import { rankByServer } from "./embeddings.ts";

const lookAgain = 3;
/** How much each list is believed when they are fused; measured with `test/bench/closeness.ts`. */
const weights = { words: 1, meaning: 1, keyPhrases: 0.5, spelling: 0.8 };

/**
 * Searches the archive: words, phrases, fields and operators of the subscription language, stemmed and ranked; for
 * plain words also papers that mean the same, papers with them as a key phrase, and titles that are spelled nearly
 * so. What the lists say is fused by their ranks. Text that is no query is searched for as it stands.
 * @throws UsageError when nothing can be compared with what the query names after `like:`.
 */
export async function searchPapers(
  db: Db,
  text: string,
  limit: number,
  help: SearchHelp = {},
): Promise<PaperCard[]> {
  const query = queryOf(text);
  const isPlain = query === undefined || isPlainWords(query);
  const close = query === undefined ? new Map<string, string[]>() : await closePapers(db, likesOf(query));
  const most = limit * lookAgain;
  const hits = idsOf(
    query === undefined ? await search.byText(db, text, most) : await search.byQuery(db, query, most, close),
  );
  const lists: RankedList[] = [{ ids: hits, weight: weights.words }];
  if (isPlain) {
    const phrases =
      query === undefined ? [phraseKey(text)] : [phraseKey(text), ...wordsOf(query).map(phraseKey)];
    const close = (await closestTo(db, text, most)).map(({ id }) => id);
    lists.push({ ids: await judged(db, text, close, hits, help), weight: weights.meaning });
    lists.push({ ids: idsOf(await search.byKeyPhrase(db, phrases, most)), weight: weights.keyPhrases });
    // Looking for misspelt titles is slow; where the words are found as they are, they are spelled well.
    if (hits.length < limit)
      lists.push({ ids: idsOf(await search.bySpelling(db, text, limit)), weight: weights.spelling });
  } else if (close.size > 0) {
    const found = new Set(hits);
    // Without words the hits have no order of their own.
    if (query !== undefined && !hasWords(query)) lists.length = 0;
    for (const ids of close.values()) lists.push({ ids: ids.filter((id) => found.has(id)) });
    lists.push({ ids: hits, weight: 0.01 });
  }
  const ids = fuse(lists);
  const cards = await inOrder(db, ids);
  const likes = await likesIn(db, query === undefined ? [] : [query]);
  return cards
    .filter(
      (card) =>
        isPlain || query === undefined || !hasAuthor(query) || evaluate(query, toQueryPaper(card, likes)),
    )
    .slice(0, limit);
}

/** What may help where it is there; without it searches work as well. */
export interface SearchHelp {
  /** An OpenAI-compatible server of embeddings (`EMBEDDINGS_URL`): orders what is close, and what has the words. */
  readonly embeddingsUrl?: string | undefined;
  /** Told in a sentence why help did not come. */
  readonly onNote?: (sentence: string) => void;
}

const mostJudged = 150;

/** Papers by meaning: as a server of embeddings orders them, or as they are where there is none. */
async function judged(
  db: Db,
  phrase: string,
  close: readonly string[],
  hits: readonly string[],
  { embeddingsUrl, onNote }: SearchHelp,
): Promise<readonly string[]> {
  if (embeddingsUrl === undefined) return close;
  const some = new Set([...close.slice(0, mostJudged), ...hits.slice(0, mostJudged / 3)]);
  const ranked = await rankByServer(embeddingsUrl, phrase, await digests.cardsOf(db, [...some]));
  if ("ids" in ranked) return [...ranked.ids, ...close.filter((id) => !some.has(id))];
  onNote?.(ranked.because);
  return close;
}

function idsOf(hits: readonly search.Hit[]): string[] {
  return hits.map(({ id }) => id);
}

async function inOrder(db: Db, ids: readonly string[]): Promise<PaperCard[]> {
  const cards = new Map((await digests.cardsOf(db, ids)).map((card) => [card.id, card]));
  return ids.flatMap((id) => cards.get(id) ?? []);
}

/** Papers by how closely they mean a phrase; by its words where no vectors ship. */
export async function papersAbout(
  db: Db,
  phrase: string,
  limit: number,
  help: SearchHelp = {},
): Promise<PaperCard[]> {
  const close = await closestTo(db, phrase, limit, 0.2);
  if (close.length === 0) return searchPapers(db, phrase, limit, help);
  const ids = close.map(({ id }) => id);
  return inOrder(db, await judged(db, phrase, ids, [], help));
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

/** The phrases and words of a query of plain words. */
function wordsOf(query: Query): string[] {
  if (query.kind === "and") return query.parts.flatMap(wordsOf);
  return query.kind === "words" ? [query.words.join(" ")] : [];
}

function isPlainWords(query: Query): boolean {
  if (query.kind === "and") return query.parts.every(isPlainWords);
  return query.kind === "words" && query.in === undefined;
}

function hasWords(query: Query): boolean {
  switch (query.kind) {
    case "and":
    case "or":
      return query.parts.some(hasWords);
    default:
      return query.kind === "words";
  }
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
