import type { Author } from "./listing.ts";
import { texToUnicode } from "./tex.ts";
import { foldSpace, titleKey } from "./text.ts";

/**
 * The authors a line of text names, in its order, names as `First Last`. Reads lists by comma, semicolon,
 * `and` and `&` (never inside parentheses), `Last, First; Last, First`, `Last, F., Last, F.`, suffixes,
 * collaborations (`ABC Collaboration: A, B`), `mail (Name)`; parentheses behind a name are its affiliation and
 * hold for the authors before it who have none (arXiv's rule), numbered ones are looked up in the list at
 * the end. `et al.` and degrees are left out. A single comma between one word and more (`Smith, John`) turns a
 * name round, except where arXiv marks a mononym by a doubled or leading space.
 */
export function splitAuthors(line: string): Author[] {
  const spaced = /^\s|[,:]\s{2}/.test(line);
  const text = withoutMail(foldSpace(texToUnicode(line)).replace(/^by:?\s+/i, ""));
  const { pieces, numbered } = piecesOf(text);
  const bySemicolon = pieces.some(({ separator }) => separator === ";");
  const named = bySemicolon ? regrouped(pieces) : spaced ? pieces : inverted(pieces);
  const authors: { name: string; affiliation?: string; collaboration: boolean }[] = [];
  for (const piece of named) {
    const previous = authors.at(-1);
    if (suffix.test(piece.name) && previous !== undefined) {
      previous.name += ` ${piece.name}`;
    } else if (piece.name !== "" && !noName.test(piece.name)) {
      authors.push({ name: tidyName(piece.name), collaboration: piece.separator === ":" });
    }
    const author = authors.at(-1);
    const affiliation = resolved(piece.affiliation, numbered);
    if (author !== undefined && affiliation !== "") author.affiliation = affiliation;
  }
  let known: string | undefined;
  for (const author of authors.toReversed()) {
    if (author.affiliation !== undefined) known = author.affiliation;
    else if (known !== undefined && !author.collaboration) author.affiliation = known;
  }
  return authors.map(({ name, affiliation }) =>
    affiliation === undefined ? { name } : { name, affiliation },
  );
}

/**
 * Under which name an author is followed, whatever a source abbreviates: folded surname and first initial
 * (`Łukasz Kaiser`, `L. Kaiser` and `Kaiser, Lukasz` → `kaiser l`). Mononyms and collaborations have no initial.
 */
export function authorKey(name: string): string {
  const natural = naturalOrder(foldSpace(name));
  const surname = surnameOf(natural);
  const given = collaboration.test(natural) ? "" : natural.slice(0, natural.length - surname.length).trim();
  const initial = fold(given.replace(/^(?:dr|prof|mr|mrs|ms)\.?\s+/i, "")).slice(0, 1);
  return initial === "" || given === natural ? fold(surname) : `${fold(surname)} ${initial}`;
}

/** `Ludwig van der Berg Jr` → `van der Berg`; the whole name where it is one word or a collaboration. */
export function surnameOf(name: string): string {
  const natural = naturalOrder(foldSpace(name));
  if (collaboration.test(natural)) return natural;
  const words = natural.split(" ");
  while (words.length > 2 && suffix.test(words.at(-1) ?? "")) words.pop();
  let first = words.length - 1;
  while (first > 1 && particle.test(words[first - 1] ?? "")) first--;
  if (first === 1 && words.length > 2 && particle.test(words[0] ?? "")) first = 0;
  return words.slice(first).join(" ");
}

interface Piece {
  readonly name: string;
  /** What follows it: `,` `;` `:` or nothing. */
  readonly separator: string;
  readonly affiliation: string;
}

/** The line cut at separators outside of parentheses, and the numbered affiliations at its end. */
function piecesOf(text: string): { pieces: Piece[]; numbered: ReadonlyMap<string, string> } {
  const pieces: Piece[] = [];
  const numbered = new Map<string, string>();
  let name = "";
  let affiliation = "";
  const close = (separator: string) => {
    if (name.trim() !== "" || affiliation !== "") pieces.push({ name: name.trim(), separator, affiliation });
    name = "";
    affiliation = "";
  };
  let at = 0;
  while (at < text.length) {
    separators.lastIndex = at;
    const found = separators.exec(text);
    name += text.slice(at, found?.index ?? text.length);
    if (found === null) break;
    at = found.index + found[0].length;
    if (found[0] === "(") {
      const end = closingParenthesis(text, at);
      const inner = text.slice(at, end).trim();
      at = end + 1;
      if (/^\(?\s*\d+\s*\)/.test(inner)) listed(inner, numbered);
      else if (affiliation === "") affiliation = inner;
      else affiliation += `; ${inner}`;
    } else if (found[0] === ":" && !collaboration.test(name)) {
      name += ":";
    } else {
      close(found[0] === "," || found[0] === ";" || found[0] === ":" ? found[0] : ",");
    }
  }
  close("");
  return { pieces, numbered };
}

