import {
  type Close,
  createVectorIndex,
  UsageError,
  type VectorIndex,
  vectorOf,
  type WordVectors,
} from "@paperwire/core";
import { type Db, vectors as stored } from "@paperwire/db";
import { wordVectors } from "../classify/word-vectors.ts";
import { directionsOf } from "../match/likeness.ts";

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
  return (await currentIndex(db, vectors)).closest(direction, most, least);
}

/** More papers than anybody looks through; a wider question is a subscription. */
const mostClose = 5_000;

/**
 * The papers that are close to what a query names after `like:`, by that, closest first.
 * @throws UsageError when nothing can be compared with one of them.
 */
export async function closePapers(db: Db, values: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const vectors = wordVectors();
  if (values.length === 0) return found;
  const { directions, blind } = await directionsOf(db, values);
  const [because] = blind.values();
  if (because !== undefined || vectors === undefined)
    throw new UsageError(because ?? "There are no word vectors here.");
  const index = await currentIndex(db, vectors);
  for (const [value, { direction, least, id: own }] of directions) {
    const close = index.closest(direction, mostClose, least);
    found.set(
      value,
      close.flatMap(({ id }) => (id === own ? [] : id)),
    );
  }
  return found;
}

async function currentIndex(db: Db, { version, dimensions }: WordVectors): Promise<VectorIndex> {
  let known = indexes.get(db);
  if (known?.version !== version) {
    known = { version, index: createVectorIndex(dimensions), last: 0 };
    indexes.set(db, known);
  }
  await readNewer(db, known);
  return known.index;
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
