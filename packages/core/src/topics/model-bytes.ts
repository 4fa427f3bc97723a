import { PermanentError } from "../errors.ts";
import { versionOf } from "../fingerprint.ts";
import type { Calibration, TopicModel } from "./model.ts";

/**
 * A model as one block of bytes: `PWTM`, format number, length of a JSON header, the header, then the arrays.
 * Term hashes are kept as differences in one to five bytes each, row lengths in one. Same model, same bytes.
 */
export function encodeTopicModel(model: Omit<TopicModel, "version">): Uint8Array {
  const { topics, calibration, papers, terms, idf, scale, starts, topicIds, weights, bias } = model;
  const differences: number[] = [];
  const lengths = new Uint8Array(terms.length);
  let previous = 0;
  for (let row = 0; row < terms.length; row++) {
    let difference = (terms[row] ?? 0) - previous;
    previous = terms[row] ?? 0;
    for (; difference > 127; difference = Math.floor(difference / 128))
      differences.push((difference % 128) + 128);
    differences.push(difference);
    lengths[row] = (starts[row + 1] ?? 0) - (starts[row] ?? 0);
  }
  const header: Header = {
    topics,
    calibration,
    papers,
    rows: terms.length,
    weights: weights.length,
    termBytes: differences.length,
    bias: [...bias],
  };
  return join([encodeHeader(header), Uint8Array.from(differences), idf, scale, lengths, topicIds, weights]);
}

/** Reads what `encodeTopicModel` wrote. Throws `PermanentError` when the bytes are something else, cut or damaged. */
export function decodeTopicModel(bytes: Uint8Array): TopicModel {
  const { header, at: first } = decodeHeader(bytes);
  const { rows, termBytes } = header;
  let at = first;
  const take = (length: number): Uint8Array => {
    at += length;
    // A Buffer's own `slice` would share the memory of a pool instead of copying.
    return Uint8Array.prototype.slice.call(bytes, at - length, at);
  };
  const differences = take(termBytes);
  const idf = take(rows);
  const scale = take(rows);
  const lengths = take(rows);
  const topicIds = take(header.weights);
  const weights = new Int8Array(take(header.weights).buffer);
  if (at !== bytes.length) throw new PermanentError(damaged(`${bytes.length} bytes, expected ${at}`));
  const terms = termsOf(differences, rows);
  const starts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) starts[row + 1] = (starts[row] ?? 0) + (lengths[row] ?? 0);
  if (starts[rows] !== header.weights) throw new PermanentError(damaged("rows and weights disagree"));
  if (topicIds.some((id) => id >= header.topics.length)) throw new PermanentError(damaged("unknown topic"));
  return {
    version: versionOf(bytes, "t1"),
    topics: header.topics,
    calibration: header.calibration,
    papers: header.papers,
    terms,
    idf,
    scale,
    starts,
    topicIds,
    weights,
    bias: Float32Array.from(header.bias),
  };
}

interface Header {
  readonly topics: readonly string[];
  readonly calibration: Calibration;
  readonly papers: number;
  readonly rows: number;
  readonly weights: number;
  readonly termBytes: number;
  readonly bias: readonly number[];
}

const MAGIC = [0x50, 0x57, 0x54, 0x4d, 1];

function encodeHeader(header: Header): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(MAGIC.length + 4 + text.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, text.length, true);
  bytes.set(text, MAGIC.length + 4);
  return bytes;
}

function decodeHeader(bytes: Uint8Array): { header: Header; at: number } {
  const start = MAGIC.length + 4;
  if (bytes.length < start || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new PermanentError(
      "This is not a topic model of this version; train one with `paperwire topics train`.",
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  try {
    const header: Header = JSON.parse(new TextDecoder().decode(bytes.subarray(start, start + length)));
    return { header, at: start + length };
  } catch (error) {
    throw new PermanentError(damaged("unreadable header"), { cause: error });
  }
}

function termsOf(differences: Uint8Array, rows: number): Uint32Array {
  const terms = new Uint32Array(rows);
  let at = 0;
  let previous = 0;
  for (let row = 0; row < rows; row++) {
    let factor = 1;
    let byte = differences[at++] ?? 0;
    for (; byte > 127; byte = differences[at++] ?? 0) {
      previous += (byte - 128) * factor;
      factor *= 128;
    }
    previous += byte * factor;
    terms[row] = previous;
  }
  return terms;
}

function join(parts: readonly (Uint8Array | Int8Array)[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.length), at);
    at += part.length;
  }
  return bytes;
}

function damaged(what: string): string {
  return `The topic model is damaged (${what}); train it again with \`paperwire topics train\`.`;
}