function closingParenthesis(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "(") depth++;
    else if (text[at] === ")" && --depth === 0) return at;
  }
  return text.length;
}

/** `(1) Institute, (2) University` → by number. */
function listed(text: string, numbered: Map<string, string>): void {
  for (const entry of text.split("(")) {
    const [, number, name] = /^\s*(\d+)\s*\)\s*(.*)$/.exec(entry) ?? [];
    if (number !== undefined && name !== undefined) numbered.set(number, name.replace(/[.,;\s]+$/, ""));
  }
}

function resolved(affiliation: string, numbered: ReadonlyMap<string, string>): string {
  if (!/^(?:[\d,;&\s]|and)+$/.test(affiliation)) return affiliation;
  return affiliation
    .split(/\D+/)
    .flatMap((number) => numbered.get(number) ?? [])
    .join("; ");
}

/** A list by semicolons: what commas cut inside one entry is joined again, `Last, First` turned round. */
function regrouped(pieces: readonly Piece[]): Piece[] {
  const entries: Piece[] = [];
  let open: Piece[] = [];
  for (const piece of pieces) {
    open.push(piece);
    if (piece.separator === ",") continue;
    entries.push(...oneEntry(open, piece.separator));
    open = [];
  }
  return [...entries, ...oneEntry(open, "")];
}

function oneEntry(pieces: readonly Piece[], separator: string): Piece[] {
  const [last, first, ...more] = pieces;
  if (last === undefined || first === undefined) return [...pieces];
  const affiliation = pieces.map((piece) => piece.affiliation).find((text) => text !== "") ?? "";
  return [
    { name: [first.name, last.name, ...more.map(({ name }) => name)].join(" "), separator, affiliation },
  ];
}

/** A list by commas in which names are turned round (`Smith, J., Doe, A. B.` or one `Smith, John`) set right. */
function inverted(pieces: readonly Piece[]): readonly Piece[] {
  const [last, first] = pieces;
  const single = pieces.length === 2 && last?.separator === "," && last.affiliation === "";
  if (single && first !== undefined && isSurname(last.name) && !/[.\s]\S+\s+\S+\s/.test(first.name))
    return oneEntry(pieces, "");
  const pairs = pieces.length >= 2 && pieces.length % 2 === 0;
  if (!pairs || !pieces.every(({ name }, at) => (at % 2 === 0 ? !initials.test(name) : initials.test(name))))
    return pieces;
  return pieces.flatMap((_, at) => (at % 2 === 0 ? oneEntry(pieces.slice(at, at + 2), ",") : []));
}

function isSurname(name: string): boolean {
  const words = name.split(" ");
  return !collaboration.test(name) && words.slice(0, -1).every((word) => particle.test(word));
}

/** `Hinton, Geoffrey` → `Geoffrey Hinton`. */
function naturalOrder(name: string): string {
  const comma = name.indexOf(",");
  if (comma < 0) return name;
  const [last, rest] = [name.slice(0, comma).trim(), name.slice(comma + 1).trim()];
  return suffix.test(rest) ? `${last} ${rest}` : `${rest} ${last}`.trim();
}

/** RSS names people as `mail (Name)`, others as `Name <mail>`. */
function withoutMail(text: string): string {
  if (!text.includes("@")) return text;
  return text
    .replace(/[^\s,;()<>]+@[^\s,;()<>]+\s*\(([^()]*)\)/g, "$1")
    .replace(/\s*<[^<>\s]*@[^<>\s]*>/g, "")
    .trim();
}

/** `G.Holgado` → `G. Holgado`. */
function tidyName(name: string): string {
  return name.replace(/(?<=\p{Lu})\.(?=\p{L})/gu, ". ").replace(/^(?:and|&)\s+/, "");
}

function fold(text: string): string {
  return titleKey(text);
}

const separators = /[(,;:]|\s(?:and|&)\s/g;
const suffix = /^(?:jr|sr)\.?$|^(?:II|III|IV)$/i;
const initials = /^(?:\p{Lu}\p{Ll}?\.?[\s-]?){1,4}$/u;
const noName = /^(?:et\.?\s+al\.?|and others|others|ph\.?\s?d\.?|m\.?d\.?|m\.?sc\.?|b\.?sc\.?|dr|prof)$/i;
const collaboration = /\b(?:collaborations?|consortium|group|team)\b/i;
const particle =
  /^(?:van|von|der|den|de|del|della|di|da|do|dos|das|du|la|le|ten|ter|dem|zu|zur|af|av|bin|ibn|el|al|vander|Van|Von|De|Del|Della|La|Le|Den|Der|Ten|Ter|St\.)$/;
