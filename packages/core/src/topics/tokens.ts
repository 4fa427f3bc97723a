import { foldText, forEachWord, isStopWord, stemOf } from "../text-analysis.ts";

/** A paper's text as the classifier sees it. */
export interface TopicText {
  readonly title: string;
  readonly abstract?: string;
}

/** Distinct 32-bit term hashes of a text, in order of first appearance, with their weighted counts (1 to 255). */
export interface TermCounts {
  readonly terms: Uint32Array;
  readonly counts: Uint8Array;
}

/**
 * The terms of a paper: stems that are not stop words, and pairs of neighbouring stems, each as a hash.
 * A term of the title counts twice. Texts longer than 20,000 characters are read up to there.
 * The arrays are the caller's own.
 */
export function termCountsOf({ title, abstract = "" }: TopicText): TermCounts {
  used = 0;
  addTerms(title, 2);
  addTerms(abstract, 1);
  const found = { terms: termBuffer.slice(0, used), counts: countBuffer.slice(0, used) };
  for (let i = 0; i < used; i++) slots[slotBuffer[i] ?? 0] = 0;
  return found;
}

/** Hash of two neighbouring terms. */
export function pairOf(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return hash >>> 0 || 1;
}

const MAX_CHARACTERS = 20_000;
const TABLE = 1 << 14;

/** Scratch of `termCountsOf`: an open hash table of positions (from 1), emptied again by each call. */
const slots = new Uint16Array(TABLE);
const slotBuffer = new Uint16Array(TABLE);
const termBuffer = new Uint32Array(TABLE);
const countBuffer = new Uint8Array(TABLE);
let used = 0;

function addTerms(text: string, times: number): void {
  const folded = foldText(text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text);
  let previous = 0;
  forEachWord(folded, (start, end) => {
    const term = termAt(folded, start, end);
    if (term === 0) return;
    add(term, times);
    if (previous !== 0) add(pairOf(previous, term), times);
    previous = term;
  });
}

function add(term: number, times: number): void {
  let slot = (term ^ (term >>> 15)) & (TABLE - 1);
  for (;;) {
    const at = slots[slot] ?? 0;
    if (at === 0) break;
    if (termBuffer[at - 1] === term) {
      countBuffer[at - 1] = Math.min(255, (countBuffer[at - 1] ?? 0) + times);
      return;
    }
    slot = (slot + 1) & (TABLE - 1);
  }
  if (used >= MAX_TERMS) return;
  termBuffer[used] = term;
  countBuffer[used] = times;
  slotBuffer[used] = slot;
  slots[slot] = ++used;
}

/** The table stays at most three quarters full; later terms of a longer text are left out. */
const MAX_TERMS = (TABLE * 3) / 4;

/**
 * Term of the word that stands at a place: its stem's hash, 0 for a stop word or a single letter. Words are known
 * by two hashes of their letters (64 bits), so that a word met before needs neither a string nor a stemmer.
 */
function termAt(folded: string, start: number, end: number): number {
  let first = 0x811c9dc5;
  let second = end - start;
  for (let i = start; i < end; i++) {
    const code = folded.charCodeAt(i);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x5bd1e995) ^ (second >>> 13);
  }
  let slot = (first ^ (first >>> 15)) & (KNOWN_WORDS - 1);
  for (; knownFirst[slot] !== 0; slot = (slot + 1) & (KNOWN_WORDS - 1)) {
    if (knownFirst[slot] === (first | 1) && knownSecond[slot] === second) return knownTerm[slot] ?? 0;
  }
  if (++knownWords > KNOWN_WORDS / 2) {
    knownFirst.fill(0);
    knownWords = 1;
    slot = (first ^ (first >>> 15)) & (KNOWN_WORDS - 1);
  }
  const term = termOf(folded.slice(start, end));
  knownFirst[slot] = first | 1;
  knownSecond[slot] = second;
  knownTerm[slot] = term;
  return term;
}

/** A pure function's memory: bounded, and the same answer with or without it. */
const KNOWN_WORDS = 1 << 18;
const knownFirst = new Int32Array(KNOWN_WORDS);
const knownSecond = new Int32Array(KNOWN_WORDS);
const knownTerm = new Uint32Array(KNOWN_WORDS);
let knownWords = 0;

function termOf(word: string): number {
  const stem = stemOf(word);
  const isEmpty = stem.length < 2 ? word.charCodeAt(0) < 128 : isStopWord(word) || isStopWord(stem);
  return isEmpty ? 0 : hashOf(stem);
}

/** FNV-1a, 32 bits, never 0. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
