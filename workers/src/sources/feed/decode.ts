import { Buffer, isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

export interface DecodedText {
  readonly text: string;
  /** Lower-case name of the encoding that was used. */
  readonly encoding: string;
}

/**
 * A text in which positions mark the ends of the pieces that matter. In UTF-8 all of XML's own marks are
 * ASCII, so the bytes can be searched as they are and only pieces that need it are decoded: that keeps the
 * strings of a mostly English feed at one byte a character, which halves both time and memory.
 */
export interface SlicedText {
  /** Searchable; its characters above 127 may be the bytes of encoded ones. */
  readonly text: string;
  /** The decoded piece between two positions. */
  slice(from: number, to: number): string;
}

/** Like `decodeText`, for readers that cut the text into pieces. */
export function sliceable(
  bytes: Uint8Array,
  contentType?: string,
): SlicedText & { readonly encoding: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = withoutMark(buffer);
  if (wideEncoding(buffer) === undefined && !isAscii(body) && isUtf8(body)) {
    const text = body.toString("latin1");
    return { text, slice: (from, to) => utf8Slice(body, text, from, to), encoding: "utf-8" };
  }
  const { text, encoding } = decodeText(bytes, contentType);
  return { text, slice: (from, to) => text.slice(from, to), encoding };
}

function utf8Slice(body: Buffer, text: string, from: number, to: number): string {
  if (to - from > 100) {
    return isAscii(body.subarray(from, to))
      ? text.slice(from, to)
      : asIntended(body.toString("utf8", from, to));
  }
  for (let at = from; at < to; at++)
    if (text.charCodeAt(at) > 0x7f) return asIntended(body.toString("utf8", from, to));
  return text.slice(from, to);
}

/**
 * Bytes to text, in this order: byte order mark, UTF-16/32 seen in the first four bytes, valid UTF-8, the
 * charset of the HTTP header, the XML declaration, mostly valid UTF-8, windows-1252. Never throws; the text
 * has no lone surrogates, but may have control characters.
 */
export function decodeText(bytes: Uint8Array, contentType?: string): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, encoding } = decodeBytes(buffer, httpCharset(contentType), declaredEncoding(buffer));
  return { text: asIntended(text).toWellFormed(), encoding };
}

function decodeBytes(
  buffer: Buffer,
  http: string | undefined,
  declared: string | undefined,
): { text: string; encoding: string } {
  const wide = wideEncoding(buffer);
  if (wide !== undefined) return { text: iconv.decode(buffer, wide, { stripBOM: true }), encoding: wide };
  const body = withoutMark(buffer);
  if (isAscii(body)) return asciiText(body, http, declared);
  if (isUtf8(body)) return { text: body.toString("utf8"), encoding: "utf-8" };
  for (const name of [http, declared]) {
    const usable = name === undefined ? undefined : singleByteName(name);
    if (usable !== undefined && usable !== "utf-8")
      return { text: iconv.decode(body, usable), encoding: usable };
  }
  return mostlyUtf8(body)
    ? { text: body.toString("utf8"), encoding: "utf-8" }
    : { text: new TextDecoder("windows-1252").decode(body), encoding: "windows-1252" };
}

function withoutMark(buffer: Buffer): Buffer {
  return buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? buffer.subarray(3) : buffer;
}

/** ISO-2022, HZ and UTF-7 hide in ASCII; the declaration is believed only where their escapes are present. */
function asciiText(
  body: Buffer,
  http: string | undefined,
  declared: string | undefined,
): { text: string; encoding: string } {
  for (const name of [http, declared]) {
    if (name === undefined || !/^(iso-2022|hz|utf-7)/.test(name) || !iconv.encodingExists(name)) continue;
    return { text: iconv.decode(body, name), encoding: name };
  }
  return { text: body.toString("latin1"), encoding: "utf-8" };
}

function wideEncoding(buffer: Buffer): string | undefined {
  const [a, b, c, d] = buffer;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && buffer.length >= 8 ? "utf-32le" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32be";
  if (a === 0x3c && b === 0) return c === 0 && d === 0 ? "utf-32le" : "utf-16le";
  if (a === 0 && b === 0x3c && c === 0) return "utf-16be";
  if (a === 0 && b === 0 && c === 0 && d === 0x3c) return "utf-32be";
  return undefined;
}

/** The name iconv-lite knows it by; Latin-1 is read as windows-1252, as browsers do. */
function singleByteName(name: string): string | undefined {
  if (/^(iso-?8859-?1|latin-?1|us-ascii|ascii)$/.test(name)) return "windows-1252";
  if (/^(utf-?8|unicode-1-1-utf-8)$/.test(name)) return "utf-8";
  if (/^(utf-?(16|32)|ucs-?[24]|iso-10646)/.test(name)) return undefined;
  if (name === "gb2312" || name === "gb_2312-80") return "gb18030";
  return iconv.encodingExists(name) ? name : undefined;
}

function declaredEncoding(buffer: Buffer): string | undefined {
  const head = buffer.subarray(0, 400).toString("latin1").replaceAll("\0", "");
  return /<\?xml[^>]*?\sencoding\s*=\s*["']\s*([\w.:-]+)/.exec(head)?.[1]?.toLowerCase();
}

function httpCharset(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? "")?.[1]?.toLowerCase();
}

/** More well-formed multi-byte sequences than bytes that belong to none: a cut or slightly damaged UTF-8 body. */
function mostlyUtf8(body: Buffer): boolean {
  let good = 0;
  let bad = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte < 0x80) continue;
    const tail = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
    let seen = 0;
    while (seen < tail && ((body[i + seen + 1] ?? 0) & 0xc0) === 0x80) seen++;
    if (tail > 0 && (seen === tail || i + seen + 1 >= body.length)) good++;
    else bad++;
    i += seen;
  }
  return good > bad;
}

/** The control characters 128 to 159 are windows-1252 that was taken for Latin-1. */
function asIntended(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (control) =>
    iconv.decode(Buffer.from(control, "latin1"), "windows-1252"),
  );
}
