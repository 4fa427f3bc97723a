import { PermanentError } from "../errors.ts";
import { versionOf } from "../fingerprint.ts";
import type { WordVectors } from "./vectors.ts";

/**
 * Word vectors as one block of bytes: `PWWV`, format number, length of a JSON header, the header, stems separated by
 * line feeds, frequencies, scales, pairs and their counts (little-endian), rows. Same vectors, same bytes.
 */
export function encodeVectors(vectors: Omit<WordVectors, "version">): Uint8Array {
  const { dimensions, papers, stems, frequency, values, scales, pairs, pairCounts } = vectors;
  const words = new TextEncoder().encode(stems.join("\n"));
  const header = new TextEncoder().encode(
    JSON.stringify({
      dimensions,
      papers,
      words: stems.length,
      wordBytes: words.length,
      pairs: pairs.length,
    } satisfies Header),
  );
  const first = MAGIC.length + 4;
  const bytes = new Uint8Array(
    first + header.length + words.length + stems.length * (8 + dimensions) + pairs.length * 8,
  );
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(MAGIC.length, header.length, true);
  bytes.set(header, first);
  bytes.set(words, first + header.length);
  let at = first + header.length + words.length;
  const writeWhole = (list: Uint32Array): void => {
    for (const value of list) {
      view.setUint32(at, value, true);
      at += 4;
    }
  };
  writeWhole(frequency);
  for (const scale of scales) {
    view.setFloat32(at, scale, true);
    at += 4;
  }
  writeWhole(pairs);
  writeWhole(pairCounts);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.length), at);
  return bytes;
}

/** Reads what `encodeVectors` wrote. Throws `PermanentError` when the bytes are something else, cut or damaged. */
export function decodeVectors(bytes: Uint8Array): WordVectors {
  const first = MAGIC.length + 4;
  if (bytes.length < first || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new PermanentError("These are no word vectors of this version; learn them again.");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = first + view.getUint32(MAGIC.length, true);
  const { dimensions, papers, words, wordBytes, pairs } = headerOf(bytes.subarray(first, headerEnd));
  const length = headerEnd + wordBytes + words * (8 + dimensions) + pairs * 8;
  if (bytes.length !== length) {
    throw new PermanentError(
      `The word vectors are damaged (${bytes.length} bytes, expected ${length}); learn them again.`,
    );
  }
  const stems = new TextDecoder().decode(bytes.subarray(headerEnd, headerEnd + wordBytes)).split("\n");
  const counts = headerEnd + wordBytes;
  const scales = counts + words * 4;
  const pairKeys = scales + words * 4;
  const readWhole = (from: number, count: number): Uint32Array =>
    Uint32Array.from({ length: count }, (_, i) => view.getUint32(from + i * 4, true));
  return {
    version: versionOf(bytes, "w1"),
    dimensions,
    papers,
    stems,
    frequency: readWhole(counts, words),
    pairs: readWhole(pairKeys, pairs),
    pairCounts: readWhole(pairKeys + pairs * 4, pairs),
    scales: Float32Array.from({ length: words }, (_, i) => view.getFloat32(scales + i * 4, true)),
    values: new Int8Array(bytes.slice(pairKeys + pairs * 8).buffer),
  };
}

interface Header {
  readonly dimensions: number;
  readonly papers: number;
  readonly words: number;
  readonly wordBytes: number;
  readonly pairs: number;
}

const MAGIC = [0x50, 0x57, 0x57, 0x56, 1];

function headerOf(bytes: Uint8Array): Header {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new PermanentError("The word vectors are damaged (unreadable header); learn them again.", {
      cause: error,
    });
  }
}
