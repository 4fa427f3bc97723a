import {
  closeFrom,
  closeToPaperFrom,
  cosineOf,
  createVectorIndex,
  type Likeness,
  likesOf,
  parseQuery,
  type Query,
  UsageError,
  type VectorIndex,
  vectorOf,
  type WordVectors,
} from "@paperwire/core";
import { type Db, digests, papers, type Trx } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { keyPhrases, wordVectors } from "../classify/word-vectors.ts";
import { chunk } from "../runtime/chunk.ts";

type Card = Pick<PaperCard, "id" | "title" | "abstract">;

/** What queries name after `like:`, as directions to compare papers with. */
export interface Likes {
  /**
   * To which of them the paper is close enough, closest first; `withPhrases` also by which of its key phrases, for
   * explanation. A paper is not close to itself.
   */
  of(card: Card, withPhrases: boolean): Likeness[];
  /**
   * How close the paper is to one of them and what it takes; undefined where nothing can be compared, or it is the
   * paper itself.
   */
  closenessTo(value: string, card: Card): { readonly closeness: number; readonly least: number } | undefined;
  /** The title of a paper that is named, if it is one. */
  titleOf(value: string): string | undefined;
  /** Those that nothing can be compared with, and why: a sentence each. */
  readonly blind: ReadonlyMap<string, string>;
}

export interface Direction {
  readonly direction: Int8Array;
  readonly least: number;
  readonly title?: string;
  readonly id?: string;
}

/** Makes the directions of everything that the queries want papers to be close to. */
export async function likesIn(db: Db | Trx, queries: Iterable<Query>): Promise<Likes> {
  const values = new Set<string>();
  for (const query of queries) for (const value of likesOf(query)) values.add(value);
  return values.size === 0 ? noLikes : toLikes(db, [...values]);
}

/** `likesIn` for one query as text. */
export function likesInText(db: Db | Trx, query: string): Promise<Likes> {
  return likesIn(db, [parseQuery(query)]);
}

/**
 * `likesIn` for a query that somebody gives now.
 * @throws UsageError with a sentence when it wants closeness to something that nothing can be compared with.
 */
export async function mustCompare(db: Db | Trx, query: Query): Promise<Likes> {
  const likes = await likesIn(db, [query]);
  const [because] = likes.blind.values();
  if (because !== undefined) throw new UsageError(because);
  return likes;
}

/** Nothing is close to anything: for queries that do not ask. */
export const noLikes: Likes = {
  of: () => [],
  closenessTo: () => undefined,
  titleOf: () => undefined,
  blind: new Map(),
};

/** The directions of what queries name after `like:`; of those that have none, why. */
export async function directionsOf(
  db: Db | Trx,
  values: readonly string[],
): Promise<{ directions: Map<string, Direction>; blind: Map<string, string> }> {
  const vectors = wordVectors();
  const blind = new Map<string, string>();
  const directions = new Map<string, Direction>();
  const keep = (value: string, made: Direction | string) => {
    if (typeof made === "string") blind.set(value, made);
    else directions.set(value, made);
  };
  if (vectors === undefined) {
    for (const value of values) keep(value, noVectors);
    return { directions, blind };
  }
  for (const value of values) if (!isPaper(value)) keep(value, ofPhrase(vectors, value));
  for (const some of chunk(values.filter(isPaper), papersPerQuery)) {
    const ids = await papers.resolveAll(db, some);
    const cards = new Map(
      (await digests.cardsOf(db, [...new Set(ids.values())])).map((card) => [card.id, card]),
    );
    for (const value of some) keep(value, ofPaper(vectors, value, cards.get(ids.get(value) ?? "")));
  }
  return { directions, blind };
}

const papersPerQuery = 500;
const noVectors =
  "There are no word vectors here (workers/assets/word-vectors.bin), so nothing can be close in meaning: put the file back, or ask for words instead.";

