import { accents, greek, letters, signs } from "./tex-symbols.ts";

/**
 * TeX accents and symbols → Unicode exactly as arXiv's own service does it before it shows an author or a
 * title (`tex2utf` of arXiv's base library): braces stay, maths is not told apart, an accent over a letter
 * it does not know is dropped. For comparing with what arXiv says; `texToUnicode` is what readers get.
 */
export function arxivTexToUnicode(text: string): string {
  if (!text.includes("\\")) return text;
  const named = text
    .replace(/\/(\\['`^"~=.uvH])\{\\([ij])\}/g, "$1\\{$2\\}")
    .replace(letterPattern, (_, inBraces?: string, bare?: string) => letters[inBraces ?? bare ?? ""] ?? "")
    .replace(greekPattern, (_, inBraces?: string, bare?: string) => greek[inBraces ?? bare ?? ""] ?? "")
    .replace(signPattern, (_, inBraces?: string, bare?: string) => signs[inBraces ?? bare ?? ""] ?? "")
    .replace(/\{\\j\}|\\j\s/g, "j");
  return flattenBraces(named)
    .replace(/\\(['`^"~=.])([a-zA-Z])/g, (_, accent: string, letter: string) => accented(accent, letter))
    .replace(/\\(['`^"~=.])\{([a-zA-Z])\}/g, (_, accent: string, letter: string) => accented(accent, letter))
    .replace(/\\([Hckoruv])\{([a-zA-Z])\}/g, (_, accent: string, letter: string) => accented(accent, letter))
    .replace(/\\t\{([^}])\}/g, "$1");
}

function accented(accent: string, letter: string): string {
  if (knownTo.get(accent)?.includes(letter)) return (letter + (accents.get(accent) ?? "")).normalize("NFC");
  return /[a-zA-Z]/.test(accent) ? accent + letter : letter;
}

/** `{{x}}` → `{x}` until nothing changes: per run of `}`, surplus braces go from the leftmost double `{` on. */
function flattenBraces(text: string): string {
  if (!text.includes("{{")) return text;
  return text.replace(/([^}]*)(\}\}+)/g, (whole, before: string, closing: string) => {
    let surplus = closing.length - 1;
    const opened = before.replace(/\{\{+/g, (run) => {
      const cut = Math.min(surplus, run.length - 1);
      surplus -= cut;
      return run.slice(cut);
    });
    return surplus === closing.length - 1 ? whole : opened + closing.slice(closing.length - 1 - surplus);
  });
}

/** `\name` or `{\name}`; bare, it swallows what only ends the name: a space, `{}`, a backslash before a space. */
function commandPattern(table: Readonly<Record<string, string>>): RegExp {
  const names = Object.keys(table).join("|");
  return new RegExp(
    `\\{\\\\(${names})(?![\\p{L}\\p{N}])\\}|\\\\(${names})(?![\\p{L}\\p{N}])(?:\\\\(?= )| |\\{\\})?`,
    "gu",
  );
}

const letterPattern = commandPattern(letters);
const greekPattern = commandPattern(greek);
const signPattern = commandPattern(signs);

/** The letters arXiv's table has for each accent. */
const knownTo: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "'": "ACEILNORSUYZaceilnorsuyz",
    '"': "AEIOUYaeiouy",
    ".": "ACEGIOZacegoz",
    "=": "AEIOUYaeiouy",
    "^": "ACEGHIJOSUWYaceghijosuwy",
    "`": "AEIOUaeiou",
    "~": "AINOUainou",
    H: "OUou",
    c: "CEGKLNRSTcegklnrst",
    k: "AEIOUaeiou",
    r: "AUau",
    u: "AEGIOUaegiou",
    v: "ACDEGHIKLNORSTUZacdeghiklnorstuz",
  }),
);
