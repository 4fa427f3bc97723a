import { accents, greek, letters, mathSymbols, operators, relations, textSymbols } from "./tex-symbols.ts";

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
  const tight = !/\s/.test(text[inner] ?? "") && !/\s/.test(text[end - 1] ?? "");
  const money = /\d/.test(text[inner] ?? "") && /\d/.test(text[end + 1] ?? "");
  if (money || (!tight && !/[\\^_{}=<>+]|^\s*\S\s*$/.test(text.slice(inner, end)))) return undefined;
  return width === 2 && text[end + 1] === "$" ? end + 2 : end + 1;
}

/** The inside of a formula as Unicode on one line. */
export function renderMath(source: string): string {
  const state: State = { source, at: 0, depth: 0 };
  let out = "";
  while (state.at < source.length) out = joined(out, parseRow(state));
  return out.replace(/\s+/g, " ").trim();
}

interface State {
  readonly source: string;
  at: number;
  depth: number;
}

/** Reads until the `}` that closes the row (consumed) or the end. */
function parseRow(state: State): string {
  const parts: string[] = [];
  while (state.at < state.source.length) {
    const character = state.source[state.at] ?? "";
    if (character === "}") {
      state.at++;
      break;
    }
    if (character === "^" || character === "_") {
      state.at++;
      parts.push(script(parseAtom(state), character));
    } else {
      parts.push(parseAtom(state));
    }
  }
  return parts.join("");
}

function parseAtom(state: State): string {
  skipSpace(state);
  const character = state.source[state.at];
  if (character === undefined || character === "}") return "";
  state.at++;
  if (character === "{") return parseGroup(state);
  if (character === "\\") return parseCommand(state);
  if (character === "'") return "′";
  if (character === "-") return "−";
  if (character === "~") return " ";
  if (character === "&") return " ";
  if (character >= "\ud800" && character <= "\udbff") return character + (state.source[state.at++] ?? "");
  if (/[=<>,]/.test(character) && /\s/.test(state.source[state.at] ?? ""))
    return `${spaceBefore(state)}${character} `;
  if (/[+]/.test(character) && /\s/.test(state.source[state.at] ?? "")) return ` ${character} `;
  return character;
}

function spaceBefore(state: State): string {
  return /\s/.test(state.source[state.at - 2] ?? "") ? " " : "";
}

function skipSpace(state: State): void {
  while (/\s/.test(state.source[state.at] ?? "")) state.at++;
}

function parseGroup(state: State): string {
  if (state.depth >= DEEPEST) return "{";
  state.depth++;
  const inner = parseRow(state);
  state.depth--;
  return inner;
}

function parseCommand(state: State): string {
  namePattern.lastIndex = state.at;
  const name = namePattern.exec(state.source)?.[0] ?? state.source[state.at] ?? "";
  const spaced = /\s/.test(state.source[state.at - 2] ?? "");
  state.at += name.length;
  if (/^\w/.test(name)) skipSpace(state);
  if (name in relations) return ` ${relations[name]} `;
  if (name in operators) return spaced ? ` ${operators[name]} ` : (operators[name] ?? "");
  const symbol = greek[name] ?? mathSymbols[name] ?? letters[name] ?? textSymbols[name];
  if (symbol !== undefined) return symbol;
  if (name in alphabets) return styled(parseAtom(state), alphabets[name] ?? "");
  const mark = marks[name] ?? (name.length === 1 && !/[a-zA-Z]/.test(name) ? undefined : accents[name]);
  if (mark !== undefined) return over(parseAtom(state), mark);
  if (functions.has(name))
    return `${spaceAfterWord(state)}${name}${/[a-zA-Z\\\d]/.test(state.source[state.at] ?? "") ? " " : ""}`;
  if (transparent.has(name)) return parseAtom(state);
  if (textual.has(name)) return textArgument(state);
  switch (name) {
    case "frac":
    case "dfrac":
    case "tfrac":
    case "cfrac": {
      const above = parseAtom(state);
      return `${bracketed(above)}/${bracketed(parseAtom(state))}`;
    }
    case "sqrt": {
      const index = optionalArgument(state);
      const root = index === "3" ? "∛" : index === "4" ? "∜" : index === "" ? "√" : `${script(index, "^")}√`;
      return `${root}${bracketed(parseAtom(state))}`;
    }
    case "binom":
    case "dbinom":
    case "tbinom": {
      const above = parseAtom(state);
      return `(${above} choose ${parseAtom(state)})`;
    }
    case "overset":
    case "stackrel":
    case "underset": {
      parseAtom(state);
      return parseAtom(state);
    }
    case "not": {
      const negated = parseAtom(state).trim();
      return ` ${`${negated}\u0338`.normalize("NFC")} `;
    }
    case "color":
    case "label":
    case "tag":
    case "vspace":
    case "hspace":
    case "phantom":
      parseAtom(state);
      return "";
    case "begin":
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
    case "quad":
    case "qquad":
    case ">":
    case "enspace":
    case "thinspace":
      return " ";
    case "{":
    case "}":
    case "$":
    case "%":
    case "#":
    case "&":
    case "_":
      return name;
    case "!":
    case "/":
    case "-":
    case "":
      return "";
  }
  return ignored.has(name) ? "" : `\\${name}${/[a-zA-Z]/.test(state.source[state.at] ?? "") ? " " : ""}`;
}

