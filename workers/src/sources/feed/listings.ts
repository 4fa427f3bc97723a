import { createHash } from "node:crypto";
import {
  foldSpace,
  type Listing,
  parseArxivId,
  parseDoi,
  type Reading,
  type ReadWarning,
  texToUnicode,
} from "@paperwire/core";
import { toListing } from "../lenient.ts";
import { authorsOf } from "./authors.ts";
import type { FeedDocument, FeedEntry, FeedState } from "./document.ts";
import { childText } from "./element.ts";
import { instantText } from "./instant.ts";
import { optional } from "./optional.ts";
import { maxEntries } from "./read-feed.ts";
import { plainOf } from "./text-construct.ts";

/** A text longer than this is the whole article rather than its abstract. */
const maxAbstract = 100_000;
const maxTitle = 1000;
const maxCategories = 100;

/**
 * The listings of a feed, in its order. What a listing keeps and what became a warning:
 * an entry without a title is kept with an empty one (`no-title`), a date that cannot be read is left out
 * (`bad-date`), an entry that says the same as one before it is dropped (`duplicate-key`). The address of the
 * following page is not passed on: it leads through a site's whole history, at every poll, wherever the feed says.
 */
export function toReading(feed: FeedDocument): Reading {
  const entries = feed.lastIsPartial ? withoutNameless(feed.entries) : feed.entries;
  const warnings: ReadWarning[] = [...documentWarnings(feed, entries.length)];
  const listings = new Map<string, Listing>();
  const keys = keysOf(entries);
  entries.forEach((entry, index) => {
    const key = keys[index] ?? "";
    if (listings.has(key)) {
      const message = "The same entry stands twice in the feed; the first is kept.";
      warnings.push({ code: "duplicate-key", message, at: key });
    } else listings.set(key, listingOf(entry, key, feed, warnings));
  });
  return {
    ...optional("title", plainOf(feed.title)),
    ...optional("url", feed.link),
    listings: [...listings.values()],
    warnings,
    ...optional("rhythm", feed.rhythm),
    ...optional("hub", feed.hub),
  };
}

/** An entry that was cut off before it gave its id would be another entry on the next poll. */
function withoutNameless(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  return entries.at(-1)?.id === undefined ? entries.slice(0, -1) : entries;
}

/** What there is to say about the document as a whole; `entries` is how many could be read. */
export function documentWarnings({ truncated, cut }: FeedState, entries: number): ReadWarning[] {
  const warnings: ReadWarning[] = [];
  if (truncated) {
    const message = `The document ends in the middle; ${entries} entries could be read.`;
    warnings.push({ code: "truncated-xml", message });
  }
  if (cut) {
    const message = `The feed has more than ${maxEntries} entries or is nested too deeply; what follows was not read.`;
    warnings.push({ code: "cut", message });
  }
  return warnings;
}

/** An instant, or a warning and nothing. */
export function instantOf(
  written: string | undefined,
  at: string,
  warnings: ReadWarning[],
): string | undefined {
  if (written === undefined) return undefined;
  const instant = instantText(written);
  if (instant === undefined)
    warnings.push({ code: "bad-date", message: `“${short(foldSpace(written))}” is no date.`, at });
  return instant;
}

function listingOf(entry: FeedEntry, key: string, feed: FeedDocument, warnings: ReadWarning[]): Listing {
  const title = withoutTex(shortened(plainOf(entry.title), maxTitle, "title", key, warnings));
  if (title === "") warnings.push({ code: "no-title", message: "The entry has no title.", at: key });
  const said = plainOf(entry.summary) ?? plainOf(entry.content);
  const abstract = withoutTex(shortened(said, maxAbstract, "text", key, warnings));
  const url = entry.link !== undefined && isAddress(entry.link) ? entry.link : undefined;
  const arxiv = url !== undefined && arxivPage.test(url) ? parseArxivId(url) : undefined;
  return toListing({
    key,
    url,
    title,
    abstract,
    authors: authorsOf(entry.authors),
    published: instantOf(entry.published, key, warnings),
    updated: instantOf(entry.updated, key, warnings),
    categories: termsOf(entry),
    arxivId: arxiv?.id,
    version: arxiv?.version,
    doi: doiOf(entry, url),
    license: licenseOf(entry),
    language: entry.language ?? feed.language,
    venue: entry.element === undefined ? undefined : childText(entry.element, "prism:publicationname"),
  });
}

