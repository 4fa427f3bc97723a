import { equations, macroKinds } from "./tex-macros.ts";
import { mathEnd, mathToText, renderCommand, renderMath } from "./tex-maths.ts";
import {
  accents,
  greek,
  letters,
  mathMacros,
  mathSymbols,
  operators,
  relations,
  signs,
  textSymbols,
} from "./tex-symbols.ts";
import { raised } from "./unicode-maths.ts";

export { mathToText };

/**
 * TeX in running text → plain Unicode: accents and letters in every spelling (`\"o`, `{\"o}`, `\v{\i}`,
 * `\~{\^e}`), symbols, the light macros of titles and abstracts (`\emph{…}`, `{\it …}`, `\href{…}{…}`,
 * escapes, `~`, quotes, dashes). Maths `$…$` is left untouched (`\(…\)`, `\[…\]` and equations become `$…$`),
 * and so are commands it does not know. Linear in the length of the text.
 */
export function texToUnicode(text: string): string {
  if (!suspicious.test(text)) return text;
  const state: State = { text, at: 0, last: "", depth: 0, quotes: 0, closing: -1, absent: new Set() };
  const out: string[] = [];
  while (state.at < text.length) {
    out.push(readText(state));
    if (text[state.at] === "}") out.push("}");
    state.at++;
  }
  return out.join("");
}

interface State {
  readonly text: string;
  at: number;
  /** The last character that was put out. */
  last: string;
  depth: number;
  /** Double quotes opened by two backticks and not closed yet. */
  quotes: number;
  /** Where the apostrophe stands that closes a quotation opened by one backtick. */
  closing: number;
  /** Delimiters that do not come any more (so that nobody looks for them twice). */
  readonly absent: Set<string>;
}

/** Reads up to a `}` that is not its own (not consumed) or the end. */
function readText(state: State): string {
  const { text } = state;
  const out: string[] = [];
  const put = (piece: string) => {
    if (piece === "") return;
    out.push(piece);
    state.last = piece.charAt(piece.length - 1);
  };
  while (state.at < text.length) {
    special.lastIndex = state.at;
    const next = special.exec(text);
    put(text.slice(state.at, next?.index ?? text.length));
    state.at = next?.index ?? text.length;
    if (next === null || next[0] === "}") break;
    state.at += next[0].length;
    put(readSpecial(state, next[0], next.index));
  }
  return out.join("");
}

function readSpecial(state: State, found: string, start: number): string {
  const { text, last } = state;
  const after = text[state.at] ?? "";
  switch (found[0]) {
    case "\\":
      return readCommand(state);
    case "{":
      return readGroup(state);
    case "^":
    case "_":
      return readScript(state, found[0]);
    case "$":
      state.at = mathEnd(text, start) ?? start + 1;
      return text.slice(start, state.at);
    case "~": {
      const range = isDigit(after) && /\d\S{0,3}$/.test(text.slice(Math.max(0, start - 4), start));
      return !range && /[\p{L}\d.,:;)}\]]/u.test(last) && /[\p{L}\d\\${([]/u.test(after) ? " " : "~";
    }
    case "-": {
      const joins = last !== "" && isSpace(last) === (after === "" || isSpace(after));
      return joins && found.length < 4 ? (found.length === 2 ? "–" : "—") : found;
    }
    case "`":
      if (found === "``") state.quotes++;
      return found === "``" ? "“" : openSingle(state);
  }
  if (found !== "'" && state.quotes > 0) {
    state.quotes--;
    return "”";
  }
  return start === state.closing ? "’" : found;
}

