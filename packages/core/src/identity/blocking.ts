import { authorNameOf } from "./author-name.ts";
import { tokensOf } from "./fold.ts";
import { surnameRarity, wordRarity } from "./rarity.ts";
import type { PaperRecord } from "./record.ts";
import { hash32 } from "./text-sets.ts";
import { longestTitle } from "./title.ts";

/**
 * Raised whenever the keys of a record change (another rule, another word table): stored keys must then be
 * computed anew before new ones are looked up.
 */
export const blockingVersion = 1;

/** No record has more keys. */
export const mostBlockingKeys = 12;

/** A key that more papers share than this says too little: it is stored, but not followed. */
export const mostPapersPerKey = 8;

/** The candidates worth deciding on for one record: those that share most keys first. */
export const mostCandidates = 8;

/**
 * Keys under which a record's near-duplicates are found: two records of one work almost always share one,
 * and few others do. Signed 64-bit integers, distinct, at most `mostBlockingKeys` (none for an empty title),
 * depending on title and authors alone: never on what the archive holds. They are pairs of the title's rarest
 * words, family name with rare word, and the title's first 20 and last 24 letters without spaces.
 */
export function blockingKeys(record: Pick<PaperRecord, "title" | "authors">): bigint[] {
  const tokens = tokensOf(record.title.slice(0, longestTitle));
  if (tokens.length === 0) return [];
  const compact = tokens.join("");
  const words = rarestFirst(tokens);
  const surnames = tellingSurnames(record.authors);
  const keys = new Set([keyOf("start", compact.slice(0, 20))]);
  if (compact.length > 24) keys.add(keyOf("end", compact.slice(-24)));
  const paired = words.slice(0, surnames.length === 0 ? 5 : 3);
  for (const [at, word] of paired.entries()) {
    for (const other of paired.slice(at + 1)) keys.add(keyOf("words", ...[word, other].sort()));
  }
  for (const surname of surnames) {
    for (const word of words.slice(0, 3)) keys.add(keyOf("author", surname, word));
  }
  return [...keys];
}

/** Rarest first; longer words, then alphabetical order, where the table knows no difference. */
function rarestFirst(tokens: readonly string[]): string[] {
  return [...new Set(tokens)].sort(
    (a, b) => wordRarity(b) - wordRarity(a) || b.length - a.length || (a < b ? -1 : 1),
  );
}

/** The first author, and the rarest name among the others. */
function tellingSurnames(authors: readonly string[]): string[] {
  const surnames: string[] = [];
  for (const author of authors.slice(0, 20)) {
    const surname = authorNameOf(author)?.surname;
    if (surname !== undefined && !surnames.includes(surname)) surnames.push(surname);
  }
  const [first, ...others] = surnames;
  if (first === undefined) return [];
  others.sort((a, b) => surnameRarity(b) - surnameRarity(a) || b.length - a.length || (a < b ? -1 : 1));
  return [first, ...others.slice(0, 1)];
}

function keyOf(...parts: string[]): bigint {
  const text = parts.join(" ");
  return BigInt.asIntN(64, (BigInt(hash32(text)) << 32n) | BigInt(hash32(`${text} ${text.length}`)));
}
