import { mathEnd, mathToText, renderMath } from "./tex-maths.ts";
import {
  accents,
  greek,
  letters,
  mathSymbols,
  operators,
  relations,
  signs,
  textSymbols,
} from "./tex-symbols.ts";

export { mathToText };

/**
 * TeX in running text → plain Unicode: accents and letters in every spelling (`\"o`, `{\"o}`, `\v{\i}`,
 * `\~{\^e}`), symbols, the light macros of titles and abstracts (`\emph{…}`, `{\it …}`, `\href{…}{…}`,
 * escapes, `~`, quotes, dashes). Maths `$…$` is left untouched (`\(…\)` and `\[…\]` become `$…$`), and so are
 * commands it does not know. Linear in the length of the text.
 */
export function texToUnicode(text: string): string {
  if (!suspicious.test(text)) return text;
  const state: State = { text, at: 0, depth: 0, quotes: 0, closing: -1, absent: new Set() };
  let out = "";
  while (state.at < text.length) {
    out += parseText(state);
    if (state.at < text.length) {
      out += "}";
      state.at++;
    }
  }
  return out;
}

interface State {
  readonly text: string;
  at: number;
  depth: number;
  /** Double quotes opened by two backticks and not closed yet. */
  quotes: number;
  /** Where the apostrophe stands that closes a quotation opened by one backtick. */
  closing: number;
  /** Delimiters that do not come any more (so that nobody looks for them twice). */
  readonly absent: Set<string>;
}

/** Reads up to a `}` that is not its own (not consumed) or the end. */
function parseText(state: State): string {
  const { text } = state;
  let out = "";
  while (state.at < text.length) {
    special.lastIndex = state.at;
    const next = special.exec(text);
    const start = next?.index ?? text.length;
    out += text.slice(state.at, start);
    state.at = start;
    if (next === null || next[0] === "}") break;
    out = parseSpecial(state, next[0], out);
  }
  return out;
}

function parseSpecial(state: State, found: string, out: string): string {
  const { text } = state;
  const start = state.at;
  state.at += found.length;
  const before = out.at(-1) ?? "";
  const after = text[state.at] ?? "";
  switch (found[0]) {
    case "\\":
      return parseCommand(state, out);
    case "{":
      return out + parseGroup(state, before);
    case "$": {
      const end = mathEnd(text, start) ?? start + 1;
      state.at = end;
      return out + text.slice(start, end);
    }
    case "~":
      return (
        out +
        (/[\p{L}\d.,:;)}\]]/u.test(before) &&
        /[\p{L}\d\\${([]/u.test(after) &&
        !(isDigit(before) && isDigit(after))
          ? " "
          : "~")
      );
    case "-": {
      const joins = before !== "" && after !== "" && /\s/.test(before) === /\s/.test(after);
      return out + (joins && found.length < 4 ? (found.length === 2 ? "–" : "—") : found);
    }
    case "`":
      if (found === "``") {
        state.quotes++;
        return `${out}“`;
      }
      return out + openSingle(state, before);
    default:
      if (found === "''" && state.quotes > 0) {
        state.quotes--;
        return `${out}”`;
      }
      return out + (start === state.closing ? "’" : found);
  }
}

