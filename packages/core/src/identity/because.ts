import { type AuthorName, nameAgreement } from "./author-name.ts";
import type { PreparedRecord } from "./prepared.ts";
import { wordRarity } from "./rarity.ts";
import { sharedCount } from "./text-sets.ts";

/** The evidence for and against, as sentences: title, authors, year, abstract, in this order. */
export function becauseOf(a: PreparedRecord, b: PreparedRecord): string[] {
  return [titleSentence(a, b), ...authorSentences(a, b), ...yearSentence(a, b), ...abstractSentence(a, b)];
}

function titleSentence(a: PreparedRecord, b: PreparedRecord): string {
  if (a.record.title === b.record.title) return "The titles are identical.";
  if (a.title.compact === b.title.compact)
    return "The titles differ only in case, accents, markup or punctuation.";
  const [onlyA, onlyB] = [missing(a.title.tokens, b.title.tokens), missing(b.title.tokens, a.title.tokens)];
  const [headA, headB] = [a.title.head, b.title.head];
  if (headA === b.title.tokens.join(" ") || headB === a.title.tokens.join(" "))
    return "One title is the other without its subtitle.";
  if (onlyA.length === 0 || onlyB.length === 0) {
    const more = [...onlyA, ...onlyB];
    return more.length === 0
      ? "The titles have the same words in another order."
      : `One title has all words of the other, and ${quoted(more)}.`;
  }
  if (sharedCount(a.trigrams, b.trigrams) / Math.min(a.trigrams.length, b.trigrams.length) < 0.4)
    return "The titles have little in common.";
  return `The titles differ in ${quoted(onlyA)} against ${quoted(onlyB)}.`;
}

function authorSentences(a: PreparedRecord, b: PreparedRecord): string[] {
  const [fewer, more] = a.authors.length <= b.authors.length ? [a, b] : [b, a];
  if (fewer.authors.length === 0) return ["One side names no authors."];
  const left = [...more.authors];
  const agreed: AuthorName[] = [];
  const conflicts: string[] = [];
  for (const name of fewer.authors) {
    const at = left.findIndex((other) => nameAgreement(name, other) > 0.4);
    if (at !== -1) {
      agreed.push(name);
      left.splice(at, 1);
    } else if (left.some((other) => other.surname === name.surname)) conflicts.push(name.surname);
  }
  const [count, total] = [fewer.authors.length, more.authors.length];
  const names = agreed
    .slice(0, 3)
    .map((name) => capital(name.surname))
    .join(", ");
  const listed = `(${names}${agreed.length > 3 ? ", …" : ""})`;
  const sentences = [agreementSentence(agreed.length, count, total, listed)];
  if (conflicts.length > 0)
    sentences.push(`The family name ${capital(conflicts[0] ?? "")} belongs to different given names.`);
  return sentences;
}

/** `count` and `total` are the lengths of the shorter and the longer list. */
function agreementSentence(agreed: number, count: number, total: number, listed: string): string {
  if (agreed === 0) return "No author is the same.";
  if (agreed === total)
    return total === 1
      ? `The author is the same ${listed}.`
      : `${total === 2 ? "Both" : `All ${total}`} authors agree ${listed}.`;
  if (agreed < count)
    return `${agreed} authors agree ${listed}, of ${count === total ? count : `${count} and ${total}`}.`;
  return count === 1
    ? `One side's only author is among the other's ${total} ${listed}.`
    : `All ${count} authors of one side are among the other's ${total} ${listed}.`;
}

function yearSentence(a: PreparedRecord, b: PreparedRecord): string[] {
  if (a.record.year === undefined || b.record.year === undefined) return [];
  const gap = Math.abs(a.record.year - b.record.year);
  return gap === 0
    ? [`Both are of ${a.record.year}.`]
    : [
        `They are ${gap === 1 ? "one year" : `${gap} years`} apart (${Math.min(a.record.year, b.record.year)}, ${Math.max(a.record.year, b.record.year)}).`,
      ];
}

function abstractSentence(a: PreparedRecord, b: PreparedRecord): string[] {
  if (a.abstract === undefined || b.abstract === undefined) return [];
  const share = sharedCount(a.abstract, b.abstract) / Math.min(a.abstract.length, b.abstract.length);
  return [`The abstracts share ${Math.round(share * 100)} % of their phrases.`];
}

function missing(words: readonly string[], others: readonly string[]): string[] {
  return words.filter((word) => !others.includes(word)).sort((a, b) => wordRarity(b) - wordRarity(a));
}

function quoted(words: readonly string[]): string {
  return (
    words
      .slice(0, 3)
      .map((word) => `"${word}"`)
      .join(", ") + (words.length > 3 ? " …" : "")
  );
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
