import { withRoom } from "./growable.ts";

/** Under each atom, three numbers for each query that has it as a pivot: second atom, query, offset of its clauses. */
export interface Postings {
  add(atom: number, second: number, ref: number, offset: number): void;
}

/** Postings that stand in one array, those of `atom` from `3 * starts[atom]` to `3 * starts[atom + 1]`. */
export interface SealedPostings {
  readonly starts: Int32Array;
  readonly postings: Int32Array;
}

export interface BasePostings extends Postings {
  /** By a counting sort over the atoms. Nothing can be added afterwards. */
  seal(atoms: number): SealedPostings;
}

export function createBasePostings(): BasePostings {
  let heads = new Int32Array(4096);
  let end = 0;
  return {
    add(atom, second, ref, offset) {
      heads = withRoom(heads, end + 4);
      heads[end++] = atom;
      heads[end++] = second;
      heads[end++] = ref;
      heads[end++] = offset;
    },
    seal(atoms) {
      const starts = new Int32Array(atoms + 2);
      for (let at = 0; at < end; at += 4) {
        const next = (heads[at] ?? 0) + 1;
        starts[next] = (starts[next] ?? 0) + 1;
      }
      for (let atom = 1; atom < starts.length; atom++)
        starts[atom] = (starts[atom] ?? 0) + (starts[atom - 1] ?? 0);
      const next = starts.slice();
      const postings = new Int32Array((end / 4) * 3);
      for (let at = 0; at < end; at += 4) {
        const atom = heads[at] ?? 0;
        const place = next[atom] ?? 0;
        next[atom] = place + 1;
        postings.set(heads.subarray(at + 1, at + 4), 3 * place);
      }
      heads = new Int32Array(0);
      return { starts, postings };
    },
  };
}

/** For the few queries that come after the index was built: seen at once, nothing to seal. */
export interface LatePostings extends Postings {
  of(atom: number): readonly number[] | undefined;
}

export function createLatePostings(): LatePostings {
  const byAtom = new Map<number, number[]>();
  return {
    add(atom, second, ref, offset) {
      const list = byAtom.get(atom);
      if (list === undefined) byAtom.set(atom, [second, ref, offset]);
      else list.push(second, ref, offset);
    },
    of: (atom) => byAtom.get(atom),
  };
}
