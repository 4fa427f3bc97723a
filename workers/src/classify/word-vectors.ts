import { existsSync, readFileSync } from "node:fs";
import { decodeVectors, PermanentError, vectorOf, type WordVectors } from "@paperwire/core";
import { vectors as stored, type Trx } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";

const bundledFile = new URL("../../assets/word-vectors.bin", import.meta.url);

/** The word vectors that ship; none where the file was left out or is of another release: then search goes without. */
export function wordVectors(): WordVectors | undefined {
  if (loaded === undefined) loaded = { vectors: read() };
  return loaded.vectors;
}

let loaded: { readonly vectors: WordVectors | undefined } | undefined;

function read(): WordVectors | undefined {
  if (!existsSync(bundledFile)) return undefined;
  try {
    return decodeVectors(new Uint8Array(readFileSync(bundledFile)));
  } catch (error) {
    if (error instanceof PermanentError) return undefined;
    throw error;
  }
}

/** Stores what the papers are about as directions, so that a search by meaning compares numbers. */
export async function saveDirections(trx: Trx, cards: readonly PaperCard[]): Promise<void> {
  const vectors = wordVectors();
  if (vectors === undefined) return;
  const rows = cards.flatMap(({ id, title, abstract }) => {
    const direction = vectorOf(vectors, { title, ...(abstract === null ? {} : { abstract }) });
    return direction === undefined
      ? []
      : { paperId: id, vector: Buffer.from(direction.buffer, direction.byteOffset, direction.length) };
  });
  await stored.save(trx, vectors.version, rows);
}
