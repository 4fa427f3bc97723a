import type { Query } from "../query/ast.ts";
import type { QueryPaper } from "../query/labels.ts";
import { createAtoms } from "./atoms.ts";
import { clausesHold, compile, literalHolds } from "./compile.ts";
import { type Frequencies, guessedFrequencies } from "./frequencies.ts";
import { withRoom } from "./growable.ts";
import {
  createPostingsBuilder,
  type Posting,
  packLiteral,
  STRUCK,
  strike,
  unpackLiteral,
} from "./postings.ts";

export interface IndexedQuery {
  /** A whole number from 0 and below 2^31. */
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
 * answer. Throws a RangeError for an id that comes twice and for a query without a positive part.
 */
export function buildIndex(
  queries: Iterable<IndexedQuery>,
  frequencies: Frequencies = guessedFrequencies,
): PercolatorIndex {
  const atoms = createAtoms(frequencies);
  /** From 1 on: 0 means that nothing is left to check. */
  let clauses = new Int32Array(4096);
  let clausesEnd = 1;
  /** For queries under several atoms, from 1 on: the number of the paper that matched last. */
  let matchedBy = new Int32Array(1024);
  let onceEnd = 1;
  let results = new Int32Array(4096);
  let papers = 0;
  let changes = 0;

  function enter(id: number, query: Query, keep: (atom: number, posting: Posting) => void): void {
    const { pivot, second, rest } = compile(query, atoms);
    let once = 0;
    if (pivot.length > 1) {
      once = onceEnd++;
      matchedBy = withRoom(matchedBy, onceEnd);
    }
    const posting = { id, second, check: checkOf(rest), once };
    for (const atom of pivot) keep(atom, posting);
  }

  function checkOf(rest: readonly number[]): number {
    const [literal = 0] = rest;
    if (rest.length === 0) return 0;
    // One literal and the two zeros behind it: no need to look it up elsewhere.
    if (rest.length === 3 && rest[1] === 0) return -packLiteral(literal);
    const offset = clausesEnd;
    clausesEnd += rest.length;
    clauses = withRoom(clauses, clausesEnd);
    clauses.set(rest, offset);
    return offset;
  }

  const builder = createPostingsBuilder();
  let ids = new Int32Array(1024);
  let entered = 0;
  for (const { id, query } of queries) {
    enter(id, query, builder.add);
    ids = withRoom(ids, entered + 1);
    ids[entered++] = id;
  }
  const base = builder.seal(atoms.size);
  const baseIds = sortedDistinct(ids.subarray(0, entered));
  clauses = clauses.slice(0, clausesEnd);
  const removed = new Set<number>();
  /** Removed, and still to be struck from the postings. */
  const struck = new Set<number>();
  /** By atom: second, id, check, once. Seen at once, nothing to seal. */
  const late = new Map<number, number[]>();
  const lateIds = new Map<number, readonly number[]>();

  function isInBase(id: number): boolean {
    return !removed.has(id) && contains(baseIds, id);
  }

  function remove(id: number): boolean {
    const under = lateIds.get(id);
    if (under !== undefined) {
      lateIds.delete(id);
      for (const atom of under) late.set(atom, withoutQuery(late.get(atom) ?? [], id));
    } else if (isInBase(id)) {
      removed.add(id);
      struck.add(id);
    } else {
      return false;
    }
    changes++;
    return true;
  }

  function add(id: number, query: Query): void {
    remove(id);
    const under: number[] = [];
    enter(id, query, (atom, { second, check, once }) => {
      under.push(atom);
      const list = late.get(atom);
      if (list === undefined) late.set(atom, [second, id, check, once]);
      else list.push(second, id, check, once);
    });
    lateIds.set(id, under);
    changes++;
  }

  /** After 2^31 papers the numbers start again. */
  function nextPaper(): number {
    if (papers === 0x7fffffff) {
      papers = 0;
      matchedBy.fill(0);
    }
    return ++papers;
  }

  return {
    add,
    remove,

    match(paper) {
      if (struck.size > 0) strike(base, struck);
      struck.clear();
      const now = nextPaper();
      const count = atoms.read(paper);
      const { present, bits } = atoms;
      const { starts, postings } = base;
      let found = 0;
      const fits = (second: number, check: number) => {
        if ((((bits[second >>> 5] ?? 0) >>> (second & 31)) & 1) === 0) return false;
        if (check === 0) return true;
        return check < 0 ? literalHolds(unpackLiteral(-check), bits) : clausesHold(clauses, check, bits);
      };
      for (let i = 0; i < count; i++) {
        const atom = present[i] ?? 0;
        let at = starts[atom] ?? 0;
        const end = starts[atom + 1] ?? 0;
        if (at < end) {
          results = withRoom(results, found + end - at);
          const singles = at + 2 + (postings[at] ?? 0);
          const others = singles + 3 * (postings[at + 1] ?? 0);
          for (at += 2; at < singles; at++) {
            const id = postings[at] ?? 0;
            if (id !== STRUCK) results[found++] = id;
          }
          for (; at < others; at += 3) {
            if (fits(postings[at] ?? 0, postings[at + 2] ?? 0)) results[found++] = postings[at + 1] ?? 0;
          }
          for (; at < end; at += 4) {
            const once = postings[at + 3] ?? 0;
            if (!fits(postings[at] ?? 0, postings[at + 2] ?? 0) || matchedBy[once] === now) continue;
            matchedBy[once] = now;
            results[found++] = postings[at + 1] ?? 0;
          }
        }
        const list = late.size === 0 ? undefined : late.get(atom);
        if (list === undefined) continue;
        results = withRoom(results, found + list.length / 4);
        for (let k = 0; k < list.length; k += 4) {
          const once = list[k + 3] ?? 0;
          if (!fits(list[k] ?? 0, list[k + 2] ?? 0) || (once !== 0 && matchedBy[once] === now)) continue;
          matchedBy[once] = now;
          results[found++] = list[k + 1] ?? 0;
        }
      }
      return results.slice(0, found);
    },

    get size() {
      return baseIds.length - removed.size + lateIds.size;
    },
    get changes() {
      return changes;
    },
    get bytes() {
      const arrays = [clauses, matchedBy, base.starts, base.postings, baseIds, results];
      return arrays.reduce((sum, array) => sum + array.byteLength, atoms.bytes);
    },
  };
}

function withoutQuery(list: readonly number[], id: number): number[] {
  return list.filter((_, k) => list[k - (k % 4) + 1] !== id);
}

function sortedDistinct(ids: Int32Array): Int32Array {
  const sorted = ids.slice().sort();
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] === sorted[i - 1]) throw new RangeError(`Two queries have the id ${sorted[i]}.`);
  }
  return sorted;
}

function contains(sorted: Int32Array, id: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === id;
}
