import {
  type Author,
  PermanentError,
  parseArxivId,
  parseDoi,
  type Reading,
  type ReadWarning,
} from "@paperwire/core";
import { arxivBudget, arxivPage, arxivText, isWithdrawn } from "./arxiv-record.ts";
import { childrenOf, childText } from "./feed/element.ts";
import type { XmlElement } from "./feed/xml.ts";
import { quoted } from "./json.ts";
import { toListing } from "./lenient.ts";
import { badDates, badRow, instantOf, type Row, readRows, untitled } from "./rows.ts";
import type { SourceKind } from "./source.ts";
import { xmlOf } from "./xml.ts";

const place = "The arXiv API";
const dayMs = 86_400_000;
/** Larger pages are allowed and known to come back empty or short. */
const pageSize = 100;
/** The API answers 400 beyond this row. */
const lastRow = 30_000;

/**
 * arXiv's search API (Atom). A page without entries although the search has more is an outage of the
 * API's index, not the end: it reads as the warning `empty-page`, upon which the caller asks again later
 * and must not take the window for harvested.
 */
export const arxivApi: SourceKind = {
  id: "arxiv-api",
  title: "arXiv API search",
  everyMinutes: 720,
  budget: arxivBudget,
  authority: ["arxiv"],
  links: true,
  home: "arxiv",
  calendar: "arxiv",

  recognises: (url) =>
    /^(?:export\.|www\.)?arxiv\.org$/.test(url.hostname) && /^\/api\/query\/?$/.test(url.pathname),

  detects: (head) =>
    /<feed[\s>]/i.test(head) &&
    /arxiv\.org\/(?:api|abs)\b/i.test(head) &&
    /arxiv\.org\/api\/|<title[^>]*>\s*arxiv query\b|opensearch/i.test(head),

  /**
   * What was submitted in the window or in the week before it, oldest first: a paper is announced, and
   * appears here, one to four days after its submission and sometimes later.
   */
  requests(url, { from, to }) {
    const search = url.searchParams.get("search_query");
    const asked = new URL(url);
    if (
      search !== null &&
      !url.searchParams.has("id_list") &&
      !/submittedDate|lastUpdatedDate/.test(search)
    ) {
      const span = `submittedDate:[${minute(new Date(from.getTime() - 7 * dayMs))} TO ${minute(to)}]`;
      asked.searchParams.set("search_query", search.trim() === "" ? span : `(${search}) AND ${span}`);
      asked.searchParams.set("sortBy", "submittedDate");
      asked.searchParams.set("sortOrder", "ascending");
    }
    if (!url.searchParams.has("max_results")) asked.searchParams.set("max_results", String(pageSize));
    return [asked.href];
  },

  read(payload) {
    const { root, warnings: documentWarnings } = xmlOf(payload, place, ["feed"]);
    const entries = childrenOf(root, "entry");
    for (const entry of entries) refuseError(entry);
    const { listings, warnings } = readRows(place, entries, rowOf);
    const total = numberOf(root, "opensearch:totalresults");
    const start = numberOf(root, "opensearch:startindex") ?? 0;
    const next = nextPage(payload.url ?? selfOf(root), start, entries.length, total ?? 0);
    return {
      title: "arXiv",
      listings,
      warnings: [
        ...documentWarnings,
        ...warnings,
        ...emptiness(payload.url, start, entries.length, total ?? 0),
      ],
      ...(total !== undefined && { announced: total }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

/** An error is a feed like any other, with one entry that says so. */
function refuseError(entry: XmlElement): void {
  const isError = /arxiv\.org\/api\/errors/i.test(childText(entry, "id") ?? "");
  if (!isError && childText(entry, "title") !== "Error") return;
  throw new PermanentError(
    `${place} refused the request: ${quoted(childText(entry, "summary") ?? "no reason given")}.`,
  );
}

function rowOf(entry: XmlElement, at: string): Row {
  const given = parseArxivId(childText(entry, "id") ?? "");
  if (given === undefined) return badRow(at, "its id is no arXiv identifier");
  const title = arxivText(childText(entry, "title"));
  if (title === "") return untitled(given.id);
  const abstract = arxivText(childText(entry, "summary"));
  const comments = arxivText(childText(entry, "arxiv:comment", "comment"));
  const primary = childrenOf(entry, "arxiv:primary_category", "primary_category")[0]?.attributes.term;
  const terms = childrenOf(entry, "category").flatMap(({ attributes }) => attributes.term ?? []);
  return {
    listing: toListing({
      key: given.id,
      url: arxivPage(given.id),
      title,
      abstract,
      authors: childrenOf(entry, "author").flatMap(authorOf),
      published: instantOf(childText(entry, "published")),
      updated: instantOf(childText(entry, "updated")),
      categories: [...new Set(primary === undefined ? terms : [primary, ...terms])],
      arxivId: given.id,
      version: given.version,
      doi: parseDoi(childText(entry, "arxiv:doi", "doi") ?? ""),
      journalRef: arxivText(childText(entry, "arxiv:journal_ref", "journal_ref")),
      withdrawn: isWithdrawn({ title, comments, abstract }),
    }),
    notes: badDates(given.id, childText(entry, "published"), childText(entry, "updated")),
  };
}

function authorOf(author: XmlElement): Author[] {
  const name = arxivText(childText(author, "name"));
  if (name === "") return [];
  const affiliation = arxivText(childText(author, "arxiv:affiliation", "affiliation"));
  return [{ name, ...(affiliation !== "" && { affiliation }) }];
}

function emptiness(address: string | undefined, start: number, rows: number, total: number): ReadWarning[] {
  if (rows > 0 || start >= total) return [];
  const asked = address === undefined ? null : new URL(address).searchParams.get("id_list");
  if (asked !== null)
    return [{ code: "unknown-id", message: `${place} knows none of the identifiers it was asked for.` }];
  const message = `${place} answered with no entries from row ${start} although it counts ${total}: ask again later.`;
  return [{ code: "empty-page", message }];
}

function nextPage(
  address: string | undefined,
  start: number,
  rows: number,
  total: number,
): string | undefined {
  const following = start + rows;
  if (address === undefined || rows === 0 || following >= Math.min(total, lastRow)) return undefined;
  const url = new URL(address);
  url.searchParams.set("start", String(following));
  return url.href;
}

function selfOf(root: XmlElement): string | undefined {
  const href = childrenOf(root, "link").find(({ attributes }) => (attributes.rel ?? "self") === "self")
    ?.attributes.href;
  return href !== undefined && URL.canParse(href) && href.includes("/api/query") ? href : undefined;
}

function numberOf(root: XmlElement, name: string): number | undefined {
  const value = Number(childText(root, name) ?? "");
  return childText(root, name) !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** `YYYYMMDDHHMM` in GMT, as `submittedDate` takes it. */
function minute(date: Date): string {
  return date.toISOString().replace(/\D/g, "").slice(0, 12);
}
