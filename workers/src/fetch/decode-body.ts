import { createHash } from "node:crypto";
import { type Duplex, pipeline } from "node:stream";
import * as zlib from "node:zlib";

export interface Body {
  readonly bytes: Uint8Array;
  /** Hex, of the decompressed bytes. */
  readonly sha256: string;
}

/** The body is larger than we take, counted after decompression. */
export class TooLargeError extends Error {
  override name = "TooLargeError";
}

/** The body does not decode: an encoding we do not know, too many of them, or damaged bytes. */
export class BadEncodingError extends Error {
  override name = "BadEncodingError";
}

/**
 * Reads a body to its end, undoing `Content-Encoding` as it streams. At no stage of the decompression is more
 * than `maxBytes` kept or waited for, so that a 10 kB bomb costs at most the cap, also one that swells in the
 * middle of several encodings and comes to nothing at the end.
 * @throws TooLargeError, BadEncodingError, or what the stream itself ends with.
 */
export async function decodeBody(
  body: AsyncIterable<Buffer>,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Body> {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  const encodings = parseEncodings(contentEncoding).toReversed();
  const capAfter = (stages: number) => maxBytes + (stages === encodings.length ? 0 : SLACK_BYTES);
  let decoded = capped(body, capAfter(0));
  for (const [index, encoding] of encodings.entries()) {
    decoded = capped(undo(encoding, decoded), capAfter(index + 1));
  }
  for await (const chunk of decoded) {
    hash.update(chunk);
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), sha256: hash.digest("hex") };
}

/** What an encoding may add to data that does not compress. */
const SLACK_BYTES = 100_000;

async function* capped(source: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLargeError(`more than ${maxBytes} bytes`);
    yield chunk;
  }
}

/** Nothing, and what some servers write there in place of nothing. */
const NO_ENCODING = /^(?:|identity|none|utf-?8|us-ascii|iso-8859-1|binary|[78]bit|chunked)$/;

/** A chain longer than this is an attack, not a feed (undici's own limit since CVE-2026-22036). */
const MOST_ENCODINGS = 5;

/** Outermost last, as the header lists them (RFC 9110 §8.4). */
function parseEncodings(header: string | undefined): readonly string[] {
  const names = (header ?? "").toLowerCase().split(",");
  const encodings = names.map((name) => name.trim()).filter((name) => !NO_ENCODING.test(name));
  if (encodings.length > MOST_ENCODINGS) {
    throw new BadEncodingError(
      `it is encoded ${encodings.length} times over, and ${MOST_ENCODINGS} is the most we undo`,
    );
  }
  const unknown = encodings.find((name) => !DECODERS.has(name));
  if (unknown !== undefined) {
    throw new BadEncodingError(
      `its encoding ${JSON.stringify(unknown.slice(0, 20))} is not one we asked for`,
    );
  }
  return encodings;
}

async function* undo(encoding: string, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const decoder = DECODERS.get(encoding)?.(first.value);
  if (decoder === undefined) return;
  let failure: unknown;
  pipeline(
    startingWith(first.value, iterator, (error) => (failure = error)),
    decoder,
    () => {},
  );
  try {
    for await (const chunk of decoder) yield chunk as Buffer;
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw new BadEncodingError(`its ${encoding} data is damaged or ends early`, { cause: error });
  }
}

/** Only the first 8 MB window that RFC 9659 allows: a larger one is memory, not compression. */
const ZSTD_WINDOW_LOG = 23;

const DECODERS: ReadonlyMap<string, (first: Buffer) => Duplex> = new Map<string, (first: Buffer) => Duplex>([
  ["gzip", () => zlib.createGunzip()],
  ["x-gzip", () => zlib.createGunzip()],
  ["br", () => zlib.createBrotliDecompress()],
  [
    "zstd",
    () => zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } }),
  ],
  // Some servers send raw deflate under this name (RFC 9110 §8.4.1.2 note); a zlib header has 8 in its low bits.
  ["deflate", (first) => (((first[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw())],
]);

/** Gives back what was read ahead; remembers a failure of the source, to tell it from one of the decoder. */
async function* startingWith(
  first: Buffer,
  rest: AsyncIterator<Buffer>,
  failed: (error: unknown) => void,
): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } catch (error) {
    failed(error);
    throw error;
  } finally {
    await rest.return?.();
  }
}
