import type { ChatDigest } from "@paperwire/core";
import { z } from "zod";
import type { Message } from "./channel.ts";

/** What is stored of a post to a chat: where to, and the exact body. */
const storedPost = z.object({ url: z.string(), body: z.string() });
export type StoredPost = z.infer<typeof storedPost>;

/** The one message of a post, with its short form. */
export function onlyMessage(
  messages: readonly Message[],
  place: string,
): { readonly message: Message; readonly chat: ChatDigest } {
  const [message] = messages;
  if (message === undefined || messages.length > 1)
    throw new RangeError(`${place} takes one message at a time`);
  const chat = message.chat ?? {
    title: message.subject,
    items: [],
    notes: [message.text.slice(0, 1500)],
    links: [],
  };
  return { message, chat };
}

export function storePost(url: string, body: unknown): Buffer {
  return Buffer.from(JSON.stringify({ url, body: JSON.stringify(body) } satisfies StoredPost));
}

export function readPost(request: Buffer): StoredPost {
  return storedPost.parse(JSON.parse(request.toString("utf8")));
}

/** As many of `parts` as fit `max` UTF-16 units when joined, and how many did not. */
export function fitting(
  parts: readonly string[],
  max: number,
  separator: string,
): { readonly text: string; readonly left: number } {
  let text = "";
  for (const [i, part] of parts.entries()) {
    const longer = text === "" ? part : text + separator + part;
    if (longer.length > max) return { text, left: parts.length - i };
    text = longer;
  }
  return { text, left: 0 };
}

/** `&`, `<` and `>` as entities: what Slack, Telegram and Matrix want of text between their tags. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Also safe inside a double-quoted attribute. */
export function escapedAttribute(text: string): string {
  return escaped(text).replaceAll('"', "&quot;");
}