function openSingle(state: State, before: string): string {
  if (before !== "" && !/[\s([“-]/.test(before)) return "`";
  singleQuoted.lastIndex = state.at;
  const quoted = singleQuoted.exec(state.text);
  if (quoted === null) return "`";
  state.closing = state.at + quoted[0].length - 1;
  return "‘";
}

/** Behind a `{`. Braces that only group go; braces that are text (`the set {1, 2}`) stay. */
function parseGroup(state: State, before: string): string {
  const { text } = state;
  const start = state.at;
  if (state.depth >= DEEPEST) return "{";
  state.depth++;
  const inner = parseText(state);
  state.depth--;
  if (text[state.at] !== "}") return `{${inner}`;
  state.at++;
  const groups =
    text[start] === "\\" ||
    text[start] === "{" ||
    inner === "" ||
    isLetter(before) ||
    isLetter(text[state.at] ?? "");
  return groups ? inner : `{${inner}}`;
}

/** The argument of a macro: a group without its braces, a command, or one character. */
function parseArgument(state: State): string {
  const { text } = state;
  const character = text[state.at];
  if (character === undefined || character === "}") return "";
  if (character === "{") {
    if (state.depth >= DEEPEST) return "";
    state.at++;
    state.depth++;
    const inner = parseText(state);
    state.depth--;
    if (text[state.at] === "}") state.at++;
    return inner;
  }
  if (character === "\\") {
    if (state.depth >= DEEPEST) return "";
    state.at++;
    state.depth++;
    const command = parseCommand(state, "");
    state.depth--;
    return command;
  }
  const size = character >= "\ud800" && character <= "\udbff" ? 2 : 1;
  state.at += size;
  return text.slice(state.at - size, state.at);
}

/** Behind a backslash: appends to `out` what the command stands for. */
function parseCommand(state: State, out: string): string {
  const { text } = state;
  commandName.lastIndex = state.at;
  const name = commandName.exec(text)?.[0];
  if (name === undefined) return parseSign(state, out);
  const start = state.at;
  state.at += name.length;
  const accent = accents[name];
  if (accent !== undefined && /[\s{\\]/.test(text[state.at] ?? "")) {
    const accented = parseAccent(state, accent, name);
    if (accented !== undefined) return out + accented;
  }
  const symbol = letters[name] ?? greek[name] ?? signs[name] ?? textSymbols[name];
  if (symbol !== undefined) {
    endName(state);
    return out + symbol;
  }
  const operator = relations[name] ?? operators[name] ?? mathSymbols[name];
  if (operator !== undefined) {
    endName(state);
    return out + operator;
  }
  if (transparent.has(name)) {
    skipSpace(state);
    return out + parseArgument(state);
  }
  if (switches.has(name)) {
    skipSpace(state);
    return out;
  }
  return out + parseMacro(state, name, start);
}

function parseMacro(state: State, name: string, start: number): string {
  const { text } = state;
  const keep = () => `\\${text.slice(start, state.at)}`;
  switch (name) {
    case "href":
    case "textcolor":
    case "colorbox": {
      if (text[state.at] !== "{") return keep();
      parseArgument(state);
      return parseArgument(state);
    }
    case "cite":
    case "citep":
    case "citet":
    case "ref":
    case "eqref":
    case "label":
    case "footnote":
    case "thanks":
    case "vspace":
    case "hspace":
    case "color":
      if (text[state.at] !== "{") return keep();
      parseArgument(state);
      return "";
    case "textsuperscript":
    case "textsubscript": {
      if (text[state.at] !== "{") return keep();
      const inner = parseArgument(state);
      const small = renderMath(`${name === "textsuperscript" ? "^" : "_"}{${inner}}`);
      return /^[\^_]/.test(small) ? inner : small;
    }
    case "begin":
    case "end":
      if (text[state.at] !== "{") return keep();
      parseArgument(state);
      return " ";
    case "item":
    case "par":
    case "newline":
    case "linebreak":
    case "quad":
    case "qquad":
    case "space":
    case "enspace":
    case "hfill":
      skipSpace(state);
      return " ";
  }
  return keep();
}

/** Behind a backslash that no letter follows. */
function parseSign(state: State, out: string): string {
  const sign = state.text[state.at] ?? "";
  state.at += sign.length;
  const accent = accents[sign];
  if (accent !== undefined) return out + (parseAccent(state, accent, sign) ?? `\\${sign}`);
  if (sign === "(") return out + displayed(state, "\\)");
  if (sign === "[") return out + displayed(state, "\\]");
  if (sign !== "" && "%&_#{}$".includes(sign)) return out + sign;
  if (sign !== "" && " ,;:\\\n".includes(sign)) return `${out} `;
  if (sign !== "" && "!/-@".includes(sign)) return out;
  return `${out}\\${sign}`;
}

/** Behind an accent: what it stands on, with it; undefined (nothing consumed) when no letter can carry it. */
function parseAccent(state: State, mark: string, name: string): string | undefined {
  const { text } = state;
  let next = state.at;
  while (/\s/.test(text[next] ?? "")) next++;
  const base = text[next] ?? "";
  if (isLetter(base)) {
    if ((next > state.at || name === "'" || name === '"') && !(usual[name] ?? base).includes(base)) {
      return next === state.at ? name : undefined;
    }
    state.at = next + 1;
    return accented(base, mark);
  }
  if (base !== "{" && base !== "\\") return undefined;
  state.at = next;
  const argument = parseArgument(state);
  return argument === "" ? (/[a-zA-Z]/.test(name) ? "" : name) : accented(argument, mark);
}

/** The mark over the first letter of a word; a word that begins otherwise is left alone. */
function accented(word: string, mark: string): string {
  const [first = "", ...rest] = word.normalize("NFC");
  if (!isLetter(first)) return word;
  const dotted = first === "ı" ? "i" : first === "ȷ" ? "j" : first;
  return (dotted + mark).normalize("NFC") + rest.join("");
}

/** `\(…\)` → `$…$`. */
function displayed(state: State, closing: string): string {
  const end = state.absent.has(closing) ? -1 : state.text.indexOf(closing, state.at);
  if (end < 0) {
    state.absent.add(closing);
    return closing === "\\)" ? "\\(" : "\\[";
  }
  const inner = state.text.slice(state.at, end).trim();
  state.at = end + closing.length;
  return `$${inner}$`;
}

/** What only ends a command's name goes: `{}`, one space, and the backslash of `\ `. */
function endName(state: State): void {
  const { text } = state;
  if (text.startsWith("{}", state.at)) state.at += 2;
  else if (text[state.at] === " ") state.at++;
  else if (text.startsWith("\\ ", state.at)) state.at++;
}

function skipSpace(state: State): void {
  while (/\s/.test(state.text[state.at] ?? "")) state.at++;
}

function isLetter(character: string): boolean {
  return letter.test(character);
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

const DEEPEST = 60;
const suspicious = /[\\{}~`]|--/;
const special = /[\\{}$~]|-{2,}|``?|''?/g;
const singleQuoted = /[^`'\s][^`'\n]{0,80}'(?![\p{L}\p{N}'])/uy;
const commandName = /[a-zA-Z]+/y;
const letter = /^\p{L}$/u;
/** Letters an accent is taken for when its spelling is doubtful: `\' e`, `don\'t`, `\"quoted\"`. */
const usual: Readonly<Record<string, string>> = {
  "'": "ACEILNORSUYZaceilnorsuyz",
  '"': "AEIOUYaeiouy",
};
const words = (list: string) => new Set(list.trim().split(/\s+/));
const transparent = words(`
  emph textit textbf texttt textsf textsc textrm text textnormal textup textsl textmd underline uline mbox hbox url path
  mathrm mathbf mathit mathsf operatorname ensuremath uppercase enquote textquote footnotesize
`);
const switches = words(`
  it bf em rm sf tt sc sl itshape bfseries scshape ttfamily rmfamily sffamily upshape mdseries normalfont tiny scriptsize
  small normalsize large Large LARGE huge Huge noindent centering displaystyle textstyle protect relax allowbreak nobreak
  left right bigskip medskip smallskip
`);
