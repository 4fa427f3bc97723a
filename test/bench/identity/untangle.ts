import type { LabelledPair, Row } from "./labelled-sets.ts";

/**
 * Undoes the dirt of the dirty sets, where each of authors, venue and year was moved, with even chance, to the
 * end of the title (in this order): `query rewriting a smith , b jones vldb 1998`. The end of a title is cut
 * where the word frequencies of clean training rows say that authors and venue begin.
 */
export interface Untangler {
  untangle(row: Row): Row;
}

const columns = ["title", "authors", "venue"] as const;
type Column = (typeof columns)[number];

/** Learns how often a word stands in which column from rows whose columns are in order. */
export function untanglerOf(pairs: readonly LabelledPair[]): Untangler {
  const within = { title: emptyModel(), authors: emptyModel(), venue: emptyModel() };
  const first = { title: emptyModel(), authors: emptyModel(), venue: emptyModel() };
  for (const pair of pairs) {
    for (const row of [pair.a, pair.b]) {
      for (const column of columns) {
        for (const [at, word] of wordsOf(row[column]).entries()) {
          for (const model of at === 0 ? [within[column], first[column]] : [within[column]])
            learn(model, word);
        }
      }
    }
  }
  const likelihood = (column: Column, word: string) => logShare(within[column], word);
  const opening = (column: Column, word: string) =>
    logShare(first[column], word) - logShare(within[column], word);
  return { untangle: (row) => untangled(row, likelihood, opening) };
}

interface WordModel {
  readonly counts: Map<string, number>;
  total: number;
}

function emptyModel(): WordModel {
  return { counts: new Map(), total: 0 };
}

function learn(model: WordModel, word: string): void {
  for (const seen of [word, shapeOf(word)]) model.counts.set(seen, (model.counts.get(seen) ?? 0) + 1);
  model.total += 1;
}

/** Log share of a word; of its shape, spread over many unknown words, where the word is new. */
function logShare(model: WordModel, word: string): number {
  const known = (model.counts.get(word) ?? 0) / (model.total + 1);
  const shape = ((model.counts.get(shapeOf(word)) ?? 0) + 0.1) / (model.total + 1);
  return Math.log(0.9 * known + 0.1 * shape * 0.001);
}

type WordScore = (column: Column, word: string) => number;

function untangled(row: Row, likelihood: WordScore, opening: WordScore): Row {
  let words = wordsOf(row.title);
  let year = row.year ?? "";
  const last = words.at(-1) ?? "";
  if (year === "" && words.length > 1 && /^(?:19|20)\d\d(?:\.0)?$/.test(last)) {
    year = last;
    words = words.slice(0, -1);
  }
  const mayHoldAuthors = wordsOf(row.authors).length === 0;
  const mayHoldVenue = wordsOf(row.venue).length === 0;
  const sums = columns.map((column) => prefixSums(words.map((word) => likelihood(column, word))));
  const [title, authors, venue] = [sums[0] ?? [], sums[1] ?? [], sums[2] ?? []];
  let best = { score: Number.NEGATIVE_INFINITY, authorsAt: words.length, venueAt: words.length };
  for (let authorsAt = 1; authorsAt <= words.length; authorsAt += 1) {
    for (let venueAt = authorsAt; venueAt <= words.length; venueAt += 1) {
      if (venueAt > authorsAt && !mayHoldAuthors) break;
      if (venueAt < words.length && !mayHoldVenue) continue;
      const starts =
        (venueAt > authorsAt ? opening("authors", words[authorsAt] ?? "") : 0) +
        (venueAt < words.length ? opening("venue", words[venueAt] ?? "") : 0);
      const score =
        (title[authorsAt] ?? 0) +
        (authors[venueAt] ?? 0) -
        (authors[authorsAt] ?? 0) +
        (venue[words.length] ?? 0) -
        (venue[venueAt] ?? 0) +
        starts;
      if (score > best.score) best = { score, authorsAt, venueAt };
    }
  }
  return {
    title: words.slice(0, best.authorsAt).join(" "),
    authors: mayHoldAuthors ? words.slice(best.authorsAt, best.venueAt).join(" ") : (row.authors ?? ""),
    venue: mayHoldVenue ? words.slice(best.venueAt).join(" ") : (row.venue ?? ""),
    ...(year === "" ? {} : { year }),
  };
}

/** Moves columns as the dirty sets do, for training where only clean rows are at hand. */
export function tangled(row: Row, random: () => number): Row {
  let title = row.title ?? "";
  const kept: { authors: string; venue: string; year?: string } = {
    authors: row.authors ?? "",
    venue: row.venue ?? "",
    ...(row.year === undefined ? {} : { year: row.year }),
  };
  for (const column of ["authors", "venue", "year"] as const) {
    if (random() < 0.5) continue;
    title = `${title} ${kept[column] ?? ""}`.trim();
    if (column === "year") delete kept.year;
    else kept[column] = "";
  }
  return { title, ...kept };
}

function prefixSums(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

function wordsOf(text: string | undefined): string[] {
  return (text ?? "").split(" ").filter((word) => word !== "");
}

function shapeOf(word: string): string {
  if (/^[a-z]\.?$/.test(word)) return "#letter";
  if (/^[a-z]{2}$/.test(word)) return "#two";
  if (/\d/.test(word)) return "#digit";
  if (/^[^\p{L}]+$/u.test(word)) return "#mark";
  return word.includes("-") ? "#hyphen" : "#word";
}
