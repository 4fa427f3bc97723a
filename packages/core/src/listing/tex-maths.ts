import { accents, greek, letters, mathSymbols, operators, relations, textSymbols } from "./tex-symbols.ts";
import { alphabetOf, isSimple, marked, raised, styled } from "./unicode-maths.ts";

/**
 * Makes the maths in a text readable without TeX: every `$…$` becomes Unicode (`$\alpha_1^2 \leq 10^{-3}$` →
 * `α₁² ≤ 10⁻³`); what Unicode cannot say stays as tidy source (`x^(a/b)`). Text outside of `$…$` is left
 * alone, and so are a lone `$` and prices.
 */
export function mathToText(text: string): string {
  let start = text.indexOf("$");
  if (start < 0) return text;
  const out: string[] = [];
  let from = 0;
  while (start >= 0) {
    const end = mathEnd(text, start);
    if (end === undefined) {
      start = text.indexOf("$", start + 1);
      continue;
    }
    const width = text.startsWith("$$", start) ? 2 : 1;
    out.push(text.slice(from, start), renderMath(text.slice(start + width, end - width)));
    from = end;
    start = text.indexOf("$", end);
  }
  out.push(text.slice(from));
  return out.join("");
}

/**
 * Where the maths that opens with the `$` at `start` ends (behind its closing `$`), or undefined when that
 * `$` opens none: escaped, never closed, or money ("$5 and $10").
 */
export function mathEnd(text: string, start: number): number | undefined {
  if (text[start - 1] === "\\") return undefined;
  const width = text.startsWith("$$", start) ? 2 : 1;
  const inner = start + width;
  let end = text.indexOf("$", inner);
  while (end > 0 && text[end - 1] === "\\") end = text.indexOf("$", end + 1);
  if (end < 0 || end === inner || end - inner > LONGEST_MATHS) return undefined;
  const content = text.slice(inner, end);
  const prose = !/[\\^_{}=]/.test(content) && /\s/.test(content) && /[a-z]{2}/i.test(content);
  const money = /^\d/.test(content) && (prose || /\d/.test(text[end + 1] ?? ""));
  if (money || (/^\s|\s$/.test(content) && !/[\\^_{}=<>+]|^\s*\S\s*$/.test(content))) return undefined;
  return width === 2 && text[end + 1] === "$" ? end + 2 : end + 1;
}

/** The inside of a formula as Unicode on one line. */
export function renderMath(source: string): string {
  const state: State = { source, at: 0, depth: 0 };
  let out = "";
  while (state.at < source.length) {
    out += readRow(state);
    state.at++;
  }
  return out.replace(/\s+/g, " ").trim();
}

/** The command whose name begins at `at` (behind its backslash), and where its arguments end. */
export function renderCommand(source: string, at: number): { readonly text: string; readonly end: number } {
  const state: State = { source: source.slice(0, at + LONGEST_MATHS), at, depth: 0 };
  const text = readCommand(state).replace(/\s+/g, " ");
  return { text, end: state.at };
}

interface State {
  readonly source: string;
  at: number;
  depth: number;
}

/** Reads up to the `}` that closes the row (not consumed) or the end. */
function readRow(state: State): string {
  let out = "";
  for (;;) {
    skipSpace(state);
    const character = state.source[state.at];
    if (character === undefined || character === "}") return out;
    if (character === "^" || character === "_") {
      state.at++;
      out = out.trimEnd() + script(readAtom(state), character);
      continue;
    }
    const infix = /\\(over|choose)(?![a-zA-Z])/y;
    infix.lastIndex = state.at;
    const found = infix.exec(state.source)?.[1];
    if (found === undefined) {
      out += readAtom(state);
      continue;
    }
    state.at += found.length + 1;
    const below = readRow(state);
    return found === "over"
      ? `${bracketed(out)}/${bracketed(below)}`
      : `(${out.trim()} choose ${below.trim()})`;
  }
}

