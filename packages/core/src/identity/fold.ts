/**
 * One spelling for text that is the same to a person: lower case, no accents, TeX commands and entities
 * resolved or dropped, Greek letters by name, everything else but letters and digits as single spaces.
 */
export function fold(text: string): string {
  let folded = text;
  if (folded.includes("&")) folded = folded.replace(/&(#?\w+) ?;/g, (_, name: string) => entityOf(name));
  if (/[\\${}^_]/.test(folded)) folded = withoutTex(folded);
  folded = folded.toLowerCase();
  if (/[^\x00-\x7f]/.test(folded)) folded = asciiOf(folded);
  return folded
    .replace(/(\p{L})['’`´](?=\p{L})/gu, "$1")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The words of a text, folded. */
export function tokensOf(text: string): string[] {
  const folded = fold(text);
  return folded === "" ? [] : folded.split(" ");
}

function asciiOf(lower: string): string {
  return lower
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^\x00-\x7f]/g, (letter) => lettersOf[letter] ?? letter);
}

function entityOf(name: string): string {
  if (name.startsWith("#")) {
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 31 && code < 0x110000 ? String.fromCodePoint(code) : " ";
  }
  const accented = /^([a-z])(acute|grave|circ|uml|tilde|cedil|caron|ring|slash)$/i.exec(name);
  if (accented) return accented[1] ?? "";
  return lettersOf[name] ?? (name === "szlig" ? "ss" : " ");
}

/** Formatting commands say nothing about the words; names of symbols do (`\alpha`, `\ell`). */
function withoutTex(text: string): string {
  return text
    .replace(/\\(?:["'`^~=.]|[uvHtcdbrk](?![a-z]))\s*\{?\\?([a-zA-Z])\}?/gi, "$1")
    .replace(/\\(ss|ae|oe|aa|o|l|i|j)(?![a-z])\s*(?:\{\})?/gi, "$1")
    .replace(formatting, "")
    .replace(/\\([a-zA-Z]+)/g, "$1")
    .replace(/[{}$\\^_]/g, "");
}

const formatting =
  /\\(?:text(?:bf|it|rm|sc|sf|tt|up)?|math(?:bb|bf|cal|frak|it|rm|scr|sf|tt)|emph|it|bf|rm|em|sc|sf|tt|cal|bm|boldsymbol|operatorname|left|right|ensuremath|ne|neq|to|rightarrow|times|cdot|sim|approx|leq?|geq?)(?![a-zA-Z])/g;

const lettersOf: Readonly<Record<string, string>> = {
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  æ: "ae",
  œ: "oe",
  ı: "i",
  þ: "th",
  ð: "d",
  ħ: "h",
  ŋ: "n",
  ĸ: "k",
  ŧ: "t",
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  ζ: "zeta",
  η: "eta",
  θ: "theta",
  ι: "iota",
  κ: "kappa",
  λ: "lambda",
  μ: "mu",
  ν: "nu",
  ξ: "xi",
  π: "pi",
  ρ: "rho",
  σ: "sigma",
  ς: "sigma",
  τ: "tau",
  υ: "upsilon",
  φ: "phi",
  χ: "chi",
  ψ: "psi",
  ω: "omega",
  ϕ: "phi",
  ϵ: "epsilon",
  ϑ: "theta",
  ℓ: "ell",
};
