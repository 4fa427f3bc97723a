import { PermanentError, type Reading } from "@paperwire/core";
import { feedLinks } from "./autodiscover.ts";
import { decodeText } from "./feed/decode.ts";
import { feed } from "./feed.ts";
import { detectKind, headOf, kindById, sourceKinds } from "./index.ts";
import type { Payload, SourceKind } from "./source.ts";
import { unpack } from "./unpack.ts";

export interface PayloadReading {
  /** Id of the kind that read it. */
  readonly kind: string;
  readonly reading: Reading;
}

/**
 * What a payload says, gzip undone, read by the kind that is named or, without one, detected. Holds
 * nothing from one call to the next.
 *
 * @throws PermanentError with a sentence for the operator when nothing can be read from it
 */
export function readPayload(payload: Payload, kind?: string): PayloadReading {
  const unpacked = unpack(payload);
  const chosen = kind === undefined ? detectKind(unpacked) : kindById(kind);
  if (kind !== undefined && chosen === undefined) {
    throw new PermanentError(
      `There is no kind of source called "${kind}"; there are ${sourceKinds.map(({ id }) => id).join(", ")}.`,
    );
  }
  const complaint = notAPayload(unpacked, chosen);
  if (complaint !== undefined) throw new PermanentError(complaint);
  if (chosen === undefined) throw new PermanentError(unknownComplaint(unpacked));
  return { kind: chosen.id, reading: chosen.read(unpacked) };
}

/** Why these bytes can be no listing of any kind, or undefined when they may be one. */
function notAPayload(payload: Payload, kind: SourceKind | undefined): string | undefined {
  if (payload.bytes.length === 0) return "The document is empty (0 bytes).";
  const head = headOf(payload);
  if (head === "") return "The document is empty: it has white space and nothing else.";
  // One kind reads pages: it knows its own.
  const isOwnPage = kind !== undefined && kind !== feed && kind.detects(head, payload);
  if (isHtml(head)) return isOwnPage ? undefined : htmlComplaint(payload);
  if (/^[[{<]/.test(head) || head.includes("<")) return undefined;
  return /^%PDF-/.test(head) || isBinary(payload.bytes)
    ? "The document is a binary file, not a feed."
    : "The document is plain text, not a feed.";
}

/** Many services answer errors in JSON with status 200; what they say is what the operator needs. */
function unknownComplaint(payload: Payload): string {
  const { text } = decodeText(payload.bytes.subarray(0, 10_000), payload.contentType);
  const said = /"(?:error|errors|message|detail|title)"\s*:\s*"((?:[^"\\\n]|\\.){1,200})"/.exec(text)?.[1];
  if (/^\s*\{/.test(text) && said !== undefined) return `The document is no listing; it says: “${said}”.`;
  return "The document is of no kind that Paperwire knows.";
}

/** The first element, after instructions and comments, is one of a web page. */
function isHtml(head: string): boolean {
  let at = 0;
  for (;;) {
    while (at < head.length && head.charCodeAt(at) <= 0x20) at++;
    const isComment = head.startsWith("<!--", at);
    if (!isComment && !head.startsWith("<?", at)) break;
    const close = head.indexOf(isComment ? "-->" : ">", at);
    if (close < 0) return false;
    at = close + (isComment ? 3 : 1);
  }
  return /^<(?:!doctype\s+html\b|html[\s>]|head[\s>]|body[\s>])/i.test(head.slice(at, at + 100));
}

function htmlComplaint(payload: Payload): string {
  const { text } = decodeText(payload.bytes.subarray(0, 1_000_000), payload.contentType);
  const links = feedLinks(text, payload.url);
  if (links.length === 0) return "The document is a web page, not a feed, and it names no feed.";
  const named = links
    .slice(0, 3)
    .map(({ url }) => url)
    .join(", ");
  return `The document is a web page, not a feed. It offers ${links.length === 1 ? "this feed" : "these feeds"}: ${named}.`;
}

function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 1000);
  let odd = 0;
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32)) odd++;
  return odd > sample.length / 50;
}
