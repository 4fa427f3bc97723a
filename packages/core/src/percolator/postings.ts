import { NEVER } from "./atoms.ts";
import { withRoom } from "./growable.ts";

/** What is kept of a query under one of its pivot atoms. */
export interface Posting {
  readonly id: number;
  /** An atom that papers must have too. */
  readonly second: number;
  /** What else to check: 0 nothing, above 0 an offset into the clauses, below 0 minus `packLiteral` of one literal. */
  readonly check: number;
  /** Where its matches are counted once, if it stands under several atoms; otherwise 0. */
  readonly once: number;
}

/** A literal as a number from 1. */
export function packLiteral(literal: number): number {
  return literal < 0 ? -2 * literal + 1 : 2 * literal;
}

export function unpackLiteral(packed: number): number {
  return (packed & 1) === 1 ? -(packed >>> 1) : packed >>> 1;
}

/**
 * Postings by atom in one array. Those of an atom begin at `starts[atom]` and end at `starts[atom + 1]`: how many
 * are bare (an id, nothing to check), how many are single (second, id, check), then the bare, the single, and
 * the others (second, id, check, once). A bare posting is just output; broad queries are of this kind.
 */
export interface SealedPostings {
  readonly starts: Int32Array;
  readonly postings: Int32Array;
}

export interface PostingsBuilder {
  add(atom: number, posting: Posting): void;
  /** By a counting sort over the atoms. */
  seal(atoms: number): SealedPostings;
}

const HEAD = 6;

export function createPostingsBuilder(): PostingsBuilder {
  let heads = new Int32Array(6_000);
  let end = 0;
  return {
    add(atom, { id, second, check, once }) {
      heads = withRoom(heads, end + HEAD);
      const width = once !== 0 ? 4 : second !== 0 || check !== 0 ? 3 : 1;
      heads[end] = atom;
      heads[end + 1] = width;
      heads[end + 2] = second;
      heads[end + 3] = id;
      heads[end + 4] = check;
      heads[end + 5] = once;
      end += HEAD;
    },
    seal(atoms) {
      const sealed = layOut(heads, end, atoms);
      heads = new Int32Array(0);
      return sealed;
    },
  };
}

function layOut(heads: Int32Array, end: number, atoms: number): SealedPostings {
  const bare = new Int32Array(atoms);
  const single = new Int32Array(atoms);
  const starts = new Int32Array(atoms + 1);
  for (let at = 0; at < end; at += HEAD) {
    const atom = heads[at] ?? 0;
    const width = heads[at + 1] ?? 0;
    if (width === 1) bare[atom] = (bare[atom] ?? 0) + 1;
    if (width === 3) single[atom] = (single[atom] ?? 0) + 1;
    starts[atom + 1] = (starts[atom + 1] ?? 0) + width;
  }
  for (let atom = 0; atom < atoms; atom++) {
    const own = starts[atom + 1] ?? 0;
    starts[atom + 1] = (starts[atom] ?? 0) + (own === 0 ? 0 : own + 2);
  }
  const postings = new Int32Array(starts[atoms] ?? 0);
  const nextBare = new Int32Array(atoms);
  const nextSingle = new Int32Array(atoms);
  const nextOther = new Int32Array(atoms);
  for (let atom = 0; atom < atoms; atom++) {
    const start = starts[atom] ?? 0;
    if (start === (starts[atom + 1] ?? 0)) continue;
    postings[start] = bare[atom] ?? 0;
    postings[start + 1] = single[atom] ?? 0;
    nextBare[atom] = start + 2;
    nextSingle[atom] = start + 2 + (bare[atom] ?? 0);
    nextOther[atom] = (nextSingle[atom] ?? 0) + 3 * (single[atom] ?? 0);
  }
  for (let at = 0; at < end; at += HEAD) {
    const atom = heads[at] ?? 0;
    const width = heads[at + 1] ?? 0;
    const next = width === 1 ? nextBare : width === 3 ? nextSingle : nextOther;
    const place = next[atom] ?? 0;
    next[atom] = place + width;
    if (width === 1) postings[place] = heads[at + 3] ?? 0;
    else postings.set(heads.subarray(at + 2, at + 2 + width), place);
  }
  return { starts, postings };
}

/** Makes the postings of some ids find nothing any more. One pass over all of them, however many ids. */
export function strike({ starts, postings }: SealedPostings, ids: ReadonlySet<number>): void {
  for (let atom = 0; atom + 1 < starts.length; atom++) {
    let at = starts[atom] ?? 0;
    const end = starts[atom + 1] ?? 0;
    if (at === end) continue;
    const singles = at + 2 + (postings[at] ?? 0);
    const others = singles + 3 * (postings[at + 1] ?? 0);
    for (at += 2; at < singles; at++) if (ids.has(postings[at] ?? 0)) postings[at] = STRUCK;
    for (; at < others; at += 3) if (ids.has(postings[at + 1] ?? 0)) postings[at] = NEVER;
    for (; at < end; at += 4) if (ids.has(postings[at + 1] ?? 0)) postings[at] = NEVER;
  }
}

/** In place of a bare posting's id. */
export const STRUCK = -1;
