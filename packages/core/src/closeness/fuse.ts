export interface RankedList {
  /** Best first, each once. */
  readonly ids: readonly string[];
  /** How much the list is believed; 1 when left out. */
  readonly weight?: number;
}

/**
 * The k of reciprocal rank fusion: how little the first places of a list outweigh the following ones. The usual 60
 * is for judging long lists; a page shows twenty, and 3 finds more there (`test/bench/closeness.ts`).
 */
export const fusionK = 3;

/**
 * Blends lists that were ranked by things that do not compare: each gives `weight / (k + place)` to what it holds,
 * places from 1 (reciprocal rank fusion, Cormack, Clarke and Büttcher 2009). Best first, ties by id.
 */
export function fuse(lists: readonly RankedList[], k = fusionK): string[] {
  const scores = new Map<string, number>();
  for (const { ids, weight = 1 } of lists) {
    for (const [at, id] of ids.entries()) scores.set(id, (scores.get(id) ?? 0) + weight / (k + at + 1));
  }
  return [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
}
