import { Buffer, isAscii, isUtf8 } from "node:buffer";
import iconv from "iconv-lite";

export interface DecodedText {
  readonly text: string;
  /** Lower-case name of the encoding that was used. */
  readonly encoding: string;
  /** The bytes contradicted what the document or its server said. */
  readonly mismatch: boolean;
}

/**
 * Bytes to text, in this order: byte order mark, UTF-16/32 seen in the first four bytes, valid UTF-8, the
 * charset of the HTTP header, the XML declaration, mostly valid UTF-8, windows-1252. Characters which XML 1.0
 * forbids are dropped (section 2.2), line ends become `\n` (section 2.11). Never throws.
 */
export function decodeText(bytes: Uint8Array, contentType?: string): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const declared = declaredEncoding(buffer);
  const { text, encoding } = decodeBytes(buffer, httpCharset(contentType), declared);
  return {
    text: legalText(text),
    encoding,
    mismatch: declared !== undefined && !sameFamily(declared, encoding),
  };
}

function decodeBytes(
  buffer: Buffer,
  http: string | undefined,
  declared: string | undefined,
): { text: string; encoding: string } {
  const wide = wideEncoding(buffer);
  if (wide !== undefined) return { text: iconv.decode(buffer, wide, { stripBOM: true }), encoding: wide };
  const body = buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? buffer.subarray(3) : buffer;
  if (isAscii(body)) return asciiText(body, http, declared);
  if (isUtf8(body)) return { text: body.toString("utf8"), encoding: "utf-8" };
  for (const name of [http, declared]) {
    const usable = name === undefined ? undefined : singleByteName(name);
    if (usable !== undefined && usable !== "utf-8")
      return { text: iconv.decode(body, usable), encoding: usable };
  }
  return mostlyUtf8(body)
    ? { text: body.toString("utf8"), encoding: "utf-8" }
    : { text: iconv.decode(body, "windows-1252"), encoding: "windows-1252" };
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

function sameFamily(declared: string, used: string): boolean {
  const name = singleByteName(declared) ?? declared;
  return (
    name === used ||
    used.startsWith(name) ||
    (used === "utf-8" && name === "windows-1252" && declared.includes("ascii"))
  );
}

function legalText(text: string): string {
  let clean = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(clean))
    clean = clean.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "");
  return clean.isWellFormed() ? clean : clean.toWellFormed();
}
