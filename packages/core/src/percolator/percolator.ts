import type { Query } from "../query/ast.ts";
import type { QueryPaper } from "../query/labels.ts";
import { createAtoms } from "./atoms.ts";
import { clausesHold, compile } from "./compile.ts";
import { type Frequencies, guessedFrequencies } from "./frequencies.ts";
import { withRoom } from "./growable.ts";
import { createBasePostings, createLatePostings, type Postings } from "./postings.ts";

export interface IndexedQuery {
  /** A whole number below 2^31. */
  readonly id: number;
  readonly query: Query;
}

/** All subscriptions' queries, turned round: given a paper, those that it satisfies. */
export interface PercolatorIndex {
  /** Replaces the query that had this id. Seen by the next `match`. */
  add(id: number, query: Query): void;
  /** False if no query has this id. */
  remove(id: number): boolean;
  /** Ids of the queries that `evaluate` says yes to, each once, in no order. */
  match(paper: QueryPaper): Int32Array;
  readonly size: number;
  /** Queries added and removed since it was built: past a tenth of `size`, build a new one. */
  readonly changes: number;
  /** Of the typed arrays; the dictionaries of words and names come on top. */
  readonly bytes: number;
}

/**
 * Indexes queries by their rarest required part: a paper touches only those of which it has a pivot atom, and of
 * them it reads one further number unless that fits too. This is the presearcher of Luwak (now Lucene's Monitor)
 * without the search behind it: phrases are atoms, found by one walk through a trie, so nothing is verified twice.
 *
 * `frequencies` of recent papers make it fast; without them the length of words has to do. They never change an
 * answer. Of queries with the same id the last counts.
 */
export function buildIndex(
  queries: Iterable<IndexedQuery>,
  frequencies: Frequencies = guessedFrequencies,
): PercolatorIndex {
  const atoms = createAtoms(frequencies);
  let ids = new Int32Array(1024);
  /** By query: the epoch of the paper that last matched it, or REMOVED. */
  let seen = new Int32Array(1024);
  /** From 1 on: offset 0 means that nothing is left to check. */
  let clauses = new Int32Array(4096);
  let clausesEnd = 1;
  let refs = 0;
  let results = new Int32Array(4096);
  let epoch = 0;
  let size = 0;
  let changes = 0;

  function enter(id: number, query: Query, postings: Postings): number {
    const { pivot, second, rest } = compile(query, atoms);
    const offset = rest.length === 0 ? 0 : clausesEnd;
    clauses = withRoom(clauses, clausesEnd + rest.length);
    clauses.set(rest, clausesEnd);
    clausesEnd += rest.length;
    const ref = refs++;
    ids = withRoom(ids, refs);
    seen = withRoom(seen, refs);
    ids[ref] = id;
    size++;
    for (const atom of pivot) postings.add(atom, second, ref, offset);
    return ref;
  }

  function strike(ref: number): void {
    if (seen[ref] === REMOVED) return;
    seen[ref] = REMOVED;
    size--;
  }

  const base = createBasePostings();
  for (const { id, query } of queries) enter(id, query, base);
  const { starts, postings } = base.seal(atoms.size);
  ids = ids.slice(0, refs);
  seen = seen.slice(0, refs);
  clauses = clauses.slice(0, clausesEnd);
  const findBase = finder(ids, strike);
  const late = createLatePostings();
  const lateRefs = new Map<number, number>();

  function remove(id: number): boolean {
    const ref = lateRefs.get(id) ?? findBase(id);
    if (ref === undefined || seen[ref] === REMOVED) return false;
    lateRefs.delete(id);
    strike(ref);
    changes++;
    return true;
  }

  /** The epochs run out after 2^31 papers; then all start again from none seen. */
  function nextEpoch(): number {
    if (++epoch < REMOVED) return epoch;
    for (let ref = 0; ref < refs; ref++) if (seen[ref] !== REMOVED) seen[ref] = 0;
    atoms.stamps.fill(0);
    epoch = 1;
    return epoch;
  }

  return {
    add(id, query) {
      remove(id);
      lateRefs.set(id, enter(id, query, late));
      changes++;
    },

    remove,

    match(paper) {
      const now = nextEpoch();
      const count = atoms.read(paper, now);
      const { present, stamps } = atoms;
      let found = 0;
      const check = (second: number, ref: number, offset: number) => {
        if (stamps[second] !== now) return;
        if ((seen[ref] ?? REMOVED) >= now) return;
        if (offset !== 0 && !clausesHold(clauses, offset, stamps, now)) return;
        seen[ref] = now;
        if (found === results.length) results = withRoom(results, found + 1);
        results[found++] = ids[ref] ?? 0;
      };
      for (let i = 0; i < count; i++) {
        const atom = present[i] ?? 0;
        const end = 3 * (starts[atom + 1] ?? 0);
        for (let at = 3 * (starts[atom] ?? 0); at < end; at += 3) {
          check(postings[at] ?? 0, postings[at + 1] ?? 0, postings[at + 2] ?? 0);
        }
        const list = late.of(atom);
        if (list === undefined) continue;
        for (let at = 0; at < list.length; at += 3)
          check(list[at] ?? 0, list[at + 1] ?? 0, list[at + 2] ?? 0);
      }
      return results.slice(0, found);
    },

    get size() {
      return size;
    },
    get changes() {
      return changes;
    },
    get bytes() {
      const arrays = [ids, seen, clauses, starts, postings, results];
      return arrays.reduce((sum, array) => sum + array.byteLength, atoms.bytes);
    },
  };
}

/** In `seen`, above every epoch. */
const REMOVED = 0x7fffffff;

/** Finds the index of an id: by bisection, over `ids` itself when they ascend. Tells of earlier ones with the same id. */
function finder(ids: Int32Array, repeated: (index: number) => void): (id: number) => number | undefined {
  const ascending = ids.every((id, i) => i === 0 || (ids[i - 1] ?? 0) < id);
  let order: Int32Array | undefined;
  if (!ascending) {
    const sorted = Int32Array.from(ids, (_, i) => i).sort((a, b) => (ids[a] ?? 0) - (ids[b] ?? 0) || a - b);
    sorted.forEach((ref, i) => {
      const next = sorted[i + 1];
      if (next !== undefined && ids[next] === ids[ref]) repeated(ref);
    });
    order = sorted;
  }
  const indexAt = (place: number) => (order === undefined ? place : (order[place] ?? 0));
  return (id) => {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ids[indexAt(middle)] ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    // The last of equal ids, so that a repeated one is found in its latest form.
    const index = indexAt(low - 1);
    return low > 0 && ids[index] === id ? index : undefined;
  };
}
