import { createHash } from "node:crypto";
import {
  authorKey,
  canonicalCategory,
  type Listing,
  normaliseUrl,
  paperKeys,
  titleKey,
} from "@paperwire/core";
import { blockingKeys } from "@paperwire/core/identity/blocking.ts";

/** A listing with everything that is derived from it alone, before any lock is taken. */
export interface Incoming {
  readonly listing: Listing;
  /** Of everything the source said: equal means that nothing changed since the last poll. */
  readonly hash: string;
  /** What leads to its paper, strongest first; URL and listing key only within the source. */
  readonly keys: readonly string[];
  /** 64-bit numbers as text. */
  readonly blocks: readonly string[];
  readonly titleKey: string;
  readonly authorKeys: readonly string[];
  readonly categories: readonly string[];
  readonly year: number | undefined;
}

export function toIncoming(listing: Listing, sourceId: string): Incoming {
  const record = { title: listing.title, authors: listing.authors.map((author) => author.name) };
  const date = listing.published ?? listing.updated;
  return {
    listing,
    hash: createHash("sha256").update(JSON.stringify(listing)).digest("base64url"),
    keys: keysOf(listing, sourceId),
    blocks: blockingKeys(record).map(String),
    titleKey: titleKey(listing.title),
    authorKeys: [...new Set(record.authors.map(authorKey))],
    // arXiv codes in their canonical form, each once, order kept; other words as the source gave them.
    categories: [...new Set(listing.categories.map(canonicalCategory))],
    year: date === undefined ? undefined : new Date(date).getUTCFullYear(),
  };
}

/** A listing that names no paper of itself is known by its address and by its key, within its source only. */
function keysOf(listing: Listing, sourceId: string): string[] {
  const strong = paperKeys(listing);
  if (strong.length > 0) return strong;
  const local = [`listing:${sourceId}:${listing.key}`];
  return listing.url === undefined ? local : [`url:${sourceId}:${normaliseUrl(listing.url)}`, ...local];
}
