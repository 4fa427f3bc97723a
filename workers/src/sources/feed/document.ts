import type { Rhythm } from "@paperwire/core";
import type { XmlElement } from "./xml.ts";

/** Text as a feed gave it: plain, or markup that still has to be removed. */
export interface FeedText {
  readonly value: string;
  readonly type: "text" | "html";
}

export interface FeedPerson {
  readonly name?: string;
  readonly email?: string;
  readonly url?: string;
  readonly affiliation?: string;
}

export interface FeedLink {
  /** Resolved against `xml:base` and the document's address. */
  readonly href: string;
  /** `alternate` when the feed says nothing. */
  readonly rel: string;
  readonly type?: string;
  readonly title?: string;
}

export interface FeedCategory {
  readonly term: string;
  readonly scheme?: string;
  readonly label?: string;
}

export interface FeedEntry {
  /** `guid`, Atom `id`, `rdf:about`, JSON Feed `id`, as written. */
  readonly id?: string;
  /** The page about the entry, resolved. */
  readonly link?: string;
  readonly links: readonly FeedLink[];
  readonly title?: FeedText;
  readonly summary?: FeedText;
  readonly content?: FeedText;
  readonly authors: readonly FeedPerson[];
  readonly categories: readonly FeedCategory[];
  /** Dates as written. */
  readonly published?: string;
  readonly updated?: string;
  readonly language?: string;
  readonly rights?: FeedText;
  /** The entry's element, for what only one kind of source cares about; absent in JSON. */
  readonly element?: XmlElement;
}

export type FeedFormat = "rss" | "rdf" | "atom" | "json" | "cdf";

/** What a feed says of itself. */
export interface FeedHead {
  readonly format: FeedFormat;
  /** `2.0`, `0.92`, `1.0`, … as far as the document says. */
  readonly version: string;
  readonly title?: FeedText;
  readonly link?: string;
  readonly links: readonly FeedLink[];
  readonly description?: FeedText;
  readonly language?: string;
  readonly authors: readonly FeedPerson[];
  readonly categories: readonly FeedCategory[];
  readonly id?: string;
  readonly published?: string;
  readonly updated?: string;
  readonly rights?: FeedText;
  readonly rhythm?: Rhythm;
  /** Address of the following page (RFC 5005, JSON Feed `next_url`). */
  readonly next?: string;
  readonly hub?: { readonly url: string; readonly topic: string };
  /** The element that holds the feed's own fields. */
  readonly element?: XmlElement;
}

/** How the bytes of a feed were read. */
export interface FeedState {
  readonly encoding: string;
  /** The document ended in the middle. */
  readonly truncated: boolean;
  /** The last entry was still open where the document ended. */
  readonly lastIsPartial: boolean;
  /** There is more than this reader takes. */
  readonly cut: boolean;
}

/** A feed of any format, before it becomes listings. */
export interface FeedDocument extends FeedHead, FeedState {
  readonly entries: readonly FeedEntry[];
}
