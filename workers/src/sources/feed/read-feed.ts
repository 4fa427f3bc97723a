import { PermanentError } from "@paperwire/core";
import type { Payload } from "../source.ts";
import { readAtom } from "./atom.ts";
import { decodeText } from "./decode.ts";
import type { FeedDocument } from "./document.ts";
import { readJsonFeed } from "./json-feed.ts";
import { readRss } from "./rss.ts";
import { parseXml, type XmlElement } from "./xml.ts";

/** More entries than any honest feed sends in one answer (arXiv's own limit is 2,000); the rest is cut. */
export const maxEntries = 5000;

const limits = { entries: maxEntries, depth: 256, elements: 1_000_000 };

/**
 * Reads a feed of any format: RSS 0.9x, 1.0, 1.1, 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1. Malformed
 * documents are read as far as they go; `truncated` and `cut` say where that was not to the end.
 *
 * @throws PermanentError with a sentence when the bytes are no feed at all
 */
export function readFeed(payload: Payload): FeedDocument {
  const { text, encoding } = decodeText(payload.bytes, payload.contentType);
  const start = text.trimStart();
  if (start === "") throw new PermanentError("The document is empty.");
  if (/^[[{]/.test(start))
    return { ...readJsonFeed(parseJson(start), payload.url, maxEntries), encoding, truncated: false };
  const { root, truncated, cut } = parseXml(text, limits);
  return { ...mapRoot(root, payload.url), encoding, truncated, cut };
}

function mapRoot(root: XmlElement | undefined, url: string | undefined) {
  if (root === undefined) throw new PermanentError("The document is neither XML nor JSON.");
  if (root.name === "feed" || root.name === "entry") return readAtom(root, url);
  if (root.name === "rss" || root.name === "rdf:rdf" || root.name === "channel" || root.name === "rdf")
    return readRss(root, url);
  if (root.local === "html") throw new PermanentError("The document is a web page, not a feed.");
  throw new PermanentError(`The document is XML, but <${root.local.slice(0, 40)}> opens no kind of feed.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PermanentError("The document begins like JSON but is not well formed.", { cause });
  }
}
