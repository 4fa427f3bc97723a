import {
  type AnnounceType,
  aliases,
  archiveCodes,
  archiveOf,
  canonicalCategory,
  categories,
  foldSpace,
  isCategory,
  PermanentError,
  parseArxivId,
  type ReadWarning,
  splitAuthors,
  texToUnicode,
} from "@paperwire/core";
import { type ListedEntry, type ListingPage, readListingPage } from "./arxiv-listing-page.ts";
import { arxivBudget, arxivPage, isWithdrawn } from "./arxiv-record.ts";
import { decodeText } from "./feed/decode.ts";
import { quoted } from "./json.ts";
import { toListing } from "./lenient.ts";
import { badRow, type Row, readRows, untitled } from "./rows.ts";
import type { Payload, SourceKind } from "./source.ts";

const place = "arXiv's listing page";
/** The most entries a page shows, and what it shows when it is not asked for fewer. */
const pageSize = 2000;

/**
 * arXiv's listing page of a category (`/list/cs.CL/new`): the day's announcement with its date and arXiv's own
 * counts, which the feeds lack. `announced` is the total of the whole list, also on a page that shows a part
 * of it; the rest is behind `next`. The page gives no versions (new papers are at their first).
 */
export const arxivListing: SourceKind = {
  id: "arxiv-listing",
  title: "arXiv listing page",
  everyMinutes: 120,
  budget: arxivBudget,
  authority: ["arxiv"],
  links: true,
  home: "arxiv",
  calendar: "arxiv",

  recognises: (url) => /^(?:www\.|export\.)?arxiv\.org$/.test(url.hostname) && listPath.test(url.pathname),

  detects(head, payload) {
    if (!/^<(?:!doctype html|html|head)\b/i.test(head)) return false;
    if (payload.url !== undefined && URL.canParse(payload.url)) {
      const url = new URL(payload.url);
      if (/arxiv\.org$/.test(url.hostname)) return listPath.test(url.pathname);
    }
    return /arxiv/i.test(head) && marks.test(new TextDecoder().decode(payload.bytes.subarray(0, 65_536)));
  },

  read(payload) {
    const { text } = decodeText(payload.bytes, payload.contentType);
    const page = readListingPage(text, pageSize * 2);
    if (!page.isListing && page.entries.length === 0 && !page.isEmpty) {
      throw new PermanentError(
        `${place} was expected, and the answer is another page${page.name === "" ? "" : ` (${quoted(page.name)})`}.`,
      );
    }
    const context = contextOf(payload, page, text);
    const { listings, warnings } = readRows(place, page.entries, (entry, at) => rowOf(entry, at, context));
    const announced = announcedBy(page);
    const next = nextPage(payload.url, page, announced);
    const date = page.date ?? page.sections.find(({ kind }) => kind !== undefined)?.date;
    return {
      ...(page.name !== "" && { title: page.name }),
      ...(context !== undefined && { url: `https://arxiv.org/list/${context}/new` }),
      listings,
      warnings: [...warnings, ...miscounts(page, announced, next)],
      ...(date !== undefined && { date }),
      ...(announced !== undefined && { announced }),
      ...(next !== undefined && { next }),
    };
  },
};

const listPath = /^\/list\/([\w.-]+)\/(?:new|recent|pastweek)\/?$/;
const marks = /id=["']dlpage["']|class=["']list-title\b|showing new listings for/i;

