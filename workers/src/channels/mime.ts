import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Message } from "./channel.ts";

/** An RFC 5322 message and its envelope (RFC 5321), ready for an SMTP server or a file. `raw` has one character per byte. */
export interface Mime {
  readonly from: string;
  readonly to: string;
  readonly raw: string;
}

/**
 * Builds the message with both parts. The date, the Message-ID and the boundary come from the message,
 * so the same message always has the same bytes.
 */
export async function mimeOf(message: Message): Promise<Mime> {
  const { "Message-ID": messageId, ...headers } = message.headers;
  const node = new MailComposer({
    from: message.from,
    to: { name: "", address: message.to },
    subject: message.subject,
    text: message.text,
    html: message.html,
    date: new Date(message.at),
    ...(messageId === undefined ? {} : { messageId }),
    headers,
    baseBoundary: createHash("sha256").update(message.deliveryId).digest("hex").slice(0, 24),
    textEncoding: "quoted-printable",
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  }).compile();
  const envelope = node.getEnvelope();
  const raw = await node.build();
  return { from: envelope.from || "", to: envelope.to[0] ?? message.to, raw: raw.toString("latin1") };
}
