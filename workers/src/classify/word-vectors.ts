import { existsSync, readFileSync } from "node:fs";
import {
  decodeVectors,
  keyPhrasesOf,
  PermanentError,
  statisticsOf,
  tokenise,
  vectorOf,
  type WordVectors,
} from "@paperwire/core";
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

/** The phrases that say what a paper is about, as it writes them, best first; none where no vectors ship. */
export function keyPhrases({ title, abstract }: Pick<PaperCard, "title" | "abstract">): string[] {
  const vectors = wordVectors();
  if (vectors === undefined) return [];
  return keyPhrasesOf({ title, ...(abstract === null ? {} : { abstract }) }, statisticsOf(vectors));
}

/** A key phrase as searches compare it: by its stems. */
export function phraseKey(phrase: string): string {
  return tokenise(phrase).join(" ");
}

/** Changes when `keyPhrases` gives the same paper others. */
export const keyPhrasesVersion = "1";

/** Stores what the papers are about, as directions and key phrases, so that a search compares instead of reading. */
export async function saveDirections(trx: Trx, cards: readonly PaperCard[]): Promise<void> {
  const vectors = wordVectors();
  if (vectors === undefined) return;
  const rows = cards.flatMap(({ id, title, abstract }) => {
    const direction = vectorOf(vectors, { title, ...(abstract === null ? {} : { abstract }) });
    return direction === undefined
      ? []
      : {
          paperId: id,
          vector: Buffer.from(direction.buffer, direction.byteOffset, direction.length),
          phrases: keyPhrases({ title, abstract }).map(phraseKey),
        };
  });
  await stored.save(trx, vectors.version, rows);
}