function shortened(
  text: string | undefined,
  length: number,
  what: string,
  at: string,
  warnings: ReadWarning[],
): string {
  if (text === undefined || text.length <= length) return text ?? "";
  warnings.push({ code: "cut", message: `The ${what} was cut at ${length} characters.`, at });
  return text.slice(0, length).toWellFormed();
}

function termsOf({ categories }: FeedEntry): string[] {
  const terms = new Set(categories.slice(0, maxCategories).map(({ term }) => foldSpace(term.slice(0, 200))));
  terms.delete("");
  return [...terms];
}

/** Outside of arXiv `--` and `~` are what they are; only a command shows that a text is TeX. */
function withoutTex(text: string): string {
  return texCommand.test(text) ? texToUnicode(text) : text;
}

const texCommand =
  /\\(?:["'`^~=.]\{?\\?[A-Za-z]|[A-Za-z]+\s*\{|(?:ss|ae|oe|aa|AE|OE|AA|[oOlLij])(?![A-Za-z]))/;

function isAddress(link: string): boolean {
  return link.length <= 2000 && /^https?:\/\/[^/]/i.test(link);
}

const arxivPage = /^https?:\/\/(?:www\.|export\.)?arxiv\.org\/abs\//i;

function doiOf(entry: FeedEntry, url: string | undefined): string | undefined {
  const { element } = entry;
  const stated =
    element === undefined ? undefined : childText(element, "prism:doi", "arxiv:doi", "dc:identifier");
  const candidates = [
    stated,
    url !== undefined && /^https?:\/\/(?:dx\.)?doi\.org\//i.test(url) ? url : undefined,
  ];
  if (entry.id !== undefined && /^(?:doi:|https?:\/\/(?:dx\.)?doi\.org\/|10\.\d{4,}\/)/i.test(entry.id))
    candidates.push(entry.id);
  for (const candidate of candidates) {
    const doi = candidate === undefined ? undefined : parseDoi(candidate);
    if (doi !== undefined) return doi;
  }
  return undefined;
}

function licenseOf(entry: FeedEntry): string | undefined {
  const linked = entry.links.find((link) => link.rel === "license")?.href;
  const stated = linked ?? plainOf(entry.rights);
  return stated !== undefined && stated.length <= 200 ? stated : undefined;
}

/**
 * Names for the entries, stable over polls: the guid, unless two entries of this document share it; then
 * guid and link; the link alone where there is no guid; else title and text. Entries that are still alike
 * are the same entry.
 */
function keysOf(entries: readonly FeedEntry[]): string[] {
  const seen = new Map<string, number>();
  for (const { id } of entries) if (id !== undefined) seen.set(id, (seen.get(id) ?? 0) + 1);
  return entries.map((entry) => {
    const { id, link } = entry;
    if (id !== undefined && seen.get(id) === 1) return bounded(id);
    const said = [plainOf(entry.title), plainOf(entry.summary) ?? plainOf(entry.content)];
    if (id !== undefined) return hash([id, link, said[0]]);
    if (link !== undefined) return bounded(link);
    return hash([...said, JSON.stringify([entry.authors, entry.published, entry.updated, entry.categories])]);
  });
}

/** Keys go into an index; a guid of several kilobytes is named by its hash instead. */
function bounded(key: string): string {
  return key.length <= 500 ? key : hash([key]);
}

function hash(parts: readonly (string | undefined)[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
}

function short(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}
