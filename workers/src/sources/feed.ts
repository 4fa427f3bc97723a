import { toReading } from "./feed/listings.ts";
import { readFeed } from "./feed/read-feed.ts";
import type { SourceKind } from "./source.ts";

/** Any RSS, Atom or JSON feed. It defines no identifiers: what it says of another's paper stays its own listing. */
export const feed: SourceKind = {
  id: "feed",
  title: "RSS, Atom or JSON feed",
  everyMinutes: 60,
  detects: (head) => xmlRoot.test(head) || entryRoot.test(head) || jsonFeed.test(head),
  read: (payload) => toReading(readFeed(payload)),
};

const xmlRoot = /<(?:[\w-]+:)?(?:rss|rdf|feed|channel)[\s>]/i;
const entryRoot = /<(?:[\w-]+:)?entry\s[^>]*(?:www\.w3\.org\/2005\/atom|purl\.org\/atom)/i;
const jsonFeed = /^\s*\{[\s\S]*"(?:version"\s*:\s*"https?:\/\/jsonfeed\.org\/|items"\s*:\s*\[)/;
