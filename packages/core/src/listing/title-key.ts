import { mathToText, texToUnicode } from "./tex.ts";
import { plainText } from "./text.ts";

/**
 * A key under which two spellings of one title meet: markup, TeX, accents, case and punctuation are
 * folded, Greek letters spelled out, words joined by one space. Empty when the title has no letter or digit.
 */
export function titleKey(title: string): string {
  return foldLetters(mathToText(texToUnicode(plainText(title))));
}

/**
 * Letters and digits only, in lower case without accents and compatibility forms, everything else one space:
 * `Poincaré’s 𝒪(n²) α-bound` → `poincares o n2 alpha bound`.
 */
export function foldLetters(text: string): string {
  if (asciiOnly.test(text)) {
    return text
      .toLowerCase()
      .replace(/'/g, "")
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  }
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}'’ʼ]+/gu, "")
    .replace(special, (letter) => spellings[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const asciiOnly = /^[\x00-\x7f]*$/;
const spellings: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  þ: "th",
  ħ: "h",
  ı: "i",
  ȷ: "j",
  ŋ: "ng",
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  ϵ: "epsilon",
  ζ: "zeta",
  η: "eta",
  θ: "theta",
  ϑ: "theta",
  ι: "iota",
  κ: "kappa",
  λ: "lambda",
  μ: "mu",
  ν: "nu",
  ξ: "xi",
  ο: "omicron",
  π: "pi",
  ρ: "rho",
  σ: "sigma",
  ς: "sigma",
  τ: "tau",
  υ: "upsilon",
  φ: "phi",
  ϕ: "phi",
  χ: "chi",
  ψ: "psi",
  ω: "omega",
};
const special = new RegExp(`[${Object.keys(spellings).join("")}]`, "g");