/** One character, group or command. */
function readAtom(state: State): string {
  skipSpace(state);
  const character = String.fromCodePoint(state.source.codePointAt(state.at) ?? 0x7d);
  if (character === "}") return "";
  const spaced = isSpace(state.source[state.at - 1]);
  state.at += character.length;
  switch (character) {
    case "{": {
      if (state.depth >= DEEPEST) return "{";
      state.depth++;
      const inner = readRow(state);
      state.depth--;
      state.at++;
      return inner;
    }
    case "\\":
      return readCommand(state);
    case "'":
      return "′";
    case "-":
      return "−";
    case "~":
    case "&":
      return " ";
    case "=":
    case "<":
    case ">":
    case ",":
    case "+":
    case ":":
    case ";": {
      const after = isSpace(state.source[state.at]) ? " " : "";
      return `${spaced && after !== "" && !",:;".includes(character) ? " " : ""}${character}${after}`;
    }
  }
  return character;
}

/** Behind a backslash. */
function readCommand(state: State): string {
  commandName.lastIndex = state.at;
  const name = commandName.exec(state.source)?.[0] ?? state.source[state.at] ?? "";
  const spaced = isSpace(state.source[state.at - 2]);
  const afterWord = /[\p{L}\p{N})}\]]/u.test(state.source[state.at - (spaced ? 3 : 2)] ?? "");
  state.at += name.length;
  if (relations[name] !== undefined) return ` ${relations[name]} `;
  if (operators[name] !== undefined) return spaced ? ` ${operators[name]} ` : (operators[name] ?? "");
  const symbol = greek[name] ?? mathSymbols[name] ?? letters[name] ?? textSymbols[name];
  if (symbol !== undefined) return symbol;
  const alphabet = alphabetOf(name);
  if (alphabet !== undefined) return styled(readAtom(state), alphabet);
  const mark = marks.get(name) ?? (/^[a-zA-Z]$/.test(name) ? undefined : accents.get(name));
  if (mark !== undefined) return marked(readAtom(state), mark);
  if (functions.has(name)) return word(state, name, afterWord);
  if (transparent.has(name)) return readAtom(state);
  if (textual.has(name)) return textArgument(state);
  return readOther(state, name, afterWord);
}

function readOther(state: State, name: string, afterWord: boolean): string {
  switch (name) {
    case "frac":
    case "dfrac":
    case "tfrac":
    case "cfrac": {
      const above = bracketed(readAtom(state));
      return `${above}/${bracketed(readAtom(state))}`;
    }
    case "sqrt": {
      const index = optional(state);
      const root = index === "" ? "√" : index === "3" ? "∛" : index === "4" ? "∜" : `${script(index, "^")}√`;
      return `${root}${bracketed(readAtom(state))}`;
    }
    case "binom":
    case "dbinom":
    case "tbinom": {
      const above = readAtom(state);
      return `(${above} choose ${readAtom(state)})`;
    }
    case "overset":
    case "stackrel":
    case "underset":
    case "textcolor":
    case "href":
    case "hyperlink":
    case "scalebox":
      textArgument(state);
      return readAtom(state);
    case "xrightarrow": {
      const label = readAtom(state);
      return label === "" ? " → " : ` –${label}→ `;
    }
    case "pmod":
      return ` (mod ${readAtom(state)})`;
    case "not":
      return ` ${marked(readAtom(state).trim(), "\u0338")} `;
    case "left":
    case "right":
    case "big":
    case "Big":
    case "bigg":
    case "Bigg":
    case "middle":
      if (state.source[state.at] === ".") state.at++;
      return "";
    case "color":
    case "label":
    case "tag":
    case "vspace":
    case "hspace":
    case "phantom":
    case "cite":
    case "ref":
      textArgument(state);
      return "";
    case "begin": {
      const environment = textArgument(state);
      if (/^(?:array|tabular)/.test(environment)) textArgument(state);
      return " ";
    }
    case "end":
      textArgument(state);
      return " ";
    case "\\":
      return "; ";
    case "|":
      return "‖";
    case ",":
    case ";":
    case ":":
    case " ":
    case ">":
    case "quad":
    case "qquad":
    case "enspace":
    case "thinspace":
    case "space":
      return " ";
    case "{":
    case "}":
    case "$":
    case "%":
    case "#":
    case "&":
    case "_":
    case "(":
    case ")":
    case "[":
    case "]":
      return name;
  }
  if (!/^[a-zA-Z]/.test(name) || ignored.has(name)) return "";
  return macroOf(name) ?? word(state, name, afterWord);
}