/** `a \log n` keeps its words apart. */
function spaceAfterWord(state: State): string {
  const name = /[a-zA-Z\d)}]\s*\\[a-zA-Z]+\s*$/;
  return name.test(state.source.slice(Math.max(0, state.at - 24), state.at)) ? " " : "";
}

function textArgument(state: State): string {
  skipSpace(state);
  if (state.source[state.at] !== "{") return parseAtom(state);
  const end = state.source.indexOf("}", state.at);
  const inner = state.source.slice(state.at + 1, end < 0 ? state.source.length : end);
  if (/[{$\\]/.test(inner)) return parseAtom(state);
  state.at = end < 0 ? state.source.length : end + 1;
  return inner.replace(/~/g, " ");
}

function optionalArgument(state: State): string {
  if (state.source[state.at] !== "[") return "";
  const end = state.source.indexOf("]", state.at);
  if (end < 0) return "";
  const inner = state.source.slice(state.at + 1, end);
  state.at = end + 1;
  return inner.trim();
}

function joined(left: string, right: string): string {
  return left + right;
}

function bracketed(text: string): string {
  const inner = text.trim();
  return /^(?:[\p{L}\p{N}′∞.]\p{M}*)*$/u.test(inner) || /^\([^()]*\)$/.test(inner) ? inner : `(${inner})`;
}

function script(text: string, kind: "^" | "_"): string {
  const inner = text.replace(/\s+/g, "");
  const table = kind === "^" ? superscripts : subscripts;
  if (inner === "") return "";
  if (kind === "^" && /^[′∘*†‡∗]+$/.test(inner)) return inner.replaceAll("∘", "°");
  const raised = [...inner].map((character) => table.get(character));
  if (raised.every((character) => character !== undefined)) return raised.join("");
  return kind + bracketed(text.trim());
}

function over(text: string, mark: string): string {
  const [first = "", ...rest] = text;
  return (first + mark).normalize("NFC") + rest.join("");
}

function styled(text: string, alphabet: string): string {
  return [...text].map((character) => styledLetter(character, alphabet)).join("");
}

function styledLetter(character: string, alphabet: string): string {
  const exception = exceptions[alphabet]?.[character];
  if (exception !== undefined) return exception;
  const [upper = 0, lower = 0, digit = 0] = starts[alphabet] ?? [];
  if (character >= "A" && character <= "Z" && upper > 0)
    return String.fromCodePoint(upper + character.charCodeAt(0) - 65);
  if (character >= "a" && character <= "z" && lower > 0)
    return String.fromCodePoint(lower + character.charCodeAt(0) - 97);
  if (character >= "0" && character <= "9" && digit > 0)
    return String.fromCodePoint(digit + character.charCodeAt(0) - 48);
  return character;
}

const LONGEST_MATHS = 2000;
const DEEPEST = 60;
const namePattern = /[a-zA-Z]+\*?/y;
const words = (list: string) => new Set(list.trim().split(/\s+/));
const transparent = words(`
  mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb bf rm it sf tt cal boldmath operatorname operatorname* mathop
  mathbin mathrel mathord mathopen mathclose mathinner overline underline underbrace overbrace mbox hbox displaystyle
  textstyle scriptstyle limits nolimits left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle
  boxed smash ensuremath widehat* rm em
`);
const textual = words(
  "text textrm textbf textit textsf texttt textsc textnormal mathrm operatorname operatorname* mbox hbox emph",
);
const ignored = words("displaystyle textstyle nonumber noindent allowbreak relax null strut hfill hline");
const functions = words(`
  log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth max min sup inf lim limsup liminf arg det
  dim ker hom deg gcd Pr mod bmod
`);
const marks: Readonly<Record<string, string>> = {
  hat: "\u0302",
  widehat: "\u0302",
  bar: "\u0304",
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
};
const alphabets: Readonly<Record<string, string>> = {
  mathcal: "script",
  mathscr: "script",
  mathbb: "double",
  mathbbm: "double",
  Bbb: "double",
  mathds: "double",
  mathfrak: "fraktur",
  frak: "fraktur",
};
/** First capital, small letter and digit of each alphabet in Unicode's block of mathematical letters. */
const starts: Readonly<Record<string, readonly number[]>> = {
  script: [0x1d49c, 0x1d4b6, 0],
  double: [0x1d538, 0x1d552, 0x1d7d8],
  fraktur: [0x1d504, 0x1d51e, 0],
};
/** Letters that were in Unicode before that block. */
const exceptions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  script: { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ", e: "ℯ", g: "ℊ", o: "ℴ" },
  double: { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" },
  fraktur: { C: "ℭ", H: "ℌ", I: "ℑ", R: "ℜ", Z: "ℨ" },
};
const table = (from: string, to: string) =>
  new Map([...from].map((character, at): [string, string] => [character, [...to][at] ?? ""]));
const superscripts = table(
  "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ",
  "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ",
);
const subscripts = table("0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ");
