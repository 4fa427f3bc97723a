import {
  type AnnounceType,
  type ArxivTitle,
  announceTypes,
  type Listing,
  PermanentError,
  parseArxivDescription,
  parseArxivId,
  parseArxivTitle,
  parseDoi,
  plainText,
  type Reading,
  type ReadWarning,
  splitAuthors,
} from "@paperwire/core";
import { arxivPage, arxivText, isWithdrawn } from "./arxiv-record.ts";
import type { FeedHead } from "./feed/document.ts";
import { attributeOf, hasElements, innerHtml, ownText, rawText, textOf } from "./feed/element.ts";
import { instantText } from "./feed/instant.ts";
import { documentWarnings } from "./feed/listings.ts";
import { optional } from "./feed/optional.ts";
import { streamFeed } from "./feed/read-feed.ts";
import { plainOf } from "./feed/text-construct.ts";
import type { XmlElement } from "./feed/xml.ts";
import { toListing } from "./lenient.ts";
import type { Payload } from "./source.ts";

/** arXiv cuts every feed at this many rows, and the newest submissions are what is cut. */
export const arxivRowLimit = 2000;

/**
 * What arXiv's own feeds say, in all three forms they have had: RDF with everything in the title (until
 * January 2024), bare titles and abstracts (February 2024), and `arXiv:IDvN Announce Type: …` since.
 * `announced` counts the rows; a row that was cut off with the document is not read.
 *
 * @throws PermanentError with arXiv's reason when the feed only says that the query was refused
 */
export function arxivReading(payload: Payload): Reading {
  const listings = new Map<string, Listing>();
  const rowWarnings: ReadWarning[] = [];
  const instants = new Map<string, string | undefined>();
  let rows = 0;
  let firstDate: string | undefined;
  const { head, state } = streamFeed(payload, (row) => {
    const at = `#${++rows}`;
    const said = fieldsOf(row);
    firstDate ??= said.published;
    const listing = listingOf(said, instantsIn(instants, said.published));
    if (typeof listing === "string") {
      rowWarnings.push({ code: "bad-row", message: `Entry ${rows} was left out: ${listing}.`, at });
    } else if (listings.has(listing.key)) {
      const message = "The feed lists this paper twice; the first row is kept.";
      rowWarnings.push({ code: "duplicate-key", message, at: listing.key });
    } else listings.set(listing.key, listing);
  });
  refuseErrorFeed(head);
  const date = announcementDay(head, firstDate);
  const fallback = instantText(head.published ?? head.updated ?? "");
  return {
    ...optional("title", plainOf(head.title)),
    ...optional("url", head.link ?? head.links.find(({ rel }) => rel === "self")?.href),
    listings: Array.from(listings.values(), (one) =>
      one.published === undefined ? dated(one, fallback) : one,
    ),
    warnings: [...documentWarnings(state, rows), ...rowWarnings, ...cutWarnings(rows)],
    announced: rows,
    ...optional("date", date),
    ...optional("rhythm", head.rhythm),
  };
}

function refuseErrorFeed(head: FeedHead): void {
  const title = plainOf(head.title);
  if (title === undefined || !/^feed error for query\b/i.test(title)) return;
  throw new PermanentError(`arXiv refused the query of this feed: ${plainOf(head.description) ?? title}`);
}

function cutWarnings(rows: number): ReadWarning[] {
  if (rows < arxivRowLimit) return [];
  const message = `The feed has ${rows} rows and arXiv cuts at ${arxivRowLimit}: papers are missing. Ask for its categories one by one.`;
  return [{ code: "truncated", message }];
}

/** All rows of a feed carry one date; it is worked out once. */
function instantsIn(known: Map<string, string | undefined>, written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  if (!known.has(written)) known.set(written, instantText(written));
  return known.get(written);
}

function dated(listing: Listing, published: string | undefined): Listing {
  return published === undefined ? listing : { ...listing, published };
}

