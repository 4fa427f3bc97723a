import type { WordCorpus } from "./words.ts";

/** A symmetric matrix of words by words in CSR form. */
export interface WordMatrix {
  readonly size: number;
  readonly starts: Uint32Array;
  readonly columns: Uint16Array;
  readonly values: Float32Array;
}

/**
 * Positive pointwise mutual information of words that stand within `window` meaningful words of each other in one
 * paper, a pair at distance d counting 1/√d; frequencies are smoothed by the power 0.75 (Levy, Goldberg and Dagan
 * 2015, TACL 3), half on each side so that the matrix stays symmetric.
 */
export function mutualInformation(corpus: WordCorpus, window = 40): WordMatrix {
  const size = corpus.stems.length;
  const text = joined(corpus);
  const share = Float32Array.from(
    { length: window + 1 },
    (_, distance) => 1 / Math.sqrt(Math.max(1, distance)),
  );
  const { sums, total } = marginals(text, size, share);
  const smoothed = sums.map((sum) => sum ** 0.75);
  const smoothedTotal = smoothed.reduce((all, value) => all + value, 0);
  const expected = sums.map((sum, word) =>
    Math.sqrt((sum / total) * ((smoothed[word] ?? 0) / smoothedTotal)),
  );

  const starts = new Uint32Array(size + 1);
  const columns: Uint16Array[] = [];
  const values: Float32Array[] = [];
  const together = new Float32Array(size);
  const touched = new Uint16Array(size);
  for (let word = 0; word < size; word++) {
    let count = 0;
    const meet = (other: number, weight: number): void => {
      if (other === word) return;
      if (together[other] === 0) touched[count++] = other;
      together[other] = (together[other] ?? 0) + weight;
    };
    const end = text.placeStarts[word + 1] ?? 0;
    for (let at = text.placeStarts[word] ?? 0; at < end; at++) {
      const place = text.places[at] ?? 0;
      const last = Math.min(window, (text.ends[place] ?? 0) - 1 - place);
      for (let distance = 1; distance <= last; distance++)
        meet(text.words[place + distance] ?? 0, share[distance] ?? 0);
      const first = Math.min(window, place - (text.begins[place] ?? 0));
      for (let distance = 1; distance <= first; distance++)
        meet(text.words[place - distance] ?? 0, share[distance] ?? 0);
    }
    const rowColumns = new Uint16Array(count);
    const rowValues = new Float32Array(count);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const other = touched[i] ?? 0;
      const seen = together[other] ?? 0;
      together[other] = 0;
      if (seen < LEAST_TOGETHER) continue;
      const information = Math.log(seen / total / ((expected[word] ?? 1) * (expected[other] ?? 1)));
      if (information <= 0) continue;
      rowColumns[kept] = other;
      rowValues[kept++] = information;
    }
    columns.push(rowColumns.slice(0, kept));
    values.push(rowValues.slice(0, kept));
    starts[word + 1] = (starts[word] ?? 0) + kept;
  }
  return {
    size,
    starts,
    columns: concatenated(columns, Uint16Array),
    values: concatenated(values, Float32Array),
  };
}

/** Pairs that met less than this, distance counted, are chance. */
const LEAST_TOGETHER = 1;

/** All papers in one row of words; for each place where its paper begins and ends; for each word its places. */
interface JoinedText {
  readonly words: Uint16Array;
  readonly begins: Uint32Array;
  readonly ends: Uint32Array;
  readonly placeStarts: Uint32Array;
  readonly places: Uint32Array;
}

function joined({ stems, titles, abstracts }: WordCorpus): JoinedText {
  let length = 0;
  for (const [i, title] of titles.entries()) length += title.length + (abstracts[i]?.length ?? 0);
  const words = new Uint16Array(length);
  const begins = new Uint32Array(length);
  const ends = new Uint32Array(length);
  const placeStarts = new Uint32Array(stems.length + 1);
  let at = 0;
  for (const [i, title] of titles.entries()) {
    const abstract = abstracts[i] ?? new Uint16Array();
    const end = at + title.length + abstract.length;
    words.set(title, at);
    words.set(abstract, at + title.length);
    begins.fill(at, at, end);
    ends.fill(end, at, end);
    at = end;
  }
  for (const word of words) placeStarts[word + 1] = (placeStarts[word + 1] ?? 0) + 1;
  for (let word = 0; word < stems.length; word++) {
    placeStarts[word + 1] = (placeStarts[word + 1] ?? 0) + (placeStarts[word] ?? 0);
  }
  const places = new Uint32Array(length);
  const next = placeStarts.slice();
  for (let place = 0; place < length; place++) {
    const word = words[place] ?? 0;
    const slot = next[word] ?? 0;
    places[slot] = place;
    next[word] = slot + 1;
  }
  return { words, begins, ends, placeStarts, places };
}

function marginals(
  text: JoinedText,
  size: number,
  share: Float32Array,
): { sums: Float64Array; total: number } {
  const sums = new Float64Array(size);
  let total = 0;
  for (let place = 0; place < text.words.length; place++) {
    const word = text.words[place] ?? 0;
    const last = Math.min(share.length - 1, (text.ends[place] ?? 0) - 1 - place);
    for (let distance = 1; distance <= last; distance++) {
      const other = text.words[place + distance] ?? 0;
      if (other === word) continue;
      const weight = share[distance] ?? 0;
      sums[word] = (sums[word] ?? 0) + weight;
      sums[other] = (sums[other] ?? 0) + weight;
      total += 2 * weight;
    }
  }
  return { sums, total: Math.max(total, 1) };
}

function concatenated<T extends Uint16Array | Float32Array>(
  parts: readonly T[],
  make: new (length: number) => T,
): T {
  const whole = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
