import { PermanentError } from "@paperwire/core";
import type { Payload } from "./source.ts";

/**
 * The JSON document of a payload. Pages served with status 200 in place of data, answers that were
 * cut off and empty ones are told apart, because the person on call mends them differently.
 * @throws PermanentError with a sentence.
 */
export function jsonOf(payload: Payload, place: string): unknown {
  const text = textOf(payload.bytes);
  const start = text.trimStart();
  if (start === "")
    throw new PermanentError(`${place} answered with nothing where a JSON document was expected.`);
  if (start.startsWith("<")) {
    const what = /^<(?:!doctype html|html|head|body)/i.test(start) ? "a web page" : "an XML document";
    throw new PermanentError(`${place} answered with ${what} where a JSON document was expected.`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PermanentError(`${place} answered with JSON that ${faultOf(start)}.`, { cause });
  }
}

/** The bytes as text: by byte order mark, else UTF-8 (RFC 8259 §8.1). */
export function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder("utf-8").decode(bytes);
}

/** What a place said went wrong, short enough for one line of a log. */
export function quoted(message: string): string {
  const folded = message.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return `“${folded.length > 200 ? `${folded.slice(0, 199)}…` : folded}”`;
}

function faultOf(start: string): string {
  const first = start[0];
  if (first !== "{" && first !== "[") return "does not begin like a document";
  const last = start.trimEnd().at(-1);
  return last === (first === "{" ? "}" : "]") ? "is not well formed" : "ends in the middle: it was cut off";
}
