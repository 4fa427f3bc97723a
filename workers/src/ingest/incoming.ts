import { createHash } from "node:crypto";
import { canonicalCategory, type Listing, normaliseUrl, paperKeys, titleKey } from "@paperwire/core";
import { blockingKeys } from "@paperwire/core/identity/blocking.ts";
import { type PreparedRecord, prepare } from "@paperwire/core/identity/prepared.ts";

/** A listing with what is derived from it alone; what only some listings need is worked out when it is asked for. */
export interface Incoming {
  readonly listing: Listing;
  /** Of everything the source said: equal means that nothing changed since the last poll. */
  readonly hash: string;
  /** What leads to its paper, strongest first; URL and listing key only within the source. */
  readonly keys: readonly string[];
  readonly year: number | undefined;
  /** arXiv codes in their canonical form, each once, order kept; other words as the source gave them. */
  readonly categories: readonly string[];
  /** 64-bit numbers as text. */
  readonly blocks: readonly string[];
  readonly titleKey: string;
  readonly prepared: PreparedRecord;
}

export function toIncoming(listing: Listing, sourceId: string): Incoming {
  const date = listing.published ?? listing.updated;
  const year = date === undefined ? undefined : new Date(date).getUTCFullYear();
  const keys = keysOf(listing, sourceId);
  let blocks: readonly string[] | undefined;
  let prepared: PreparedRecord | undefined;
  return {
    listing,
    hash: createHash("sha256").update(JSON.stringify(listing)).digest("base64url"),
    keys,
    year,
    categories:
      listing.categories.length === 0 ? [] : [...new Set(listing.categories.map(canonicalCategory))],
    get blocks() {
      blocks ??= blockingKeys({ title: listing.title, authors: namesOf(listing) }).map(String);
      return blocks;
    },
    get titleKey() {
      return titleKey(listing.title);
    },
    get prepared() {
      prepared ??= prepare(recordOf({ ...listing, year, venue: venueOf(listing) }, keys));
      return prepared;
    },
  };
}

export function venueOf(listing: Listing): string | undefined {
  return listing.venue ?? listing.journalRef;
}

/** What identity is decided on, of a listing or of a stored paper. */
export function recordOf(
  from: {
    readonly title: string;
    readonly authors: Listing["authors"];
    readonly abstract?: string | undefined;
    readonly year?: number | undefined;
    readonly venue?: string | undefined;
  },
  keys: readonly string[],
) {
  return {
    title: from.title,
    authors: namesOf(from),
    keys,
    ...(from.abstract === undefined ? {} : { abstract: from.abstract }),
    ...(from.year === undefined ? {} : { year: from.year }),
    ...(from.venue === undefined ? {} : { venue: from.venue }),
  };
}

function namesOf(from: Pick<Listing, "authors">): string[] {
  return from.authors.map((author) => author.name);
}

/** A listing that names no paper of itself is known by its address and by its key, within its source only. */
function keysOf(listing: Listing, sourceId: string): string[] {
  const strong = paperKeys(listing);
  if (strong.length > 0) return strong;
  const local = [`listing:${sourceId}:${listing.key}`];
  return listing.url === undefined ? local : [`url:${sourceId}:${normaliseUrl(listing.url)}`, ...local];
}
