/** Distinct words of a text with 1 + ln(count). */
export interface WordBag {
  readonly words: Uint16Array;
  readonly weights: Float32Array;
}

export function wordBagOf(text: Uint16Array): WordBag {
  const sorted = text.slice().sort();
  const words = new Uint16Array(sorted.length);
  const weights = new Float32Array(sorted.length);
  let distinct = 0;
  for (let i = 0; i < sorted.length; ) {
    let end = i + 1;
    while (end < sorted.length && sorted[end] === sorted[i]) end++;
    words[distinct] = sorted[i] ?? 0;
    weights[distinct++] = 1 + Math.log(end - i);
    i = end;
  }
  return { words: words.subarray(0, distinct), weights: weights.subarray(0, distinct) };
}
