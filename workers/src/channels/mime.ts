import { createHash } from "node:crypto";
import MimeNode from "nodemailer/lib/mime-node";
import type { Message } from "./channel.ts";
import { quotedPrintable } from "./quoted-printable.ts";

/** An RFC 5322 message and its envelope (RFC 5321), ready for an SMTP server or a file. `raw` has one character per byte. */
export interface Mime {
  readonly from: string;
  readonly to: string;
  readonly raw: string;
}

/**
 * Builds the message with both parts, the plain one first (RFC 2046 §5.1.4). The date, the Message-ID and
 * the boundary come from the message, so the same message always has the same bytes. Nodemailer writes
 * and escapes the headers.
 */
export function mimeOf(message: Message): Mime {
  const node = new MimeNode("multipart/alternative", {
    baseBoundary: createHash("sha256").update(message.deliveryId).digest("hex").slice(0, 24),
    // `=_` cannot stand in quoted-printable text.
    boundaryPrefix: "=_p",
  });
  node.setHeader([
    { key: "From", value: message.from },
    { key: "To", value: { name: "", address: message.to } },
    { key: "Subject", value: message.subject },
    { key: "Date", value: new Date(message.at).toUTCString().replace("GMT", "+0000") },
    ...Object.entries(message.headers).map(([key, value]) => ({ key, value })),
  ]);
  const headers = node.buildHeaders();
  const envelope = node.getEnvelope();
  const raw = [
    Buffer.from(headers).toString("latin1"),
    "",
    ...partOf(node.boundary || "", "text/plain", message.text),
    ...partOf(node.boundary || "", "text/html", message.html),
    `--${node.boundary}--`,
    "",
  ].join("\r\n");
  return { from: envelope.from || "", to: envelope.to[0] ?? message.to, raw };
}

/** What is stored of a mail: where it goes as one line of JSON, then the mail itself, byte for byte. */
export function storeMail(head: Readonly<Record<string, string>>, raw: string): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), Buffer.from(raw, "latin1")]);
}

export function readMail(request: Buffer): { readonly head: unknown; readonly raw: Buffer } {
  const end = request.indexOf("\n");
  return { head: JSON.parse(request.toString("utf8", 0, end)), raw: request.subarray(end + 1) };
}

function partOf(boundary: string, type: string, text: string): readonly string[] {
  return [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: quoted-printable",
    "",
    quotedPrintable(text),
  ];
}
