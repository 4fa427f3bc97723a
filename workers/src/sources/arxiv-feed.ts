import {
  type AnnounceType,
  foldSpace,
  type Listing,
  parseArxivDescription,
  parseArxivId,
  parseArxivTitle,
  parseDoi,
  PermanentError,
  plainText,
  type Reading,
  type ReadWarning,
  splitAuthors,
} from "@paperwire/core";
import { arxivPage, arxivText, isWithdrawn } from "./arxiv-record.ts";
import type { FeedDocument, FeedEntry } from "./feed/document.ts";
import { childrenOf, childText, rawText } from "./feed/element.ts";
import { documentWarnings } from "./feed/listings.ts";
import { instantText } from "./feed/instant.ts";
import { optional } from "./feed/optional.ts";
import { plainOf } from "./feed/text-construct.ts";
import { toListing } from "./lenient.ts";

/** arXiv cuts every feed at this many rows, and the newest submissions are what is cut. */
export const arxivRowLimit = 2000;

/**
 * What arXiv's own feeds say, in all three forms they have had: RDF with everything in the title (until
 * January 2024), bare titles and abstracts (February 2024), and `arXiv:IDvN Announce Type: …` since.
 *
 * @throws PermanentError with arXiv's reason when the feed only says that the query was refused
 */
export function arxivReading(feed: FeedDocument): Reading {
  const title = plainOf(feed.title);
  if (title !== undefined && /^feed error for query\b/i.test(title)) {
    throw new PermanentError(`arXiv refused the query of this feed: ${plainOf(feed.description) ?? title}`);
  }
  const warnings: ReadWarning[] = [...documentWarnings(feed)];
  const listings = new Map<string, Listing>();
  feed.entries.forEach((entry, index) => {
    const at = `#${index + 1}`;
    const listing = listingOf(entry, feed);
    if (typeof listing === "string") warnings.push({ code: "bad-row", message: `Entry ${index + 1} was left out: ${listing}.`, at });
    else if (listings.has(listing.key)) warnings.push({ code: "duplicate-key", message: "The feed lists this paper twice; the first row is kept.", at: listing.key });
    else listings.set(listing.key, listing);
  });
  if (feed.entries.length >= arxivRowLimit) {
    const message = `The feed has ${feed.entries.length} rows and arXiv cuts at ${arxivRowLimit}: papers are missing. Ask for its categories one by one.`;
    warnings.push({ code: "truncated", message });
  }
  return {
    ...optional("title", title),
    ...optional("url", feed.link),
    listings: [...listings.values()],
    warnings,
    announced: feed.entries.length,
    ...optional("date", announcementDay(feed)),
    ...optional("rhythm", feed.rhythm),
  };
}

/** A listing, or why there is none. */
function listingOf(entry: FeedEntry, feed: FeedDocument): Listing | string {
  const told = parseArxivTitle(plainText(entry.title?.value ?? ""));
  const description = parseArxivDescription(plainOf(entry.summary) ?? "");
  const named = parseArxivId(entry.id ?? "") ?? parseArxivId(entry.link ?? "");
  const id = named?.id ?? description.arxivId ?? told.arxivId;
  if (id === undefined) return "neither its id, its link nor its text holds an arXiv identifier";
  const title = arxivText(told.title);
  if (title === "") return `${id} has no title`;
  const abstract = arxivText(description.abstract);
  const { element } = entry;
  const journalRef = element === undefined ? undefined : childText(element, "arxiv:journal_reference", "arxiv:journal_ref");
  const doi = element === undefined ? undefined : childText(element, "arxiv:doi");
  return toListing({
    key: id,
    url: arxivPage(id),
    title,
    abstract,
    authors: splitAuthors(creatorsOf(entry)),
    published: instantText(entry.published ?? feed.published ?? feed.updated ?? ""),
    categories: categoriesOf(entry, told.categories),
    arxivId: id,
    version: named?.version ?? description.version ?? told.version,
    announceType: announceTypeOf(entry) ?? description.announceType ?? oldAnnounceType(told.mark, told.version),
    doi: doi === undefined ? undefined : parseDoi(doi),
    journalRef: journalRef === undefined ? undefined : arxivText(journalRef),
    license: plainOf(entry.rights),
    withdrawn: isWithdrawn({ title, abstract }),
  });
}

/** The author line as it stands: its doubled spaces mark people of one name. Old feeds made every name a link. */
function creatorsOf(entry: FeedEntry): string {
  if (entry.element === undefined) return "";
  const lines = childrenOf(entry.element, "dc:creator").map(rawText);
  if (lines.length === 0) return entry.authors.map(({ name }) => name ?? "").join(", ");
  return lines.map((line) => (/<a\b/i.test(line) ? plainText(line) : line)).join(", ");
}

function announceTypeOf(entry: FeedEntry): AnnounceType | undefined {
  const written = entry.element === undefined ? undefined : childText(entry.element, "arxiv:announce_type")?.toLowerCase();
  return written === "new" || written === "cross" || written === "replace" || written === "replace-cross" ? written : undefined;
}

/** Old feeds marked what was not new, and did not tell a replaced cross-list from a replacement. */
function oldAnnounceType(mark: "UPDATED" | "CROSS LISTED" | undefined, version: number | undefined): AnnounceType | undefined {
  if (mark !== undefined) return mark === "UPDATED" ? "replace" : "cross";
  return version === undefined ? undefined : "new";
}

function categoriesOf(entry: FeedEntry, told: readonly string[]): string[] {
  const listed = entry.categories.map(({ term }) => foldSpace(term)).filter((term) => term !== "");
  return [...new Set(listed.length > 0 ? listed : told)];
}

/**
 * The Eastern date the feed claims for its announcement: that of the channel's `pubDate` (Atom: of the
 * entries' `published`), of the time of building where there is nothing else. The old feeds were built
 * after 20:00 for the following day's list.
 */
function announcementDay(feed: FeedDocument): string | undefined {
  const written = feed.published ?? feed.entries[0]?.published ?? feed.updated;
  const instant = instantText(written ?? "");
  if (instant === undefined) return undefined;
  const eastern = Object.fromEntries(easternClock.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  const day = `${eastern.year}-${eastern.month}-${eastern.day}`;
  if (feed.format !== "rdf" || Number(eastern.hour) < 20) return day;
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