/** What authors define for themselves: `\R`, `\RR`, `\bbR`, `\cA`, `\calA`. */
function macroOf(name: string): string | undefined {
  const [, prefix, letter] = /^(bb|Bbb|cal|c|I)([A-Z])$/.exec(name) ?? [];
  if (letter !== undefined) return styled(letter, prefix === "c" || prefix === "cal" ? "script" : "double");
  const [, blackboard] = /^([A-Z])\1?$/.exec(name) ?? [];
  if (blackboard === undefined) return undefined;
  return name.length === 2 || "RCZQNFEP".includes(blackboard) ? styled(blackboard, "double") : blackboard;
}

/** `\log`, and commands nobody knows: a word, kept apart from the letters around it. */
function word(state: State, name: string, afterWord: boolean): string {
  skipSpace(state);
  return `${afterWord ? " " : ""}${name}${/^(?:\\[a-zA-Z]|[\p{L}\d])/u.test(state.source.slice(state.at, state.at + 2)) ? " " : ""}`;
}

/** A group taken as text: its spaces count. */
function textArgument(state: State): string {
  skipSpace(state);
  const end = state.source[state.at] === "{" ? state.source.indexOf("}", state.at) : -1;
  const inner = end < 0 ? "" : state.source.slice(state.at + 1, end);
  if (end < 0 || /[{$\\_^]/.test(inner)) return readAtom(state);
  state.at = end + 1;
  return inner.replace(/~/g, " ");
}

function optional(state: State): string {
  const end = state.source[state.at] === "[" ? state.source.indexOf("]", state.at) : -1;
  if (end < 0) return "";
  const inner = state.source.slice(state.at + 1, end);
  state.at = end + 1;
  return inner.trim();
}

function script(text: string, kind: "^" | "_"): string {
  return raised(text, kind) ?? kind + bracketed(text);
}

function bracketed(text: string): string {
  const inner = text.trim();
  return isSimple(inner) || /^\([^()]*\)$/.test(inner) ? inner : `(${inner})`;
}

function skipSpace(state: State): void {
  while (isSpace(state.source[state.at])) state.at++;
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

/** arXiv's abstracts hold 1,920 characters; a longer formula is a `$` that was never closed. */
const LONGEST_MATHS = 2000;
const DEEPEST = 60;
const commandName = /[a-zA-Z]+\*?/y;
const words = (list: string) => new Set(list.trim().split(/\s+/));
const transparent = words(`
  mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb boldmath mathop mathbin mathrel mathord mathopen mathclose mathinner
  underline underbrace overbrace boxed smash ensuremath overrightarrow widebar substack
`);
const textual = words(
  "text textrm textbf textit textsf texttt textsc textnormal mathrm operatorname operatorname* mbox hbox emph url",
);
const ignored = words(`
  displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber noindent allowbreak relax null strut hfill
  hline xspace bf rm it sf tt em sc bfseries tiny scriptsize small normalsize large bigl bigr Bigl Bigr biggl biggr Biggl
  Biggr unicode
`);
const functions = words(`
  log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf lim limsup liminf arg det
  dim ker hom deg gcd Pr mod
`);
const marks: ReadonlyMap<string, string> = new Map(
  Object.entries({
    hat: "\u0302",
    widehat: "\u0302",
    bar: "\u0304",
    overline: "\u0304",
    tilde: "\u0303",
    widetilde: "\u0303",
    vec: "\u20d7",
    dot: "\u0307",
    ddot: "\u0308",
    check: "\u030c",
    breve: "\u0306",
    acute: "\u0301",
    grave: "\u0300",
    mathring: "\u030a",
  }),
);
