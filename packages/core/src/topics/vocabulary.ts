import { idfOf, logarithms } from "./model.ts";
import type { TermCounts } from "./tokens.ts";

/** The terms worth a weight: ascending hashes with their inverse document frequency in stored steps. */
export interface Vocabulary {
  readonly terms: Uint32Array;
  readonly idf: Uint8Array;
  /** In how many papers each term occurs. */
  readonly frequency: Uint32Array;
}

/** Papers as rows of term numbers and tf-idf values of unit length (CSR). */
export interface PaperMatrix {
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

/**
 * Terms that occur in at least `leastPapers` papers and at most half of them, the frequent ones first kept
 * when there are more than `most` (whole frequency classes are dropped, so fewer may be left).
 */
export function learnVocabulary(
  papers: readonly TermCounts[],
  leastPapers: number,
  most: number,
): Vocabulary {
  const { terms, frequency } = countPapers(papers);
  const ceiling = Math.max(leastPapers, papers.length / 2);
  const perFrequency = new Uint32Array(papers.length + 2);
  for (const n of frequency)
    if (n >= leastPapers && n <= ceiling) perFrequency[n] = (perFrequency[n] ?? 0) + 1;
  let floor = papers.length + 1;
  for (let kept = 0; floor > leastPapers; floor--) {
    kept += perFrequency[floor - 1] ?? 0;
    if (kept > most) break;
  }
  const chosen: number[] = [];
  for (let i = 0; i < terms.length; i++) {
    const n = frequency[i] ?? 0;
    if (n >= floor && n <= ceiling) chosen.push(i);
  }
  chosen.sort((a, b) => (terms[a] ?? 0) - (terms[b] ?? 0));
  return {
    terms: Uint32Array.from(chosen, (i) => terms[i] ?? 0),
    frequency: Uint32Array.from(chosen, (i) => frequency[i] ?? 0),
    idf: Uint8Array.from(chosen, (i) => storedIdfOf(papers.length, frequency[i] ?? 0)),
  };
}

/** The papers in terms of a vocabulary; unknown terms are left out, a paper may become empty. */
export function toMatrix(
  papers: readonly TermCounts[],
  { terms, idf }: Pick<Vocabulary, "terms" | "idf">,
): PaperMatrix {
  const find = termTable(terms.length);
  for (const term of terms) find(term, true);
  let entries = 0;
  for (const paper of papers) entries += paper.terms.length;
  const starts = new Uint32Array(papers.length + 1);
  const columns = new Uint32Array(entries);
  const values = new Float32Array(entries);
  let at = 0;
  papers.forEach((paper, row) => {
    const start = at;
    let squares = 0;
    for (let i = 0; i < paper.terms.length; i++) {
      const column = find(paper.terms[i] ?? 0, false);
      if (column < 0) continue;
      const value = (logarithms[paper.counts[i] ?? 1] ?? 1) * idfOf(idf[column] ?? 0);
      columns[at] = column;
      values[at++] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares) || 1;
    for (let i = start; i < at; i++) values[i] = (values[i] ?? 0) / length;
    starts[row + 1] = at;
  });
  return { starts, columns: columns.slice(0, at), values: values.slice(0, at) };
}

/** Smoothed as in scikit-learn: ln((1 + papers) / (1 + frequency)) + 1. */
function storedIdfOf(papers: number, frequency: number): number {
  return Math.min(255, Math.round((Math.log((1 + papers) / (1 + frequency)) + 1) * 16));
}

function countPapers(papers: readonly TermCounts[]): { terms: Uint32Array; frequency: Uint32Array } {
  const find = termTable(1 << 16);
  let terms = new Uint32Array(1 << 16);
  let frequency = new Uint32Array(1 << 16);
  let size = 0;
  for (const paper of papers) {
    for (const term of paper.terms) {
      const at = find(term, true);
      if (at >= terms.length) {
        terms = grown(terms);
        frequency = grown(frequency);
      }
      terms[at] = term;
      frequency[at] = (frequency[at] ?? 0) + 1;
      if (at >= size) size = at + 1;
    }
  }
  return { terms: terms.subarray(0, size), frequency: frequency.subarray(0, size) };
}

function grown(list: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(list.length * 2);
  larger.set(list);
  return larger;
}

/** Numbers terms in order of insertion: an open hash table that grows. Term 0 must not be asked for. */
function termTable(expected: number): (term: number, insert: boolean) => number {
  let size = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)));
  let keys = new Uint32Array(size);
  let numbers = new Uint32Array(size);
  let used = 0;
  const place = (term: number, number: number): void => {
    let slot = (term ^ (term >>> 16)) & (size - 1);
    while (keys[slot] !== 0) slot = (slot + 1) & (size - 1);
    keys[slot] = term;
    numbers[slot] = number;
  };
  const grow = (): void => {
    const [oldKeys, oldNumbers] = [keys, numbers];
    size *= 2;
    keys = new Uint32Array(size);
    numbers = new Uint32Array(size);
    for (let i = 0; i < oldKeys.length; i++) if (oldKeys[i] !== 0) place(oldKeys[i] ?? 0, oldNumbers[i] ?? 0);
  };
  return (term, insert) => {
    for (let slot = (term ^ (term >>> 16)) & (size - 1); ; slot = (slot + 1) & (size - 1)) {
      if (keys[slot] === term) return numbers[slot] ?? 0;
      if (keys[slot] === 0) break;
    }
    if (!insert) return -1;
    if (used * 2 >= size) grow();
    place(term, used);
    return used++;
  };
}
