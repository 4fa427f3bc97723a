import { PermanentError, type Reading } from "@paperwire/core";
import { z } from "zod";
import { childrenOf, childText, textOf } from "./feed/element.ts";
import type { XmlElement } from "./feed/xml.ts";
import { jsonOf, quoted, textOf as textOfBytes } from "./json.ts";
import { list, object, text } from "./lenient.ts";
import { recordOf } from "./pubmed-record.ts";
import { readRows } from "./rows.ts";
import type { Payload, SourceKind } from "./source.ts";
import { descendants, xmlOf } from "./xml.ts";

const place = "PubMed";
const base = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils";
const pageSize = 200;

/**
 * PubMed through NCBI's E-utilities: a search (`esearch`, JSON or XML) names no papers itself and leads on
 * to the page that does (`efetch`, XML), through NCBI's history server, so that any number can follow.
 */
export const pubmed: SourceKind = {
  id: "pubmed",
  title: "PubMed search",
  everyMinutes: 720,
  budget: { group: "ncbi", gapMs: 340 },
  authority: ["pmid", "pmcid"],
  links: true,
  home: "pubmed",

  recognises: (url) =>
    (url.hostname === "eutils.ncbi.nlm.nih.gov" && /\/e(?:search|fetch)\.fcgi$/.test(url.pathname)) ||
    (url.hostname === "pubmed.ncbi.nlm.nih.gov" && url.pathname === "/" && url.searchParams.has("term")),

  detects: (head) =>
    /<PubmedArticleSet[\s>]|<PubmedBookArticleSet[\s>]|<PubmedArticle[\s>]|<eSearchResult[\s>]|<eFetchResult[\s>]/.test(
      head,
    ) ||
    (/^\s*\{/.test(head) && /"esearchresult"\s*:/.test(head)),

  /** What entered PubMed in the window, by its Entrez date, which is the day a record can first be seen. */
  requests(url, { from, to }) {
    const term = url.searchParams.get("term");
    if (term === null || /efetch\.fcgi$/.test(url.pathname)) return [url.href];
    const isApi = /esearch\.fcgi$/.test(url.pathname);
    const asked = isApi ? new URL(url) : new URL(`${base}/esearch.fcgi`);
    const defaults = { db: "pubmed", term, retmode: "json", usehistory: "y", retmax: "0" };
    for (const [name, value] of Object.entries(defaults)) {
      if (!asked.searchParams.has(name)) asked.searchParams.set(name, value);
    }
    if (!["mindate", "maxdate", "reldate"].some((name) => url.searchParams.has(name))) {
      const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
      asked.searchParams.set("datetype", "edat");
      asked.searchParams.set("mindate", day(from));
      asked.searchParams.set("maxdate", day(last));
    }
    return [asked.href];
  },

  read(payload) {
    const head = textOfBytes(payload.bytes.subarray(0, 200)).trimStart();
    return /^[[{]/.test(head) ? readSearch(payload, searchInJson(payload)) : readXml(payload);
  },
};

interface Search {
  readonly count: number;
  readonly ids: readonly string[];
  readonly history?: { readonly webEnv: string; readonly queryKey: string };
}

function readXml(payload: Payload): Reading {
  const roots = [
    "pubmedarticleset",
    "pubmedbookarticleset",
    "pubmedarticle",
    "esearchresult",
    "efetchresult",
  ];
  const { root, warnings: documentWarnings } = xmlOf(payload, place, roots);
  if (root.local === "esearchresult") return readSearch(payload, searchInXml(root));
  const fault = root.local === "efetchresult" ? (textOf(root) ?? "no reason given") : undefined;
  // Behind the last page of a history there is nothing, which NCBI calls an error.
  if (fault !== undefined && !/empty result|nothing to ?do|unable to obtain query/i.test(fault)) {
    throw new PermanentError(`${place} refused the request: ${quoted(fault)}.`);
  }
  const records =
    root.local === "pubmedarticle" ? [root] : childrenOf(root, "pubmedarticle", "pubmedbookarticle");
  const deleted = childrenOf(root, "deletecitation", "deletedocument").flatMap((gone) =>
    descendants(gone, "pmid").flatMap((id) => textOf(id) ?? []),
  );
  const { listings, warnings } = readRows(place, records, recordOf);
  const next = nextPage(payload.url, records.length);
  return {
    title: "PubMed",
    listings,
    warnings: [...documentWarnings, ...warnings],
    ...(deleted.length > 0 && { deleted }),
    ...(next !== undefined && { next }),
  };
}

function readSearch(payload: Payload, { count, ids, history }: Search): Reading {
  const found = { title: "PubMed", listings: [], announced: count };
  if (count === 0) return { ...found, warnings: [] };
  const asked = payload.url === undefined ? undefined : new URL(payload.url);
  const fetchUrl = new URL("efetch.fcgi", asked ?? `${base}/`);
  fetchUrl.searchParams.set("db", "pubmed");
  fetchUrl.searchParams.set("retmode", "xml");
  for (const name of ["api_key", "tool", "email"]) {
    const value = asked?.searchParams.get(name);
    if (value) fetchUrl.searchParams.set(name, value);
  }
  if (history !== undefined) {
    fetchUrl.searchParams.set("WebEnv", history.webEnv);
    fetchUrl.searchParams.set("query_key", history.queryKey);
    fetchUrl.searchParams.set("retstart", "0");
    fetchUrl.searchParams.set("retmax", String(pageSize));
    return { ...found, warnings: [], next: fetchUrl.href };
  }
  if (ids.length === 0) {
    const message = `${place} counts ${count} papers and names none: ask with usehistory=y or a larger retmax.`;
    return { ...found, warnings: [{ code: "empty-page", message }] };
  }
  const taken = ids.slice(0, pageSize);
  fetchUrl.searchParams.set("id", taken.join(","));
  const message = `${place} found ${count} papers and ${taken.length} can be fetched: ask with usehistory=y for all of them.`;
  return { ...found, warnings: taken.length < count ? [{ code: "cut", message }] : [], next: fetchUrl.href };
}

function searchInJson(payload: Payload): Search {
  const count = z.coerce.number().int().nonnegative();
  const shape = z.object({
    error: text,
    esearchresult: object({
      ERROR: text,
      count: count.optional().catch(undefined),
      idlist: list(z.string()),
      webenv: text,
      querykey: text,
    }),
  });
  const answer = shape.safeParse(jsonOf(payload, place));
  const result = answer.data?.esearchresult;
  const fault = answer.data?.error ?? result?.ERROR;
  if (fault !== undefined) throw new PermanentError(`${place} refused the search: ${quoted(fault)}.`);
  if (result?.count === undefined)
    throw new PermanentError(`${place} answered with something other than a search.`);
  const { webenv, querykey } = result;
  const history =
    webenv === undefined || querykey === undefined ? undefined : { webEnv: webenv, queryKey: querykey };
  return { count: result.count, ids: result.idlist, ...(history && { history }) };
}

function searchInXml(root: XmlElement): Search {
  const fault = childText(root, "error");
  const count = Number(childText(root, "count"));
  if (fault !== undefined) throw new PermanentError(`${place} refused the search: ${quoted(fault)}.`);
  if (!Number.isInteger(count))
    throw new PermanentError(`${place} answered with a search that counts nothing.`);
  const webEnv = childText(root, "webenv");
  const queryKey = childText(root, "querykey");
  const ids = childrenOf(root, "idlist").flatMap((found) =>
    childrenOf(found, "id").flatMap((id) => textOf(id) ?? []),
  );
  return {
    count,
    ids,
    ...(webEnv !== undefined && queryKey !== undefined && { history: { webEnv, queryKey } }),
  };
}

/** `YYYY/MM/DD`, as E-utilities take dates. */
function day(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll("-", "/");
}

/** A full page of a history may have another behind it; how many there are in all is not said here. */
function nextPage(address: string | undefined, rows: number): string | undefined {
  if (address === undefined) return undefined;
  const url = new URL(address);
  const size = Number(url.searchParams.get("retmax") ?? 0);
  if (!url.searchParams.has("WebEnv") || rows === 0 || rows < size) return undefined;
  url.searchParams.set("retstart", String(Number(url.searchParams.get("retstart") ?? 0) + rows));
  return url.href;
}
