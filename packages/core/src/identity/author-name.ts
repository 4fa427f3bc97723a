import { fold } from "./fold.ts";

/** A person's name taken apart, folded. */
export interface AuthorName {
  /** Last word of the family name: `molina` for Garcia-Molina; what two spellings most often share. */
  readonly surname: string;
  /** First letters of everything before it, in order: `hg` for Hector Garcia-Molina. */
  readonly initials: string;
  /** The first given name where it is written out, else empty. */
  readonly given: string;
  /** All words of two letters and more, surname included. */
  readonly words: readonly string[];
}

/** Undefined for what names nobody (`et al.`, `others`, an empty string). */
export function authorNameOf(raw: string): AuthorName | undefined {
  const comma = /^([^,]+),\s*([^,]+?)(?:,.*)?$/.exec(raw);
  const ordered = comma && !suffixes.has(fold(comma[2] ?? "")) ? `${comma[2]} ${comma[1]}` : raw;
  let tokens = fold(ordered)
    .split(" ")
    .filter((token) => token !== "" && !/^\d+$/.test(token));
  if (isEtAl(raw)) return undefined;
  while (tokens.length > 1 && suffixes.has(tokens.at(-1) ?? "")) tokens = tokens.slice(0, -1);
  const surname = tokens.at(-1);
  if (surname === undefined) return undefined;
  const first = tokens[0] ?? "";
  let initials = "";
  for (const token of tokens.slice(0, -1)) {
    if (!particles.has(token)) initials += isInitials(token) ? token : (token[0] ?? "");
  }
  const given = tokens.length > 1 && first.length > 2 && !isInitials(first) ? first : "";
  return {
    surname,
    initials,
    given,
    words: tokens.filter((token) => token.length > 1 && !particles.has(token)),
  };
}

/** `et al.` and its relatives, which say that names were left out. */
export function isEtAl(raw: string): boolean {
  return /^\s*(?:and\s+)?(?:et\.?\s*al\.?|others|…|\.\.\.|&\s*hellip\s*;)\s*,?\s*$/i.test(raw);
}

/**
 * How well two names fit one person: 1 the same surname and initials that agree, 0.9 where one side has
 * none, 0.8–0.85 a misspelt surname or exchanged name order, 0.3 the same surname with other initials, 0 else.
 */
export function nameAgreement(a: AuthorName, b: AuthorName): number {
  if (a.surname === b.surname) {
    if (a.initials === "" || b.initials === "") return 0.9;
    if (a.initials[0] === b.initials[0]) return givenNamesDiffer(a, b) ? 0.6 : 1;
    if (sharedWords(a, b) >= 2 || sameLetters(a.initials, b.initials)) return 0.95;
    return a.initials.includes(b.initials[0] ?? "?") || b.initials.includes(a.initials[0] ?? "?") ? 0.7 : 0.3;
  }
  if (sharedWords(a, b) >= 2) return 0.95;
  if (a.words.includes(b.surname) || b.words.includes(a.surname)) {
    const reversed = a.initials.includes(b.surname[0] ?? "?") && b.initials.includes(a.surname[0] ?? "?");
    const compound = a.initials[0] === b.initials[0] && a.initials !== "";
    return reversed || compound ? 0.85 : 0.4;
  }
  if (a.surname[0] === b.initials[0] && b.surname[0] === a.initials[0] && sharedWords(a, b) > 0) return 0.8;
  if (compatible(a, b) && similarSurnames(a.surname, b.surname)) return 0.8;
  return 0;
}

function compatible(a: AuthorName, b: AuthorName): boolean {
  return a.initials === "" || b.initials === "" || a.initials[0] === b.initials[0];
}

/** Both given names are written out and are not forms of each other (`wei` and `wen`, but not `jim` and `james`). */
function givenNamesDiffer(a: AuthorName, b: AuthorName): boolean {
  return a.given !== "" && b.given !== "" && a.given.slice(0, 2) !== b.given.slice(0, 2);
}

function sharedWords(a: AuthorName, b: AuthorName): number {
  let shared = 0;
  for (const word of a.words) if (b.words.includes(word)) shared += 1;
  return shared;
}

function sameLetters(a: string, b: string): boolean {
  return a.length > 1 && a.length === b.length && [...a].sort().join("") === [...b].sort().join("");
}

/** One slip in five letters, two in nine; `mueller` and `muller`; a part that was cut off. */
function similarSurnames(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 4 || Math.abs(a.length - b.length) > 2) return false;
  return editDistance(a, b, 2) <= (shorter >= 8 ? 2 : 1);
}

/** Levenshtein distance, counted up to `limit` + 1. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const cost = Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** `hp` and `jgm` are initials run together; `wu` and `li` are names, but as given names they begin with the same letter. */
function isInitials(token: string): boolean {
  return token.length <= 3 && !/[aeiouy]/.test(token);
}

const suffixes = new Set(["jr", "sr", "ii", "iii", "iv", "phd", "md"]);
const particles = new Set([
  "van",
  "von",
  "der",
  "den",
  "de",
  "del",
  "della",
  "di",
  "da",
  "dos",
  "du",
  "la",
  "le",
  "el",
  "al",
  "ter",
  "bin",
  "ibn",
]);