async function toLikes(db: Db | Trx, values: readonly string[]): Promise<Likes> {
  const vectors = wordVectors();
  const { directions, blind } = await directionsOf(db, values);
  if (vectors === undefined) return { ...noLikes, blind };
  // Bounds differ, so phrases and papers stand in indexes of their own.
  const indexes = [closeFrom, closeToPaperFrom].map((least) => ({
    least,
    index: indexOf(vectors, directions, least),
  }));
  const closeTo = (card: Card): Likeness[] => {
    const own = directionOf(vectors, card);
    if (own === undefined) return [];
    return indexes
      .flatMap(({ index, least }) => (index.size === 0 ? [] : index.closest(own, index.size, least)))
      .flatMap(({ id: value, closeness }) => {
        const { title, id } = directions.get(value) ?? {};
        if (id === card.id) return [];
        return [{ value, closeness, ...(title === undefined ? {} : { title }) }];
      })
      .sort((a, b) => b.closeness - a.closeness);
  };
  const withThrough = (close: readonly Likeness[], card: Card): Likeness[] => {
    const phrases = keyPhrases(card);
    return close.map((one) => ({
      ...one,
      through: closestPhrases(vectors, phrases, directions.get(one.value)?.direction),
    }));
  };
  /** Many readers ask about the same paper. */
  const found = new WeakMap<Card, { close: Likeness[]; explained?: Likeness[] }>();
  return {
    of: (card, withPhrases) => {
      const there = found.get(card);
      const close = there?.close ?? closeTo(card);
      const explained =
        there?.explained ?? (withPhrases && close.length > 0 ? withThrough(close, card) : undefined);
      found.set(card, { close, ...(explained === undefined ? {} : { explained }) });
      return withPhrases ? (explained ?? close) : close;
    },
    closenessTo: (value, card) => {
      const [wanted, own] = [directions.get(value), directionOf(vectors, card)];
      if (wanted === undefined || own === undefined || wanted.id === card.id) return undefined;
      return { closeness: cosineOf(own, wanted.direction), least: wanted.least };
    },
    titleOf: (value) => directions.get(value)?.title,
    blind,
  };
}

function indexOf(
  vectors: WordVectors,
  directions: ReadonlyMap<string, Direction>,
  least: number,
): VectorIndex {
  const some = [...directions].filter(([, one]) => one.least === least);
  const index = createVectorIndex(vectors.dimensions, Math.max(1, some.length));
  for (const [value, { direction }] of some) index.add(value, direction);
  return index;
}

function closestPhrases(
  vectors: WordVectors,
  phrases: readonly string[],
  direction: Int8Array | undefined,
): string[] {
  return phrases
    .flatMap((phrase) => {
      const own = vectorOf(vectors, phrase);
      const closeness = own === undefined || direction === undefined ? 0 : cosineOf(own, direction);
      return closeness >= leastOfPhrases ? [{ phrase, closeness }] : [];
    })
    .sort((a, b) => b.closeness - a.closeness)
    .slice(0, 2)
    .map(({ phrase }) => phrase);
}

/** A key phrase as a reason lies about as close as the paper that it stands for. */
const leastOfPhrases = 0.35;

/** As `labelNode` writes papers: an id of ours, or a key without a space. */
function isPaper(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$|^[a-z0-9]+:\S+$/.test(value);
}

/** The same phrases are met with every batch of papers and readers; a pure function's memory, bounded. */
const phrases = new Map<string, Direction | string>();
const mostPhrases = 100_000;

function ofPhrase(vectors: WordVectors, phrase: string): Direction | string {
  const there = phrases.get(phrase);
  if (there !== undefined) return there;
  const direction = vectorOf(vectors, phrase);
  const made =
    direction === undefined
      ? `None of the words of “${phrase}” is known to the word vectors, so no paper can be close to it: say it in other words, or ask for the words themselves.`
      : { direction, least: closeFrom };
  if (phrases.size >= mostPhrases) phrases.clear();
  phrases.set(phrase, made);
  return made;
}

function ofPaper(vectors: WordVectors, value: string, card: PaperCard | undefined): Direction | string {
  if (card === undefined)
    return `There is no paper ${value} here, so no paper can be close to it: find one with paperwire papers search, or name a phrase.`;
  const direction = directionOf(vectors, card);
  if (direction !== undefined) return { direction, least: closeToPaperFrom, title: card.title, id: card.id };
  return `The word vectors know no word of ${value}, so no paper can be close to it.`;
}

function directionOf(
  vectors: WordVectors,
  { title, abstract }: Pick<PaperCard, "title" | "abstract">,
): Int8Array | undefined {
  return vectorOf(vectors, { title, ...(abstract === null ? {} : { abstract }) });
}