/** The category or archive the page is of: by its address, by its own links, or by its name. */
function contextOf(payload: Payload, page: ListingPage, html: string): string | undefined {
  const address = payload.url !== undefined && URL.canParse(payload.url) ? new URL(payload.url).pathname : "";
  const code = listPath.exec(address)?.[1] ?? /id=["'](?:recent|new)-([\w.-]+)["']/.exec(html)?.[1];
  if (code !== undefined && (isCategory(code) || archiveCodes.includes(code))) return code;
  return [...categories.values()].find(({ name }) => name === page.name)?.code;
}

function rowOf(entry: ListedEntry, at: string, context: string | undefined): Row {
  const arxiv = parseArxivId(entry.id);
  if (arxiv === undefined) return badRow(at, `${quoted(entry.id)} is no arXiv identifier`);
  const [title, abstract, comments] = [entry.title, entry.abstract, entry.comments].map(plain);
  if (title === undefined || title === "") return untitled(arxiv.id);
  const codes = [...entry.subjects.matchAll(/\(([a-z-]+(?:\.[A-Za-z-]+)?)\)/g)].flatMap(([, code = ""]) =>
    isCategory(code) ? [code] : [],
  );
  const announceType = announceTypeOf(entry, codes[0], context);
  const version = arxiv.version ?? (announceType === "new" ? 1 : undefined);
  return {
    listing: toListing({
      key: arxiv.id,
      url: arxivPage(arxiv.id),
      title,
      abstract,
      authors: splitAuthors(entry.authors.replace(/^\s*Authors?:/, " ").replace(notShown, "")),
      categories: codes,
      arxivId: arxiv.id,
      version,
      announceType,
      journalRef: plain(entry.journalRef),
      listedOn: entry.section?.kind === undefined ? entry.section?.date : undefined,
      withdrawn: isWithdrawn({
        title,
        ...(abstract !== undefined && { abstract }),
        ...(comments !== undefined && { comments }),
      }),
    }),
  };
}

/** `Jane Doe, John Smith, et al. (123 additional authors not shown)`, `(author list is unavailable)`. */
const notShown =
  /,?\s*et\.? al\.?\s*\(\d+ (?:additional|other) authors? not shown\)|\(author list is unavailable\)/i;

function plain(text: string): string {
  return texToUnicode(foldSpace(text));
}

/** By the section an entry stands in, else by its own mark; a replacement of a paper from elsewhere is a `replace-cross`. */
function announceTypeOf(
  entry: ListedEntry,
  primary: string | undefined,
  context: string | undefined,
): AnnounceType | undefined {
  const marked = /\(\s*cross-list\b/i.test(entry.mark)
    ? "cross"
    : /\(\s*replaced\s*\)/i.test(entry.mark)
      ? "replace"
      : undefined;
  const kind = entry.section?.kind ?? marked ?? (entry.section?.date === undefined ? undefined : "new");
  if (kind !== "replace" || primary === undefined || context === undefined) return kind;
  return belongsTo(primary, context) ? "replace" : "replace-cross";
}

/** Is a category the context, its alias, or one of the archive that the context is? */
function belongsTo(code: string, context: string): boolean {
  if (canonicalCategory(code) === canonicalCategory(context)) return true;
  if (archiveCodes.includes(context) && archiveOf(code) === context) return true;
  return Object.entries(aliases).some(
    ([alias, canonical]) => canonical === code && archiveOf(alias) === context,
  );
}

/** arXiv's own count of the whole list: the total, else the sum of its sections, 0 when it says that there is nothing. */
function announcedBy(page: ListingPage): number | undefined {
  if (page.total !== undefined) return page.total;
  const totals = page.sections.flatMap(({ total }) => (total === undefined ? [] : [total]));
  if (totals.length > 0) return totals.reduce((sum, total) => sum + total, 0);
  return page.isEmpty ? 0 : undefined;
}

function nextPage(
  address: string | undefined,
  page: ListingPage,
  announced: number | undefined,
): string | undefined {
  const last = page.entries.at(-1)?.number;
  if (
    address === undefined ||
    !URL.canParse(address) ||
    last === undefined ||
    announced === undefined ||
    last >= announced
  )
    return undefined;
  const url = new URL(address);
  if (last <= Number(url.searchParams.get("skip") ?? 0)) return undefined;
  url.searchParams.set("skip", String(last));
  url.searchParams.set("show", String(pageSize));
  return url.href;
}

/** Where the page holds fewer entries than it says it shows. */
function miscounts(
  page: ListingPage,
  announced: number | undefined,
  next: string | undefined,
): ReadWarning[] {
  const said = page.sections.flatMap(({ shown }) => (shown === undefined ? [] : [shown]));
  const shown =
    said.length > 0 ? said.reduce((sum, one) => sum + one, 0) : next === undefined ? announced : undefined;
  const { length } = page.entries;
  if (shown === undefined || length >= shown) return [];
  return [
    {
      code: "missing-entries",
      message: `The page says that it shows ${shown} entries and holds ${length}; it was cut or its form has changed.`,
    },
  ];
}
