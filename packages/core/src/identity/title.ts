import { fold } from "./fold.ts";
import { wordRarity } from "./rarity.ts";

/** A title taken apart for comparison; everything folded. */
export interface TitleParts {
  readonly tokens: readonly string[];
  /** The tokens without spaces: `multi-agent`, `multi agent` and `multiagent` are one. */
  readonly compact: string;
  /** Tokens before the first colon or dash, joined; the whole title where there is none. */
  readonly head: string;
  /** What kind of text announces itself in the title: `erratum`, `comment`, `reply`, `front`, … ; empty for a plain paper. */
  readonly kind: TitleKind;
  /** The number after "Part", or a Roman numeral or digit at the end or before a colon: `2`. `+` for a sequel named `Name+` or `Name++`. */
  readonly part: string;
  /** Tokens with digits, and number words from two on as digits, sorted. */
  readonly numbers: readonly string[];
  /** Sum of the rarities of the tokens, in half bits: what an agreement on the whole title is worth. */
  readonly weight: number;
  /** True for texts every volume has (`preface`, `editorial`, `front matter`): the title identifies nothing. */
  readonly generic: boolean;
}

export type TitleKind =
  | ""
  | "erratum"
  | "comment"
  | "reply"
  | "retraction"
  | "front"
  | "review"
  | "supplement";

/** No real title is longer; what a feed puts there may be. */
export const longestTitle = 600;

/** Looks at the first `longestTitle` characters. */
export function titlePartsOf(whole: string): TitleParts {
  const title = whole.slice(0, longestTitle);
  const folded = fold(title);
  const tokens = folded === "" ? [] : folded.split(" ");
  let weight = 0;
  for (const token of tokens) weight += wordRarity(token);
  const headEnd = /[:–—]|\s-+\s|--/.exec(title)?.index ?? -1;
  const kind = kindOf(folded);
  return {
    tokens,
    compact: tokens.join(""),
    head: headEnd > 0 ? fold(title.slice(0, headEnd)) : folded,
    kind,
    part: /^\S+\+(?=[:\s])/.test(title)
      ? "+"
      : partOf(folded, tokens, headEnd > 0 ? fold(title.slice(0, headEnd)) : ""),
    numbers: tokens.flatMap((token) => (/\d/.test(token) ? token : (numberWords[token] ?? []))).sort(),
    weight,
    generic: isGeneric(folded, kind),
  };
}

function kindOf(folded: string): TitleKind {
  for (const [kind, pattern] of kinds) if (pattern.test(folded)) return kind;
  return "";
}

const kinds: readonly (readonly [TitleKind, RegExp])[] = [
  ["retraction", /^(?:retraction|retracted|withdrawn|withdrawal|expression of concern)\b/],
  [
    "erratum",
    /^(?:(?:publisher|author)s? )?(?:erratum|errata|corrigend(?:um|a)|correction|corrected|addendum|addenda)\b|\b(?:erratum|corrigendum|addendum)$/,
  ],
  [
    "reply",
    /^(?:reply|response|rejoinder|answer|a reply|a response|author s? reply|authors reply)\b(?: to\b| comment\b|$)|^rejoinder\b|\breply to (?:the )?comments?\b/,
  ],
  [
    "comment",
    /^(?:comments?|a comment|some comments|critical comments?|remarks?|note|discussion) (?:on|about|to|of)\b|^discussion\b/,
  ],
  ["review", /^(?:book review|review of the book|reviews?$)/],
  ["supplement", /^(?:supplement(?:ary|al)?(?: (?:material|information|to|for))?\b)/],
  [
    "front",
    /^(?:preface|foreword|editorial|guest editors? introduction|guest editorial|introduction to the special|front matter|frontmatter|title page|table of contents|contents|author index|editor s note|editors? notes?|in memoriam|chair s message|message from|letter from|proceedings of|welcome message|index|masthead|reminiscences on)\b/,
  ],
];

function isGeneric(folded: string, kind: TitleKind): boolean {
  if (kind === "front") return true;
  return (
    folded.length < 4 ||
    /^(?:introduction|reviewers?|obituary|news|announcements?|abstracts?|keynote(?: talk| address)?|panel|tutorial|summary|editorial|book reviews?|letters?|contributors|conclusions?)$/.test(
      folded,
    )
  );
}

function partOf(folded: string, tokens: readonly string[], head: string): string {
  const named =
    /\b(?:part|paper|pt|volume|vol|chapter|lecture|no) (\d{1,3}|[ivx]{1,5}|one|two|three|four|five|[abc])\b/.exec(
      folded,
    );
  if (named) return ordinalOf(named[1] ?? "");
  for (const last of [tokens.at(-1), head.split(" ").at(-1)]) {
    if (last !== undefined && tokens.length > 1 && /^(?:i{1,3}|iv|vi{1,3}|ix|\d)$/.test(last))
      return ordinalOf(last);
  }
  return "";
}

function ordinalOf(word: string): string {
  return ordinals[word] ?? word;
}

const numberWords: Readonly<Record<string, string>> = {
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  six: "6",
  seven: "7",
  eight: "8",
  nine: "9",
  ten: "10",
  second: "2nd",
  third: "3rd",
  fourth: "4th",
  fifth: "5th",
};

const ordinals: Readonly<Record<string, string>> = {
  i: "1",
  ii: "2",
  iii: "3",
  iv: "4",
  v: "5",
  vi: "6",
  vii: "7",
  viii: "8",
  ix: "9",
  x: "10",
  one: "1",
  two: "2",
  three: "3",
  four: "4",
  five: "5",
  a: "1",
  b: "2",
  c: "3",
};
