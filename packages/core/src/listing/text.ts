import { decodeHTML } from "entities";
import { stripMarkup } from "./markup.ts";

/**
 * What a piece of HTML, JATS or MathML says, as plain Unicode on one line: tags removed (block elements
 * leave a space), scripts and styles dropped, entities resolved however often they were encoded, white
 * space folded, control characters and lone surrogates dropped. Maths `$…$` is left as it is, and so is
 * a `<` that opens no known element ("p < 0.05", "a<b", "the <think> token").
 */
export function plainText(html: string): string {
  let text = html;
  for (let pass = 0; pass < LONGEST_ENCODING; pass++) {
    const stripped = text.includes("<") ? stripMarkup(text) : text;
    if (!stripped.includes("&")) return foldSpace(stripped);
    // Only the first pass may resolve entities without `;`: after that they are words of the text.
    text = pass === 0 ? decodeHTML(stripped) : stripped.replace(entity, (match) => decodeHTML(match));
    if (text === stripped) break;
  }
  return foldSpace(text);
}

/**
 * White space of every kind (NBSP, line breaks, ideographic space) becomes one space, none at the ends;
 * control characters, bidirectional overrides, zero-width spaces and lone surrogates go.
 */
export function foldSpace(text: string): string {
  const isFolded =
    !irregular.test(text) && !text.includes("  ") && !text.startsWith(" ") && !text.endsWith(" ");
  if (isFolded) return text.isWellFormed() ? text : text.replace(loneSurrogate, "");
  const clean = text.replace(invisible, "").replace(unusualSpace, " ").replace(/ {2,}/g, " ");
  const start = clean.startsWith(" ") ? 1 : 0;
  const end = clean.endsWith(" ") ? clean.length - 1 : clean.length;
  const folded = clean.slice(start, Math.max(start, end));
  return folded.isWellFormed() ? folded : foldSpace(folded.replace(loneSurrogate, ""));
}

const LONGEST_ENCODING = 4;
const entity = /&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z][a-zA-Z\d]{1,31});/g;
/** Any character `foldSpace` would change, spaces and lone surrogates aside; one class, because it meets every text. */
const irregular =
  /[\x00-\x1f\x7f-\xa0\u00ad\u1680\u2000-\u200b\u2028-\u202f\u205f-\u2069\u3000\ufeff\ufff9-\uffff]/;
const unusualSpace = /[\t-\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const invisible =
  /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]+/g;
const loneSurrogate = /\p{Surrogate}/gu;