/** A listing, or why there is none. */
function listingOf(said: ReturnType<typeof fieldsOf>, published: string | undefined): Listing | string {
  const told = parseArxivTitle(said.title);
  const description = parseArxivDescription(said.description);
  const stated = description.arxivId === undefined ? undefined : description;
  const named = stated === undefined ? (parseArxivId(said.id) ?? parseArxivId(said.link)) : undefined;
  const id = stated?.arxivId ?? named?.id ?? told.arxivId;
  if (id === undefined) return "neither its id, its link nor its text holds an arXiv identifier";
  const title = arxivText(told.title);
  if (title === "") return `${id} has no title`;
  const abstract = arxivText(description.abstract);
  return toListing({
    key: id,
    url: arxivPage(id),
    title,
    abstract,
    authors: splitAuthors(said.creators),
    published,
    categories: said.categories.length > 0 ? said.categories : told.categories,
    arxivId: id,
    version: named?.version ?? description.version ?? told.version,
    announceType:
      announceTypes.find((type) => type === said.announceType) ??
      description.announceType ??
      markedType(told),
    doi: said.doi === "" ? undefined : parseDoi(said.doi),
    journalRef: arxivText(said.journalRef),
    license: said.license,
    withdrawn: isWithdrawn({ title, abstract }),
  });
}

/**
 * The fields of a row as written, empty where absent. Of the author line the doubled spaces stay, which
 * mark people of one name; old feeds made every name a link.
 */
function fieldsOf(row: XmlElement) {
  let title = "";
  let description = "";
  let id = "";
  let link = attributeOf(row, "rdf:about") ?? "";
  let published: string | undefined;
  let creators = "";
  let announceType = "";
  let doi = "";
  let journalRef = "";
  let license: string | undefined;
  const categories: string[] = [];
  for (const node of row.children) {
    if (typeof node === "string") continue;
    switch (node.name) {
      case "title":
        title ||= markupOf(node);
        break;
      case "description":
      case "summary":
        description ||= markupOf(node);
        break;
      case "guid":
      case "id":
        id ||= textOf(node) ?? "";
        break;
      case "link":
        link = textOf(node) ?? attributeOf(node, "href") ?? link;
        break;
      case "pubdate":
      case "published":
      case "dc:date":
        published ??= textOf(node);
        break;
      case "dc:creator":
      case "author": {
        const line = rawText(node);
        creators += (creators === "" ? "" : ", ") + (line.includes("<") ? plainText(line) : line);
        break;
      }
      case "category": {
        const code = attributeOf(node, "term") ?? ownText(node);
        if (code !== undefined && !categories.includes(code)) categories.push(code);
        break;
      }
      case "arxiv:announce_type":
        announceType = textOf(node)?.toLowerCase() ?? "";
        break;
      case "arxiv:doi":
        doi = textOf(node) ?? "";
        break;
      case "arxiv:journal_reference":
      case "arxiv:journal_ref":
        journalRef = textOf(node) ?? "";
        break;
      case "dc:rights":
      case "rights":
        license = textOf(node);
        break;
    }
  }
  return {
    title,
    description,
    id,
    link,
    published,
    creators,
    announceType,
    doi,
    journalRef,
    license,
    categories,
  };
}

/** `plainText` comes later, after arXiv's own prefixes are off. */
function markupOf(element: XmlElement): string {
  return hasElements(element) ? innerHtml(element) : rawText(element);
}

/** Old feeds marked what was not new, and did not tell a replaced cross-list from a replacement. */
function markedType({ mark, version }: ArxivTitle): AnnounceType | undefined {
  if (mark !== undefined) return mark === "UPDATED" ? "replace" : "cross";
  return version === undefined ? undefined : "new";
}

/**
 * The Eastern date the feed claims for its announcement: that of the channel's `pubDate` (Atom: of the
 * entries' `published`), of the time of building where there is nothing else. The old feeds were built
 * after 20:00 for the following day's list.
 */
function announcementDay(head: FeedHead, rowDate: string | undefined): string | undefined {
  const instant = instantText(head.published ?? rowDate ?? head.updated ?? "");
  if (instant === undefined) return undefined;
  const eastern = Object.fromEntries(
    easternClock.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]),
  );
  const day = `${eastern.year}-${eastern.month}-${eastern.day}`;
  if (head.format !== "rdf" || Number(eastern.hour) < 20) return day;
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

const easternClock = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/New_York",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  hourCycle: "h23",
});
