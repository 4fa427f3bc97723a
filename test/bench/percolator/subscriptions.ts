import { isStopWord, stemOf, wordsOf } from "@paperwire/core";
import type { Frequencies } from "@paperwire/core/percolator/frequencies.ts";
import { allOf, anyOf, negated, type Query } from "@paperwire/core/query/ast.ts";
import type { QueryPaper } from "@paperwire/core/query/labels.ts";

/**
 * `count` made-up subscriptions, drawn from real titles, abstracts, authors and categories: 30 % two or three
 * words, 25 % a phrase, 20 % alternatives, 10 % authors, 10 % one word, 3 % a category alone, 2 % a category
 * without a word. About half of the first three also name a category, one in eight excludes a word.
 */
export function* drawSubscriptions(
  count: number,
  papers: readonly QueryPaper[],
  frequencies: Frequencies,
  random: () => number,
): Generator<Query> {
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];

  const telling = (word: string, share: number) => {
    const papersWith = frequencies.of(stemOf(word)) ?? 0;
    const isCommon = papersWith > share * frequencies.papers;
    return word.length > 2 && !isStopWord(word) && !/^\d+$/.test(word) && papersWith >= 20 && !isCommon;
  };

  function words(paper: QueryPaper, n: number, share: number): Query[] {
    const pool = new Set(wordsOf(paper.title).filter((word) => telling(word, share)));
    if (pool.size < n) {
      const more = wordsOf(paper.abstract ?? "").filter((word) => telling(word, share));
      for (const word of more.slice(0, n + 2)) pool.add(word);
    }
    const left = [...pool];
    const drawn: Query[] = [];
    while (drawn.length < n && left.length > 0) {
      const [word = ""] = left.splice(Math.floor(random() * left.length), 1);
      drawn.push({ kind: "words", words: [word] });
    }
    return drawn;
  }

  function phrase(paper: QueryPaper): Query[] {
    const title = wordsOf(paper.title);
    for (let attempt = 0; attempt < 8; attempt++) {
      const length = random() < 0.7 ? 2 : 3;
      const start = Math.floor(random() * Math.max(1, title.length - length + 1));
      const part = title.slice(start, start + length);
      if (part.length === length && part.every((word) => telling(word, 0.2)))
        return [{ kind: "words", words: part }];
    }
    return [];
  }

  function categories(paper: QueryPaper): Query[] {
    const wanted = random() < 0.7 ? paper.categories.slice(0, 1) : paper.categories;
    const any = anyOf(wanted.map((value) => ({ kind: "category", value })));
    return any === undefined ? [] : [any];
  }

  const without = (paper: QueryPaper, chance: number) =>
    random() < chance ? words(paper, 1, 0.05).map(negated) : [];

  function alternatives(paper: QueryPaper, other: QueryPaper): Query[] {
    const n = 2 + Math.floor(random() * 3);
    const parts = Array.from({ length: n }, (_, i) => {
      const from = i % 2 === 0 ? other : paper;
      return random() < 0.5 ? phrase(from) : words(from, 1, 0.02);
    });
    const any = anyOf(parts.flat());
    return any === undefined ? [] : [any];
  }

  function draw(paper: QueryPaper, other: QueryPaper): Query[] {
    const kind = random();
    if (kind < 0.25)
      return [...phrase(paper), ...(random() < 0.5 ? categories(paper) : []), ...without(paper, 0.1)];
    if (kind < 0.55) {
      const drawn = words(paper, random() < 0.6 ? 2 : 3, 0.15);
      if (drawn.length < 2) return [];
      return [...drawn, ...(random() < 0.4 ? categories(paper) : []), ...without(other, 0.2)];
    }
    if (kind < 0.75) {
      const second = random() < 0.5 ? categories(paper) : words(paper, 1, 0.2);
      return [...alternatives(paper, other), ...second, ...without(other, 0.1)];
    }
    if (kind < 0.85) {
      const names = paper.authors
        .slice(0, 1 + Math.floor(random() * 4))
        .map(({ name }) => name)
        .filter((name) => /^[\p{L}. '-]*\p{L}[\p{L}. '-]*$/u.test(name));
      const any = anyOf(names.map((value) => ({ kind: "author", value })));
      return any === undefined ? [] : [any];
    }
    if (kind < 0.95) return [...words(paper, 1, 0.02), ...(random() < 0.6 ? categories(paper) : [])];
    if (kind < 0.98) return categories(paper);
    return [...categories(paper), ...words(paper, 1, 0.05).map(negated)];
  }

  for (let made = 0; made < count; ) {
    const paper = pick(papers);
    const other = pick(papers);
    const query = paper && other && allOf(draw(paper, other));
    if (
      !query ||
      query.kind === "not" ||
      (query.kind === "and" && query.parts.every((part) => part.kind === "not"))
    ) {
      continue;
    }
    made++;
    yield query;
  }
}

/** mulberry32: the same numbers for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
