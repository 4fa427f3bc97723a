import { isStopWord, tokenise } from "@paperwire/core";

/** Ranks texts for a query; answers a score for each text, in order. */
export type Search = (query: string) => Float64Array;

/** BM25 (k1 1.2, b 0.75; Robertson and Zaragoza 2009) over stems without stop words. */
export function bm25(texts: readonly string[]): Search {
  const postings = new Map<string, { text: number; count: number }[]>();
  const lengths = texts.map((text, i) => {
    const stems = stemsOf(text);
    const counts = new Map<string, number>();
    for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    for (const [stem, count] of counts) {
      const list = postings.get(stem);
      if (list === undefined) postings.set(stem, [{ text: i, count }]);
      else list.push({ text: i, count });
    }
    return stems.length;
  });
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  return (query) => {
    const scores = new Float64Array(texts.length);
    for (const stem of new Set(stemsOf(query))) {
      const list = postings.get(stem) ?? [];
      const idf = Math.log(1 + (texts.length - list.length + 0.5) / (list.length + 0.5));
      for (const { text, count } of list) {
        const length = 0.25 + (0.75 * (lengths[text] ?? 0)) / mean;
        scores[text] = (scores[text] ?? 0) + (idf * count * 2.2) / (count + 1.2 * length);
      }
    }
    return scores;
  };
}

/** Cosine of tf-idf vectors with sublinear counts. */
export function tfIdf(texts: readonly string[]): Search {
  const bags = texts.map((text) => {
    const counts = new Map<string, number>();
    for (const stem of stemsOf(text)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
    return counts;
  });
  const frequency = new Map<string, number>();
  for (const bag of bags) for (const stem of bag.keys()) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
  const idf = (stem: string): number => Math.log((1 + texts.length) / (1 + (frequency.get(stem) ?? 0))) + 1;
  const postings = new Map<string, { text: number; weight: number }[]>();
  bags.forEach((bag, text) => {
    const weighted = [...bag].map(([stem, count]) => [stem, (1 + Math.log(count)) * idf(stem)] as const);
    const length = Math.sqrt(weighted.reduce((sum, [, weight]) => sum + weight * weight, 0)) || 1;
    for (const [stem, weight] of weighted) {
      const list = postings.get(stem);
      if (list === undefined) postings.set(stem, [{ text, weight: weight / length }]);
      else list.push({ text, weight: weight / length });
    }
  });
  return (query) => {
    const scores = new Float64Array(texts.length);
    for (const stem of new Set(stemsOf(query))) {
      for (const { text, weight } of postings.get(stem) ?? [])
        scores[text] = (scores[text] ?? 0) + weight * idf(stem);
    }
    return scores;
  };
}

/** The stems by which all searches of this bench compare. */
export function stemsOf(text: string): string[] {
  return tokenise(text).filter((stem) => stem.length > 1 && !isStopWord(stem));
}