function openSingle(state: State): string {
  singleQuoted.lastIndex = state.at;
  const quoted = state.last === "" || /[\s([“–—-]/.test(state.last) ? singleQuoted.exec(state.text) : null;
  if (quoted !== null) state.closing = state.at + quoted[0].length - 1;
  return quoted === null ? "`" : "‘";
}

/** Behind a `{`. Braces that only group go; braces that are text (`the set {1, 2}`) stay. */
function readGroup(state: State): string {
  const { text, last, at: start } = state;
  const inner = readBraced(state);
  if (inner === undefined) return "{";
  if (text[state.at - 1] !== "}") return `{${inner}`;
  const doubled = text[start] === "{" ? /^\{([^{},]*)\}$/.exec(inner)?.[1] : undefined;
  if (doubled !== undefined) return doubled;
  const macro = text[start] === "\\" || text[start] === "{";
  return macro || /^[.,]?$/.test(inner) || isLetter(last) || isLetter(text[state.at] ?? "")
    ? inner
    : `{${inner}}`;
}

/** Behind `^{` or `_{` outside of maths. */
function readScript(state: State, kind: "^" | "_"): string {
  const inner = readBraced(state);
  if (inner === undefined || state.text[state.at - 1] !== "}") return `${kind}{${inner ?? ""}`;
  return raised(inner, kind) ?? `${kind}{${inner}}`;
}

/** The inside of a group, its closing brace consumed where there is one; undefined (nothing read) when nested too deep. */
function readBraced(state: State): string | undefined {
  if (state.depth >= DEEPEST) return undefined;
  state.depth++;
  const inner = readText(state);
  state.depth--;
  if (state.text[state.at] === "}") state.at++;
  return inner;
}

/** The argument of a macro: a group without its braces, a command, or one character. */
function argument(state: State): string {
  skipSpace(state);
  const character = String.fromCodePoint(state.text.codePointAt(state.at) ?? 0x7d);
  if (character === "}") return "";
  state.at += character.length;
  if (character === "{") return readBraced(state) ?? "";
  if (character !== "\\" || state.depth >= DEEPEST) return character;
  state.depth++;
  const command = readCommand(state);
  state.depth--;
  return command;
}

/** Behind a backslash: what the command stands for. */
function readCommand(state: State): string {
  const { text } = state;
  commandName.lastIndex = state.at;
  const name = commandName.exec(text)?.[0];
  if (name === undefined) return readSign(state);
  const start = state.at;
  state.at += name.length;
  const accent = accents.get(name);
  if (accent !== undefined && /[\s{\\]/.test(text[state.at] ?? "")) {
    const accented = accentedArgument(state, accent, name);
    if (accented !== undefined) return accented;
  }
  const symbol = letters[name] ?? greek[name] ?? signs[name] ?? textSymbols[name];
  const operator = relations[name] ?? operators[name];
  if (symbol !== undefined || operator !== undefined || mathSymbols[name] !== undefined) {
    const spaced = operator !== undefined && text[state.at] === " " && isSpace(text[start - 2] ?? "");
    endName(state);
    return symbol ?? (spaced ? `${operator} ` : operator) ?? mathSymbols[name] ?? "";
  }
  if (mathMacros.has(name)) {
    const rendered = renderCommand(text, start);
    state.at = rendered.end;
    return rendered.text;
  }
  return readMacro(state, name, start);
}

function readMacro(state: State, name: string, start: number): string {
  const { text } = state;
  const kind = macroKinds.get(name);
  if (kind === "switch" || kind === "space") {
    skipSpace(state);
    return kind === "space" && !isSpace(state.last) ? " " : "";
  }
  if (kind === undefined || (kind !== "text" && !/[[{]/.test(text[state.at] ?? ""))) {
    return `\\${text.slice(start, skipArguments(state))}`;
  }
  switch (kind) {
    case "text":
      return argument(state);
    case "second":
      argument(state);
      return argument(state);
    case "reference": {
      const note = optional(state);
      return `[${argument(state).replace(/,(?=\S)/g, ", ")}${note === "" ? "" : `, ${note}`}]`;
    }
    case "drop":
      optional(state);
      argument(state);
      return "";
    case "script": {
      const inner = argument(state);
      const small = renderMath(`${name === "textsuperscript" ? "^" : "_"}{${inner}}`);
      return /^[\^_]/.test(small) ? inner : small;
    }
    case "environment": {
      const environment = argument(state);
      return equations.has(environment) ? readDisplayed(state, `\\end{${environment}}`) : " ";
    }
  }
}

/** Braced arguments of a command nobody knows belong to it: they are left as they are. Returns where they end. */
function skipArguments(state: State): number {
  while (state.text[state.at] === "{") {
    const end = state.text.indexOf("}", state.at);
    if (end < 0 || end - state.at > LONGEST_ARGUMENT) break;
    state.at = end + 1;
  }
  return state.at;
}

function optional(state: State): string {
  const end = state.text[state.at] === "[" ? state.text.indexOf("]", state.at) : -1;
  if (end < 0 || end - state.at > LONGEST_ARGUMENT) return "";
  const inner = state.text.slice(state.at + 1, end);
  state.at = end + 1;
  return inner;
}

/** Behind a backslash that no letter follows. */
function readSign(state: State): string {
  const sign = state.text[state.at] ?? "";
  state.at += sign.length;
  const accent = accents.get(sign);
  if (accent !== undefined) return accentedArgument(state, accent, sign) ?? `\\${sign}`;
  if (sign === "(" || sign === "[") return readDisplayed(state, sign === "(" ? "\\)" : "\\]");
  if (sign !== "" && "%&_#{}$".includes(sign)) return sign;
  if (sign !== "" && " ,;:\\\n".includes(sign)) {
    if (sign === "\\" || isSpace(state.last)) skipSpace(state);
    return isSpace(state.last) ? "" : " ";
  }
  return sign !== "" && "!/-@".includes(sign) ? "" : `\\${sign}`;
}

/** Behind an accent: what it stands on, with it; undefined (nothing consumed) when no letter can carry it. */
function accentedArgument(state: State, mark: string, name: string): string | undefined {
  const { text } = state;
  let next = state.at;
  while (isSpace(text[next] ?? "")) next++;
  const base = text[next] ?? "";
  if (isLetter(base)) {
    const doubtful = next > state.at || name === "'" || name === '"';
    if (doubtful && !(usual.get(name) ?? base).includes(base)) return next === state.at ? name : undefined;
    state.at = next + 1;
    return accented(base, mark);
  }
  if (base !== "{" && base !== "\\") return undefined;
  const carried = argument(state);
  return carried === "" ? (isLetter(name) ? "" : name) : accented(carried, mark);
}

/** The mark over the first letter of a word; a word that begins otherwise is left alone. */
function accented(word: string, mark: string): string {
  const [first = "", ...rest] = word.normalize("NFC");
  if (!isLetter(first)) return word;
  const dotted = first === "ı" ? "i" : first === "ȷ" ? "j" : first;
  return (dotted + mark).normalize("NFC") + rest.join("");
}

/** `\(…\)`, `\[…\]`, `\begin{equation}…` → `$…$`. */
function readDisplayed(state: State, closing: string): string {
  const end = state.absent.has(closing) ? -1 : state.text.indexOf(closing, state.at);
  if (end < 0) {
    state.absent.add(closing);
    return closing === "\\)" ? "\\(" : closing === "\\]" ? "\\[" : " ";
  }
  const inner = state.text.slice(state.at, end).replaceAll("$", "").trim();
  state.at = end + closing.length;
  return `$${inner}$`;
}

/** What only ends a command's name goes: `{}`, one space, and the backslash of `\ `. */
function endName(state: State): void {
  if (state.text.startsWith("{}", state.at)) state.at += 2;
  else if (state.text[state.at] === " " || state.text.startsWith("\\ ", state.at)) state.at++;
}

function skipSpace(state: State): void {
  while (isSpace(state.text[state.at] ?? "")) state.at++;
}

function isSpace(character: string): boolean {
  return character !== "" && /\s/.test(character);
}

function isLetter(character: string): boolean {
  return letter.test(character);
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

const DEEPEST = 60;
const LONGEST_ARGUMENT = 200;
const suspicious = /[\\{}~`]|--/;
const special = /[\\{}$~"]|[\^_]\{|-{2,}|``?|''?/g;
const singleQuoted = /[^`'\s][^`'\n]{0,80}'(?![\p{L}\p{N}'])/uy;
const commandName = /[a-zA-Z]+/y;
const letter = /^\p{L}$/u;
/** Letters an accent is taken for when its spelling is doubtful: `\' e`, `don\'t`, `\"quoted\"`. */
const usual: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "'": "ACEILNORSUYZaceilnorsuyz",
    '"': "AEIOUYaeiouy",
  }),
);
