import { surnamesByRarity, wordsByRarity } from "./common-words.generated.ts";

/**
 * How rare a folded title word is, in half bits: 2·log2(titles / titles with the word), at most
 * `rarestWord`, which every word outside the shipped table has. The table never changes with the archive,
 * so what is derived from it stays as it was stored.
 */
export function wordRarity(word: string): number {
  return words.get(word) ?? rarestWord;
}

/** The same for the last word of a family name, at most `rarestSurname`. */
export function surnameRarity(surname: string): number {
  return surnames.get(surname) ?? rarestSurname;
}

export const rarestWord = wordsByRarity.length + 1;
export const rarestSurname = surnamesByRarity.length + 1;

const words = levelsOf(wordsByRarity);
const surnames = levelsOf(surnamesByRarity);

function levelsOf(table: readonly string[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const [level, line] of table.entries()) for (const word of line.split(" ")) levels.set(word, level);
  return levels;
}
