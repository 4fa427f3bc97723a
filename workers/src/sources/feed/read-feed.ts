import { PermanentError } from "@paperwire/core";
import type { Payload } from "../source.ts";
import { atomEntries, atomEntry, atomHead } from "./atom.ts";
import { decodeText, type SlicedText, sliceable } from "./decode.ts";
import type { FeedDocument, FeedHead, FeedState } from "./document.ts";
import { readJsonFeed } from "./json-feed.ts";
import { rssEntry, rssHead, rssItems } from "./rss.ts";
import { parseXml, type XmlDocument, type XmlElement } from "./xml.ts";

/** More entries than any honest feed sends in one answer (arXiv's own limit is 2,000); the rest is cut. */
export const maxEntries = 5000;

const limits = { entries: maxEntries, depth: 256, elements: 200_000 };

/** JSON is held in memory as a whole, at several times its size. */
const maxJsonBytes = 8_000_000;

/**
 * Reads a feed of any format: RSS 0.9x, 1.0, 1.1, 2.0, CDF, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.
 * Malformed documents are read as far as they go; `truncated` and `cut` say where that was not to the end.
 *
 * @throws PermanentError with a sentence when the bytes are no feed at all
 */
export function readFeed(payload: Payload): FeedDocument {
  const source = sliceable(payload.bytes, payload.contentType);
  if (/^\s*[[{]/.test(source.text)) {
    if (payload.bytes.length > maxJsonBytes)
      throw new PermanentError("The JSON document has more than 8 MB and is not read.");
    const { text, encoding } = decodeText(payload.bytes, payload.contentType);
    const feed = readJsonFeed(parseJson(text), payload.url, maxEntries);
    return { ...feed, encoding, truncated: false, lastIsPartial: false };
  }
  return readXml(source, payload.url);
}

/** A feed in XML without its entries. */
export interface FeedFrame {
  readonly head: FeedHead;
  readonly state: FeedState;
}

/**
 * Like `readFeed` for feeds in XML, for kinds which read entries in their own way: hands every entry over
 * as it ends, in the order of the document.
 *
 * @throws PermanentError with a sentence when the bytes are no such feed
 */
export function streamFeed(payload: Payload, onEntry: (entry: XmlElement) => void): FeedFrame {
  const source = sliceable(payload.bytes, payload.contentType);
  const document = parseXml(source, limits, onEntry);
  const root = rootOf(document, source.text);
  return { head: formatOf(root).head(root, payload.url), state: stateOf(document, source.encoding) };
}

function readXml(source: Source, url: string | undefined): FeedDocument {
  const document = parseXml(source, limits);
  const root = rootOf(document, source.text);
  const format = formatOf(root);
  const head = format.head(root, url);
  const base = url ?? baseOf(head);
  const entries = format.entries(root).map((element) => format.entry(element, base));
  return { ...head, ...stateOf(document, source.encoding), entries };
}

type Source = SlicedText & { readonly encoding: string };

function rootOf({ root }: XmlDocument, text: string): XmlElement {
  if (root !== undefined) return root;
  throw new PermanentError(
    text.trim() === "" ? "The document is empty." : "The document is neither XML nor JSON.",
  );
}

function stateOf({ truncated, open, cut }: XmlDocument, encoding: string): FeedState {
  return { encoding, truncated, lastIsPartial: isInEntry(open), cut };
}

const atom = { head: atomHead, entries: atomEntries, entry: atomEntry };
const rss = { head: rssHead, entries: rssItems, entry: rssEntry };

function formatOf(root: XmlElement) {
  if (root.name === "feed" || root.name === "entry") return atom;
  if (root.name === "rss" || root.name === "rdf:rdf" || root.name === "rdf" || root.name === "channel")
    return rss;
  if (root.local === "html") throw new PermanentError("The document is a web page, not a feed.");
  throw new PermanentError(`The document is XML, but <${root.local.slice(0, 40)}> opens no kind of feed.`);
}

/** Relative links of a document that came without an address are read against the site it names. */
function baseOf(head: FeedHead): string | undefined {
  const candidates = [head.link, head.links.find((link) => link.rel === "self")?.href, head.id];
  return candidates.find((candidate) => candidate !== undefined && /^https?:\/\//i.test(candidate));
}

function isInEntry(open: XmlElement | undefined): boolean {
  for (let at = open; at !== undefined; at = at.parent)
    if (at.name === "item" || at.name === "entry") return true;
  return false;
}

/** Control characters inside texts are the usual fault of hand-made JSON; those documents get a second chance. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const clean = text.length <= 2_000_000 ? text.replace(/[\0-\x1f]+/g, " ") : "";
    return parseClean(clean, cause);
  }
}

function parseClean(text: string, reason: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PermanentError("The document begins like JSON but is not well formed.", { cause: reason });
  }
}
