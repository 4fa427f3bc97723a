/** A paper's words as a unit vector: ascending term hashes and their weights. */
export interface TermVector {
  readonly terms: Uint32Array;
  readonly weights: Float32Array;
}

/**
 * Words of a paper, those of the title counting double, with sublinear term frequency and unit length.
 * Costs about 20 µs for an abstract, so compute it once per paper rather than once per reader.
 */
export function termVectorOf(title: string, abstract = ""): TermVector {
  const counts = new Map<number, number>();
  count(title, 2, counts);
  count(abstract, 1, counts);
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const terms = new Uint32Array(sorted.length);
  const weights = new Float32Array(sorted.length);
  let squares = 0;
  sorted.forEach(([term, n], i) => {
    const weight = 1 + Math.log(n);
    terms[i] = term;
    weights[i] = weight;
    squares += weight * weight;
  });
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] ?? 0) / length;
  return { terms, weights };
}

/** Cosine of two vectors, 0 to 1. */
export function similarity(a: TermVector, b: TermVector): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.terms.length && j < b.terms.length; ) {
    const left = a.terms[i] ?? 0;
    const right = b.terms[j] ?? 0;
    if (left === right) sum += (a.weights[i++] ?? 0) * (b.weights[j++] ?? 0);
    else if (left < right) i++;
    else j++;
  }
  return Math.min(1, sum);
}

function count(text: string, times: number, into: Map<number, number>): void {
  for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}]{3,}/gu)) {
    if (COMMON.has(word)) continue;
    const term = hashOf(word);
    into.set(term, (into.get(term) ?? 0) + times);
  }
}

/** FNV-1a, 32 bits. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Words that most abstracts share and that therefore say nothing about likeness. */
const COMMON = new Set(
  `the and for with that this from are our can which have has been these their its not but also than into
   such more most both using used use via based between over under while where when they them there then
   paper propose proposed present show shows results result method methods approach model models new novel
   however further thus each other one two first existing work problem performance study demonstrate
   demonstrates state art provide provides well many several some only all any may will could would across
   without within through during towards toward how what data experiments`.split(/\s+/),
);
