import { editDistance } from "./author-name.ts";
import type { PreparedRecord } from "./prepared.ts";
import { wordRarity } from "./rarity.ts";
import { sharedCount } from "./text-sets.ts";

export const titleFeatureNames = [
  "titleTrigramJaccard",
  "titleTrigramContainment",
  "titleWordJaccard",
  "titleWordContainmentMost",
  "titleWordContainmentLeast",
  "titleUnmatchedMost",
  "titleUnmatchedLeast",
  "titleUnmatchedWordsMost",
  "titleUnmatchedWordsLeast",
  "titleWeight",
  "titlePrefix",
  "titleSuffix",
  "titleEqual",
  "titleHead",
  "titleKindDiffers",
  "titlePart",
  "titleNumbersShared",
  "titleNumbersOneSided",
  "titleNumbersConflict",
  "titleGeneric",
  "titleLengthRatio",
  "titleOrder",
  "titleTokensLeast",
] as const;

/** How two titles agree; symmetric. Weights are rarities in half bits, everything else is a share or a count. */
export function titleFeatures(a: PreparedRecord, b: PreparedRecord): number[] {
  const shared = sharedCount(a.trigrams, b.trigrams);
  const united = a.trigrams.length + b.trigrams.length - shared;
  const words = matchWords(a.title.tokens, b.title.tokens);
  const lessWeight = Math.min(a.title.weight, b.title.weight);
  const [left, right] = [a.title.compact, b.title.compact];
  const shorter = Math.max(1, Math.min(left.length, right.length));
  const numbers = numbersOf(a.title.numbers, b.title.numbers);
  const containments = [
    words.matchedWeight / (words.matchedWeight + words.onlyA || 1),
    words.matchedWeight / (words.matchedWeight + words.onlyB || 1),
  ] as const;
  return [
    united === 0 ? 0 : shared / united,
    shared / Math.max(1, Math.min(a.trigrams.length, b.trigrams.length)),
    words.matchedWeight / (words.matchedWeight + words.onlyA + words.onlyB || 1),
    Math.max(...containments),
    Math.min(...containments),
    Math.max(words.onlyA, words.onlyB),
    Math.min(words.onlyA, words.onlyB),
    Math.max(words.countA, words.countB),
    Math.min(words.countA, words.countB),
    lessWeight,
    commonPrefix(left, right) / shorter,
    commonSuffix(left, right) / shorter,
    left === right && left !== "" ? 1 : 0,
    headAgreement(a, b),
    a.title.kind === b.title.kind ? 0 : 1,
    a.title.part === b.title.part ? 0 : a.title.part === "" || b.title.part === "" ? 1 : 2,
    numbers.shared,
    numbers.oneSided,
    numbers.conflict,
    a.title.generic || b.title.generic ? 1 : 0,
    shorter / Math.max(1, left.length, right.length),
    words.ordered,
    Math.min(a.title.tokens.length, b.title.tokens.length),
  ];
}

interface WordMatch {
  readonly matchedWeight: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly countA: number;
  readonly countB: number;
  /** Share of neighbouring matched words that stand in the same order. */
  readonly ordered: number;
}

/** Pairs equal words, then words one slip or one ending apart; what is left over is what tells the titles apart. */
function matchWords(a: readonly string[], b: readonly string[]): WordMatch {
  const takenBy = new Int32Array(b.length).fill(-1);
  const places: number[] = [];
  const leftA: string[] = [];
  let matchedWeight = 0;
  for (const word of a) {
    const place = b.findIndex((other, at) => other === word && takenBy[at] === -1);
    if (place === -1) leftA.push(word);
    else {
      takenBy[place] = 1;
      places.push(place);
      matchedWeight += wordRarity(word);
    }
  }
  const leftB = b.filter((_, at) => takenBy[at] === -1);
  let [onlyA, countA] = [0, 0];
  for (const word of leftA) {
    const near = leftB.findIndex((other) => nearlyEqual(word, other));
    if (near === -1) {
      onlyA += wordRarity(word);
      countA += 1;
    } else {
      matchedWeight += Math.min(wordRarity(word), wordRarity(leftB[near] ?? ""));
      leftB.splice(near, 1);
    }
  }
  const inOrder = places.filter((place, at) => at > 0 && place > (places[at - 1] ?? 0)).length;
  return {
    matchedWeight,
    onlyA,
    onlyB: leftB.reduce((sum, word) => sum + wordRarity(word), 0),
    countA,
    countB: leftB.length,
    ordered: places.length < 2 ? 0 : inOrder / (places.length - 1),
  };
}

function nearlyEqual(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 4 || a[0] !== b[0] || /\d/.test(a) || /\d/.test(b)) return false;
  return (
    editDistance(a, b, 1) <= (shorter < 5 ? 0 : 1) ||
    (shorter >= 8 && editDistance(a, b, 2) <= 2) ||
    (shorter >= 5 && (a === `${b}s` || b === `${a}s`))
  );
}

/** 2 equal heads before different subtitles, 3 one title is the other's head (a dropped subtitle), 1 equal, 0 else. */
function headAgreement(a: PreparedRecord, b: PreparedRecord): number {
  if (a.title.compact === b.title.compact) return 1;
  const [headA, headB] = [a.title.head, b.title.head];
  if (headA === "" || headB === "") return 0;
  if (headA === b.title.tokens.join(" ") || headB === a.title.tokens.join(" ")) return 3;
  return headA === headB ? 2 : 0;
}

function numbersOf(
  a: readonly string[],
  b: readonly string[],
): { shared: number; oneSided: number; conflict: number } {
  let shared = 0;
  for (const number of a) if (b.includes(number)) shared += 1;
  const [onlyA, onlyB] = [a.length - shared, b.length - shared];
  return { shared, oneSided: Math.max(onlyA, onlyB), conflict: Math.min(onlyA, onlyB) };
}

function commonPrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

function commonSuffix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[a.length - 1 - at] === b[b.length - 1 - at]) at += 1;
  return at;
}
