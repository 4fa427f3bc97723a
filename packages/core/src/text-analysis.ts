import { stemmer } from "stemmer";

/**
 * The words of a text, folded and stemmed, in reading order: the index of a word is its position. Stop words
 * are kept, so that phrases can be matched by position. Text is compared without case, accents (NFKD, U+0300
 * to U+036F dropped), ligatures and possessive `'s`; every other sign separates words, the hyphen included
 * ("fine-tuning" gives "fine", "tune"); each CJK ideograph and kana is a word of its own. English suffixes are
 * cut by Porter's algorithm (1980). A word longer than 64 characters is cut there. Never throws.
 */
export function tokenise(text: string): string[] {
  const words = wordsOf(text);
  for (let i = 0; i < words.length; i++) words[i] = stemOf(words[i] ?? "");
  return words;
}

/** The words of a text as in `tokenise`, folded but not stemmed: for display and for learned vocabularies. */
export function wordsOf(text: string): string[] {
  const folded = foldText(text);
  const words: string[] = [];
  forEachWord(folded, (start, end) => words.push(folded.slice(start, end)));
  return words;
}

/** Where the words of a folded text begin and end, in order: for callers that need no strings. */
export function forEachWord(folded: string, visit: (start: number, end: number) => void): void {
  const length = folded.length;
  let at = 0;
  while (at < length) {
    const kind = kindOf(folded.charCodeAt(at));
    if (kind === SEPARATOR) {
      at++;
      continue;
    }
    const start = at++;
    if (kind === ALONE) {
      visit(start, at);
      continue;
    }
    while (at < length && kindOf(folded.charCodeAt(at)) === WORD) at++;
    visit(start, at - start > MAX_WORD ? start + MAX_WORD : at);
    if (isPossessive(folded, at)) at += 2;
  }
}

/** Lower case without accents, ligatures and invisible signs; ASCII passes through at the price of a scan. */
export function foldText(text: string): string {
  if (!/[^\x00-\x7f]/.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]/g, "")
    .replace(/[ßæœøłđðþıħŧ’ʼ‘]/g, (letter) => UNFOLDED[letter] ?? letter)
    .normalize("NFC");
}

/** Porter's stem of a folded word; words with a digit or a letter outside a to z stay as they are. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = word.length > 2 && /^[a-z]+$/.test(word) ? stemmer(word) : word;
  if (stems.size >= MAX_STEMS) stems.clear();
  stems.set(word, stem);
  return stem;
}

/** English words without a subject of their own; `word` is folded, stemmed or not. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word);
}

const SEPARATOR = 0;
const WORD = 1;
const ALONE = 2;
const MAX_WORD = 64;
const MAX_STEMS = 200_000;

/** A pure function's memory: bounded, and the same answer with or without it. */
const stems = new Map<string, string>();

const UNFOLDED: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ħ: "h",
  ŧ: "t",
  "’": "'",
  "‘": "'",
  ʼ: "'",
};

/** What each UTF-16 unit is; surrogates count as letters, so that astral letters hold together. */
const kinds = new Uint8Array(0x10000).fill(255);
for (let code = 0; code < 128; code++) {
  kinds[code] = /[a-z0-9]/.test(String.fromCharCode(code)) ? WORD : SEPARATOR;
}

function kindOf(code: number): number {
  const known = kinds[code] ?? SEPARATOR;
  if (known !== 255) return known;
  const unit = String.fromCharCode(code);
  const kind = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(unit)
    ? ALONE
    : (code >= 0xd800 && code <= 0xdfff) || /[\p{L}\p{N}\p{M}]/u.test(unit)
      ? WORD
      : SEPARATOR;
  kinds[code] = kind;
  return kind;
}

function isPossessive(folded: string, at: number): boolean {
  return (
    folded.charCodeAt(at) === 39 &&
    folded.charCodeAt(at + 1) === 115 &&
    (at + 2 >= folded.length || kindOf(folded.charCodeAt(at + 2)) !== WORD)
  );
}

const ENGLISH = `a about above across after again against all almost alone along also although always am among an
  and another any anyone anything are around as at away back be became because become becomes been before
  behind being below between both but by can cannot could did do does doing done down during each either else
  enough etc even ever every few for from further had has have having he hence her here hers herself him
  himself his how however i if in indeed instead into is it its itself just least less many may me might more
  moreover most much must my myself namely neither never nevertheless no nor not nothing now of off often on
  once one only onto or other others otherwise our ours ourselves out over own per perhaps quite rather s same
  several shall she should since so some such t than that the their theirs them themselves then there thereby
  therefore these they this those though through throughout thus to together too toward towards under until
  up upon us very via was we well were what whatever when where whereas whether which while who whole whom
  whose why will with within without would yet you your yours yourself`;

const STOP_WORDS: ReadonlySet<string> = new Set(
  ENGLISH.split(/\s+/).flatMap((word) => [word, stemmer(word)]),
);
