import type { FeedHead, FeedLink } from "./document.ts";

/** The page about it: an HTML alternate before one of another type (RFC 4287 section 4.2.7.2). */
export function alternateOf(links: readonly FeedLink[]): string | undefined {
  let other: string | undefined;
  for (const { rel, type, href } of links) {
    if (rel !== "alternate") continue;
    if (type === undefined || /html/i.test(type)) return href;
    other ??= href;
  }
  return other;
}

/** The hub (WebSub) and the topic to subscribe to there, which is the feed's own address. */
export function hubOf(links: readonly FeedLink[]): FeedHead["hub"] {
  const url = links.find((link) => link.rel === "hub")?.href;
  const topic = links.find((link) => link.rel === "self")?.href;
  return url === undefined || topic === undefined ? undefined : { url, topic };
}
