import { type Close, createVectorIndex, type VectorIndex, vectorOf } from "@paperwire/core";
import { type Db, vectors as stored } from "@paperwire/db";
import { wordVectors } from "../classify/word-vectors.ts";

const perPage = 20_000;
/** Transactions end in another order than they begin: what was written just before is read again. */
const overlap = 5_000;

interface Known {
  readonly version: string;
  readonly index: VectorIndex;
  last: number;
}

const indexes = new WeakMap<Db, Known>();

/**
 * The papers that mean most nearly what the phrase means, also when they do not contain its words; closest first.
 * None where no word vectors ship or none of the words is known. The directions are read once in a process; later
 * calls read only those of newer papers.
 */
export async function closestTo(db: Db, phrase: string, most: number, least = 0.3): Promise<Close[]> {
  const vectors = wordVectors();
  const direction = vectors === undefined ? undefined : vectorOf(vectors, phrase);
  if (vectors === undefined || direction === undefined) return [];
  let known = indexes.get(db);
  if (known?.version !== vectors.version) {
    known = { version: vectors.version, index: createVectorIndex(vectors.dimensions), last: 0 };
    indexes.set(db, known);
  }
  await readNewer(db, known);
  return known.index.closest(direction, most, least);
}

async function readNewer(db: Db, known: Known): Promise<void> {
  for (let from = Math.max(0, known.last - overlap); ; from = known.last) {
    const page = await stored.after(db, known.version, from, perPage);
    for (const { paperId, vector } of page) {
      known.index.add(paperId, new Int8Array(vector.buffer, vector.byteOffset, vector.length));
    }
    known.last = Math.max(known.last, page.at(-1)?.seq ?? 0);
    if (page.length < perPage) return;
  }
}
