import { foldSpace } from "./text.ts";
import { foldLetters } from "./title-key.ts";

/** A name in the parts a bibliography knows. */
export interface NameParts {
  /** With its particles: `van der Berg`. The whole name where it is one word, or a collaboration's. */
  readonly surname: string;
  readonly given: string;
  readonly suffix: string;
}

/**
 * Takes a person's name apart, written `First Last`, `Last, First`, or `Last FM` with bare capitals.
 * Text beyond 300 characters is ignored.
 */
export function nameParts(name: string): NameParts {
  const natural = naturalOrder(foldSpace(name.slice(0, LONGEST_NAME)));
  if (isCollaboration(natural)) return { surname: natural, given: "", suffix: "" };
  const words = natural.split(" ");
  const last = words.at(-1) ?? "";
  const suffix = words.length > 2 && isSuffix(last) ? last : "";
  if (suffix !== "") words.pop();
  if (words.length > 1 && isTitle(words[0] ?? "")) words.shift();
  if (words.length > 1 && bareInitials.test(words.at(-1) ?? "") && /\p{Ll}/u.test(words[0] ?? "")) {
    return { surname: words.slice(0, -1).join(" "), given: words.at(-1) ?? "", suffix };
  }
  let first = words.length - 1;
  while (first > 1 && isParticle(words[first - 1] ?? "")) first--;
  if (first === 1 && /^\p{Ll}/u.test(words[0] ?? "") && isParticle(words[0] ?? "")) first = 0;
  return { surname: words.slice(first).join(" "), given: words.slice(0, first).join(" "), suffix };
}

/** `Ludwig van der Berg Jr` → `van der Berg`; the whole name where it is one word or a collaboration. */
export function surnameOf(name: string): string {
  return nameParts(name).surname;
}

/**
 * Under which name an author is followed, whatever a source abbreviates: folded surname and first initial
 * (`Łukasz Kaiser`, `L. Kaiser` and `Kaiser, Lukasz` → `kaiser l`). Mononyms and collaborations have no initial.
 */
export function authorKey(name: string): string {
  const { surname, given } = nameParts(name);
  const key = foldLetters(surname);
  const initial = [...foldLetters(given)][0];
  return initial === undefined ? key : `${key} ${initial}`;
}

/** `Hinton, Geoffrey` → `Geoffrey Hinton`, `Bloggs, Jr, Fred` → `Fred Bloggs Jr`; other names stay. */
export function naturalOrder(name: string): string {
  if (!name.includes(",")) return name;
  const [last = "", ...rest] = name.split(",").map((part) => part.trim());
  const suffixes = rest.filter(isSuffix);
  const given = rest.filter((part) => part !== "" && !isSuffix(part));
  return [...given, last, ...suffixes].filter((part) => part !== "").join(" ");
}

export function isSuffix(word: string): boolean {
  return /^(?:jr|sr)\.?$|^(?:II|III|IV)$/i.test(word);
}

export function isCollaboration(name: string): boolean {
  return /\b(?:collaborations?|consortium|working group|group|team)\b/i.test(name);
}

/** Is it a word that belongs to the surname behind it? */
export function isParticle(word: string): boolean {
  return particles.has(word);
}

function isTitle(word: string): boolean {
  return /^(?:dr|prof|professor|mr|mrs|ms|sir)\.?$/i.test(word);
}

const LONGEST_NAME = 300;
/** `Smith JA`: capitals without a full stop. */
const bareInitials = /^\p{Lu}{1,3}$/u;
const particles = new Set(
  `van von der den de del della di da do dos das du la le ten ter dem zu zur af av bin ibn el al vander
  Van Von De Del Della La Le Den Der Ten Ter St. Mac`.split(/\s+/),
);
