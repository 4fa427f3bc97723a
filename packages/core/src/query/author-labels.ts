import { surnameOf } from "../listing/authors.ts";
import { wordsOf } from "../text-analysis.ts";

/**
 * Under what a paper's author can be followed. `Wei-Ming Zhang` → `zhang`, `zhang w`, `zhang wei`,
 * `zhang weiming`; one whom the paper names by initials alone (`W. Zhang`) → `zhang`, `zhang w`, `zhang w.`.
 * Folded; mononyms and collaborations are followed whole.
 */
export function namedAs(name: string): string[] {
  const { surname, given } = partsOf(name);
  const [first, second] = given;
  if (first === undefined) return [surname];
  const initial = first.charAt(0);
  const keys = [surname, `${surname} ${initial}`];
  if (first.length === 1 || isInitials(name, first)) keys.push(`${surname} ${initial}.`);
  if (first.length > 1) keys.push(`${surname} ${first}`);
  if (first.length > 1 && second !== undefined) keys.push(`${surname} ${first}${second}`);
  return keys;
}

/**
 * Which of a paper's `namedAs` are the author whom a reader follows: with a full name those who have that first
 * name and those of whom only the initial is known, with an initial everybody who shares it, with a surname
 * everybody of that name. `Zhang, Wei` and `Wei Zhang` are the same.
 */
export function followedAs(name: string): string[] {
  const { surname, given } = partsOf(name);
  const [first, second = ""] = given;
  if (first === undefined) return [surname];
  if (first.length === 1) return [`${surname} ${first}`];
  const hyphened = new RegExp(`${first}[-‐‑]${second}`, "iu").test(
    name.normalize("NFKD").replace(/\p{M}/gu, ""),
  );
  return [`${surname} ${hyphened ? first + second : first}`, `${surname} ${first.charAt(0)}.`];
}

/** The words of the surname joined, and those of the given names, folded. */
function partsOf(name: string): { surname: string; given: string[] } {
  const words = wordsOf(name.replace(/^\s*(?:dr|prof|mr|mrs|ms)\.?\s+/i, ""));
  const last = wordsOf(surnameFirst.exec(name.trim())?.[1] ?? surnameOf(name));
  const at = lastIndexOf(words, last);
  if (at < 0) return { surname: words.join(" "), given: [] };
  // Behind a surname that stands first come the given names; behind one that stands last, suffixes.
  const given = at === 0 ? words.slice(last.length) : words.slice(0, at);
  return { surname: last.join(" "), given };
}

/** `Kaiser L`, as medical indexes write it. */
const surnameFirst = /^(\p{L}{2}[\p{L}'’ -]*) \p{L}$/u;

function lastIndexOf(words: readonly string[], part: readonly string[]): number {
  for (let at = words.length - part.length; at >= 0 && part.length > 0; at--) {
    if (part.every((word, i) => words[at + i] === word)) return at;
  }
  return -1;
}

/** `YJ Lee`: two or three capitals are as good as initials. */
function isInitials(name: string, first: string): boolean {
  return first.length <= 3 && name.includes(first.toUpperCase());
}
