import { isCollaboration, isParticle, isSuffix } from "./author-name.ts";
import type { Author } from "./listing.ts";
import { texToUnicode } from "./tex.ts";
import { foldSpace } from "./text.ts";

export { authorKey, surnameOf } from "./author-name.ts";

/**
 * The authors a line of text names, in its order, names as `First Last`. Reads lists by comma, semicolon,
 * `and` and `&` (never inside parentheses), `Last, First; Last, First`, `Last, F., Last, F.`, `Last FM, Last FM`,
 * suffixes, collaborations (`ABC Collaboration: A, B`), `mail (Name)`; parentheses behind a name are its
 * affiliation and hold for the authors before it who have none (arXiv's rule), numbered ones are looked up in
 * the list at the end. `et al.` and degrees are left out. One comma between one word and more (`Smith, John`)
 * turns a name round, except where arXiv marks a mononym by a doubled or leading space.
 */
export function splitAuthors(line: string): Author[] {
  // Two names may be one that is written surname first; three or more of this form are not.
  if (usualLine.test(line) && !/\bet al\b|^by\b/i.test(line))
    return line.split(", ").map((name) => ({ name }));
  const marksMononyms = /^\s|[,:]\s{2}/.test(line);
  const text = withoutMail(foldSpace(texToUnicode(line)).replace(/^by:?\s+/i, ""));
  const { pieces, numbered } = piecesOf(text);
  const bySemicolon = pieces.some(({ separator }) => separator === ";");
  const named = bySemicolon ? regrouped(pieces) : marksMononyms ? pieces : inverted(pieces);
  const authors: Draft[] = [];
  for (const piece of named) {
    const previous = authors.at(-1);
    if (previous !== undefined && isSuffix(piece.name)) previous.name += ` ${piece.name}`;
    else if (piece.name !== "") authors.push({ name: piece.name, collaboration: piece.separator === ":" });
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

interface Draft {
  name: string;
  affiliation?: string;
  readonly collaboration: boolean;
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
  let name: string[] = [];
  let affiliations: string[] = [];
  let at = 0;
  const close = (separator: string) => {
    const tidy = tidyName(name.join(""));
    if (tidy !== "" || affiliations.length > 0)
      pieces.push({ name: tidy, separator, affiliation: affiliations.join("; ") });
    name = [];
    affiliations = [];
  };
  while (at < text.length) {
    separators.lastIndex = at;
    const found = separators.exec(text);
    name.push(text.slice(at, found?.index ?? text.length));
    if (found === null) break;
    at = found.index + found[0].length;
    if (found[0] === "(") {
      const end = closingParenthesis(text, at);
      const inner = text.slice(at, end).trim();
      at = end + 1;
      const ended = nothingMore.test(text.slice(at, at + 8));
      if (/^\(?\s*\d+\s*\)/.test(inner)) listed(inner, numbered);
      else if (!ended && nickname.test(inner) && name.join("").trim() !== "") name.push(`(${inner})`);
      else affiliations.push(inner);
      if (!ended && affiliations.length > 0) close(",");
    } else if (found[0] !== ":") close(found[0] === ";" || found[0] === "|" ? ";" : ",");
    else if (isCollaboration(text.slice(Math.max(0, found.index - 100), found.index))) close(":");
    else name.push(":");
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
  if (!/^[\dand,;&\s]+$/.test(affiliation) || !/\d/.test(affiliation)) return affiliation;
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
  const turned = isSuffix(first.name) ? [last, first, ...more] : [first, last, ...more];
  return [
    {
      name: turned
        .map(({ name }) => name)
        .filter((name) => name !== "")
        .join(" "),
      separator,
      affiliation,
    },
  ];
}

/** A list by commas in which names are turned round set right. */
function inverted(pieces: readonly Piece[]): readonly Piece[] {
  const [last, first] = pieces;
  const single =
    pieces.length === 2 && last?.separator === "," && last.affiliation === "" && first?.name !== "";
  if (single && first !== undefined && isSurname(last.name) && first.name.split(" ").length <= 3)
    return oneEntry(pieces, "");
  if (pieces.length >= 3 && pieces.every(({ name }) => surnameFirst.test(name))) {
    return pieces.map((piece) => ({ ...piece, name: piece.name.replace(surnameFirst, "$2 $1") }));
  }
  const turned =
    pieces.length % 2 === 0 && pieces.every(({ name }, at) => initials.test(name) === (at % 2 === 1));
  if (!turned || pieces.length === 0) return pieces;
  return pieces.flatMap((_, at) => (at % 2 === 0 ? oneEntry(pieces.slice(at, at + 2), ",") : []));
}

function isSurname(name: string): boolean {
  const before = name.split(" ").slice(0, -1);
  return (
    !/[.(]/.test(name) &&
    !isCollaboration(name) &&
    before.every((word) => isParticle(word) && !/^(?:La|Le)$/.test(word))
  );
}

/** RSS names people as `mail (Name)`, others as `Name <mail>`. */
function withoutMail(text: string): string {
  if (!text.includes("@")) return text;
  return text
    .replace(/[^\s,;()<>@]{1,100}@[^\s,;()<>@]{1,200}\s?\(([^()]*)\)/g, "$1")
    .replace(/ ?<[^<>\s@]{1,100}@[^<>\s@]{1,200}>/g, "")
    .trim();
}

/** `G.Holgado` → `G. Holgado`; without degrees, `et al.` and the marks of footnotes. */
function tidyName(written: string): string {
  const name = written.trim().replace(/^(?:and|&)\s+/, "");
  if (name.length > LONGEST_NAME || (usualName.test(name) && !/\bet al$/i.test(name))) return name;
  const bare = name
    .replace(/\s*\bet\.? al\.?$/i, "")
    .replace(/\s*\*.*$/, "")
    .replace(/(?<=\p{L}\.?)[\d¹²³⁰-⁹†‡§¶]+$/u, "")
    .replaceAll("–", "-")
    .replace(/(?<=\p{Lu})\.(?=\p{L})/gu, ". ");
  return noName.test(bare) ? "" : bare;
}

const LONGEST_NAME = 300;
/** How most names are written (`Ada M. Lovelace`), and lines of nothing else: there is nothing to tidy in them. */
const usualWord = "[A-Z][a-z'-]+(?:[A-Z][a-z'-]+)*";
const usualNamePattern = `${usualWord}(?: (?:[A-Z]\\.|${usualWord}))* ${usualWord}`;
const usualName = new RegExp(`^${usualNamePattern}$`);
const usualLine = new RegExp(`^${usualNamePattern}(?:(?:, ${usualNamePattern}){2,})?$`);
const separators = /[(,;:|]|\s(?:and|&)\s/g;
const initials = /^(?:\p{Lu}\p{Ll}?\.[ -]?|\p{Lu}{1,3}(?:[ -]|$)){1,4}$/u;
/** Behind a parenthesis: the end of the line, or what separates names. */
const nothingMore = /^\s*(?:$|[,;:|(]|(?:and|&)\s)/;
const nickname = /^["'“]?\p{Lu}[\p{L}.-]+["'”]?$/u;
const surnameFirst =
  /^((?:(?:van|von|de|del|der|den|la|le|di) ){0,3}\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}'’-]*)?) (\p{Lu}{1,3})$/u;
const noName =
  /^(?:(?:and )?others|ph\.? ?d\.?|m\.? ?d\.?|m\. ?s\.|m\.?sc\.?|b\.?sc\.?|dr\.?|prof\.?|[\d\s.,]*)$/i;
