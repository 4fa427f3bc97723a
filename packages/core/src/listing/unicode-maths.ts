export type Alphabet = "script" | "double" | "fraktur";

/** The alphabet a TeX command asks for: `mathcal` → script, `mathbb` → double-struck, `mathfrak` → Fraktur. */
export function alphabetOf(command: string): Alphabet | undefined {
  return alphabets.get(command);
}

/** A text in one of Unicode's mathematical alphabets; characters that it does not have stay. */
export function styled(text: string, alphabet: Alphabet): string {
  return [...text].map((character) => styledLetter(character, alphabet)).join("");
}

/**
 * A text as superscript or subscript characters, or undefined where Unicode lacks one of them.
 * Signs that are raised by nature (′ * †) stay as they are, a raised ring is a degree.
 */
export function raised(text: string, kind: "^" | "_"): string | undefined {
  const inner = text.replace(/\s+/g, "");
  if (kind === "^" && /^[′*†‡∗∘]+$/.test(inner)) return inner.replaceAll("∘", "°").replaceAll("∗", "*");
  const table = kind === "^" ? superscripts : subscripts;
  let out = "";
  for (const character of inner) {
    const small = table.get(character);
    if (small === undefined) return undefined;
    out += small;
  }
  return out;
}

/** A combining mark over the first letter, or over every letter of a longer word. */
export function marked(text: string, mark: string): string {
  const [first = "", ...rest] = text;
  return (first + mark).normalize("NFC") + rest.join("");
}

/** Needs no brackets as a part of a fraction, root or script: one word of letters and digits. */
export function isSimple(text: string): boolean {
  return /^(?:[\p{Lu}\p{Ll}\p{Lo}\p{Nd}′∞.]\p{M}*)*$/u.test(text);
}

function styledLetter(character: string, alphabet: Alphabet): string {
  const exception = exceptions[alphabet][character];
  if (exception !== undefined) return exception;
  const [upper, lower, digit] = starts[alphabet];
  const code = character.charCodeAt(0);
  if (character >= "A" && character <= "Z") return String.fromCodePoint(upper + code - 65);
  if (character >= "a" && character <= "z") return String.fromCodePoint(lower + code - 97);
  if (character >= "0" && character <= "9" && digit > 0) return String.fromCodePoint(digit + code - 48);
  return character;
}

const alphabets: ReadonlyMap<string, Alphabet> = new Map(
  Object.entries({
    script: "mathcal mathscr cal Cal EuScript",
    double: "mathbb mathbbm mathds Bbb",
    fraktur: "mathfrak frak",
  } satisfies Record<Alphabet, string>).flatMap(([alphabet, commands]) =>
    commands.split(" ").map((command): [string, Alphabet] => [command, alphabet as Alphabet]),
  ),
);
/** First capital, small letter and digit of each alphabet in Unicode's block of mathematical letters. */
const starts: Readonly<Record<Alphabet, readonly [number, number, number]>> = {
  script: [0x1d49c, 0x1d4b6, 0],
  double: [0x1d538, 0x1d552, 0x1d7d8],
  fraktur: [0x1d504, 0x1d51e, 0],
};
/** Letters that were in Unicode before that block. */
const exceptions: Readonly<Record<Alphabet, Readonly<Record<string, string>>>> = {
  script: { B: "ℬ", E: "ℰ", F: "ℱ", H: "ℋ", I: "ℐ", L: "ℒ", M: "ℳ", R: "ℛ", e: "ℯ", g: "ℊ", o: "ℴ" },
  double: { C: "ℂ", H: "ℍ", N: "ℕ", P: "ℙ", Q: "ℚ", R: "ℝ", Z: "ℤ" },
  fraktur: { C: "ℭ", H: "ℌ", I: "ℑ", R: "ℜ", Z: "ℨ" },
};
const superscripts = paired(
  "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ",
  "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ",
);
const subscripts = paired("0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ");

function paired(from: string, to: string): ReadonlyMap<string, string> {
  const small = [...to];
  return new Map([...from].map((character, at): [string, string] => [character, small[at] ?? ""]));
}
