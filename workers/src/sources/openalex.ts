import { PermanentError, parseArxivId, parseDoi, plainText, type Reading } from "@paperwire/core";
import { z } from "zod";
import { abstractOf } from "./abstract.ts";
import { jsonOf, quoted } from "./json.ts";
import { flag, list, object, orcidOf, text, toListing } from "./lenient.ts";
import { badRow, instantOf, kindOf, type Row, readRows, untitled } from "./rows.ts";
import type { SourceKind } from "./source.ts";

const place = "OpenAlex";
const dayMs = 86_400_000;

/** OpenAlex works. A key is needed since February 2026: it stands in the address as `api_key`. */
export const openalex: SourceKind = {
  id: "openalex",
  title: "OpenAlex works",
  everyMinutes: 1440,
  budget: { group: "openalex", gapMs: 1000 },
  authority: ["openalex"],
  links: true,
  home: "openalex",

  recognises: (url) => url.hostname === "api.openalex.org" && worksPath.test(url.pathname),

  detects: (head) =>
    /^\s*\{/.test(head) &&
    /"https?:\/\/openalex\.org\/W\d+"|"meta"\s*:\s*\{[^}]*"(?:db_response_time_ms|groups_count|next_cursor)"/.test(
      head,
    ),

  /** Works whose date of publication lies in the window or the week before: OpenAlex learns of them late. */
  requests(url, { from, to }) {
    if (!/\/works\/?$/.test(url.pathname)) return [url.href];
    const asked = new URL(url);
    const filter = url.searchParams.get("filter") ?? "";
    if (!/(?:^|,)(?:from_|to_|publication_date|ids?\.|openalex)/.test(filter)) {
      const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
      const days = `from_publication_date:${day(new Date(from.getTime() - 7 * dayMs))},to_publication_date:${day(last)}`;
      asked.searchParams.set("filter", filter === "" ? days : `${filter},${days}`);
    }
    if (!["page", "cursor", "sample"].some((name) => url.searchParams.has(name)))
      asked.searchParams.set("cursor", "*");
    if (!url.searchParams.has("per-page") && !url.searchParams.has("per_page"))
      asked.searchParams.set("per-page", "100");
    return [asked.href];
  },

  read(payload) {
    const answer = z.record(z.string(), z.unknown()).safeParse(jsonOf(payload, place));
    if (!answer.success) throw new PermanentError(`${place} answered with something other than works.`);
    const { error, message } = z.object({ error: text, message: text }).parse(answer.data);
    if (error !== undefined)
      throw new PermanentError(`${place} answered with an error: ${quoted(message ?? error)}.`);
    const page = pageShape.parse(answer.data);
    if (page.results === undefined && !("id" in answer.data))
      throw new PermanentError(`${place} answered without results.`);
    const rows = page.results ?? [answer.data];
    const { listings, warnings } = readRows(place, rows, rowOf);
    const next = nextPage(payload.url, page, rows.length);
    return {
      title: "OpenAlex",
      listings,
      warnings,
      ...(page.meta?.count !== undefined && { announced: page.meta.count }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

const pageShape = z.object({
  meta: object({ count: z.number().optional().catch(undefined), next_cursor: text }),
  results: z.array(z.unknown()).optional().catch(undefined),
});

const location = z.object({
  landing_page_url: text,
  license: text,
  source: object({ display_name: text }),
});

const workShape = z.object({
  id: z.string(),
  doi: text,
  title: text,
  display_name: text,
  publication_date: text,
  updated_date: text,
  language: text,
  is_retracted: flag,
  ids: object({ pmid: text, pmcid: text }),
  primary_location: location.optional().catch(undefined),
  locations: list(location),
  authorships: list(
    z.object({
      author: object({ display_name: text, orcid: text }),
      raw_author_name: text,
      raw_affiliation_strings: list(z.string()),
      institutions: list(z.object({ display_name: z.string() })),
    }),
  ),
  biblio: object({ volume: text, issue: text, first_page: text, last_page: text }),
  topics: list(z.object({ display_name: z.string() })),
  concepts: list(z.object({ display_name: z.string() })),
  abstract_inverted_index: z.record(z.string(), z.array(z.number())).optional().catch(undefined),
});

type Work = z.infer<typeof workShape>;

function rowOf(value: unknown, at: string): Row {
  const parsed = workShape.safeParse(value);
  const key = parsed.success ? /W\d+/.exec(parsed.data.id)?.[0] : undefined;
  if (!parsed.success || key === undefined)
    return badRow(at, `a work with an id was expected, not ${kindOf(value)}`);
  const work = parsed.data;
  const title = plainText(work.title ?? work.display_name ?? "");
  if (title === "") return untitled(key);
  const places =
    work.primary_location === undefined ? work.locations : [work.primary_location, ...work.locations];
  const arxiv = [work.doi, ...places.map((at) => at.landing_page_url)]
    .map((text) => parseArxivId(text ?? ""))
    .find((id) => id);
  const doi = parseDoi(work.doi ?? "");
  const categories = work.topics.length > 0 ? work.topics : work.concepts;
  return {
    listing: toListing({
      key,
      url: places[0]?.landing_page_url ?? work.id,
      title,
      abstract: abstractOf(wordsInOrder(work.abstract_inverted_index ?? {})),
      authors: work.authorships.flatMap(authorOf),
      published: instantOf(work.publication_date),
      updated: instantOf(work.updated_date),
      categories: [...new Set(categories.map(({ display_name }) => plainText(display_name)))],
      arxivId: arxiv?.id,
      version: arxiv?.version,
      doi,
      journalRef: journalRef(work),
      license: places.find((at) => at.license !== undefined)?.license,
      language: work.language,
      ids: [`openalex:${key}`, ...pubmedIds(work.ids)],
      venue: plainText(work.primary_location?.source?.display_name ?? ""),
      withdrawn: work.is_retracted,
    }),
  };
}

/** OpenAlex gives an abstract as its words with their places. */
export function wordsInOrder(index: Readonly<Record<string, readonly number[]>>): string {
  const words = Object.entries(index).flatMap(([word, places]) => places.map((at) => ({ word, at })));
  return words
    .sort((a, b) => a.at - b.at)
    .map(({ word }) => word)
    .join(" ");
}

function authorOf({
  author,
  raw_author_name,
  raw_affiliation_strings,
  institutions,
}: Work["authorships"][number]) {
  const name = plainText(author?.display_name ?? raw_author_name ?? "");
  if (name === "") return [];
  const named = institutions.map(({ display_name }) => plainText(display_name));
  const affiliation = (named.length > 0 ? named : raw_affiliation_strings.map(plainText))
    .filter((at) => at !== "")
    .join("; ");
  const orcid = orcidOf(author?.orcid);
  return [{ name, ...(affiliation !== "" && { affiliation }), ...(orcid !== undefined && { orcid }) }];
}

function journalRef({ primary_location, biblio, publication_date }: Work): string | undefined {
  const journal = plainText(primary_location?.source?.display_name ?? "");
  if (journal === "" || biblio?.volume === undefined) return undefined;
  const issue = biblio.issue ? `(${biblio.issue})` : "";
  const { first_page: first, last_page: last } = biblio;
  const pages = first ? `, ${first}${last && last !== first ? `–${last}` : ""}` : "";
  const year = publication_date ? ` (${publication_date.slice(0, 4)})` : "";
  return plainText(`${journal} ${biblio.volume}${issue}${pages}${year}`);
}

function pubmedIds(ids: Work["ids"]): string[] {
  const pmid = /\d{1,12}\/?$/.exec(ids?.pmid ?? "")?.[0].replace("/", "");
  const pmc = /(\d{1,12})\/?$/.exec(ids?.pmcid ?? "")?.[1];
  return [...(pmid ? [`pmid:${pmid}`] : []), ...(pmc ? [`pmcid:PMC${pmc}`] : [])];
}

const worksPath = /^\/works\b/;

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function nextPage(
  address: string | undefined,
  page: z.infer<typeof pageShape>,
  rows: number,
): string | undefined {
  if (address === undefined || rows === 0) return undefined;
  const url = new URL(address);
  const perPage = Number(url.searchParams.get("per-page") ?? url.searchParams.get("per_page") ?? 25);
  if (url.searchParams.has("cursor")) {
    if (page.meta?.next_cursor === undefined) return undefined;
    url.searchParams.set("cursor", page.meta.next_cursor);
    return url.href;
  }
  const at = Number(url.searchParams.get("page") ?? 1);
  // Page by page OpenAlex goes no further than 10,000 rows.
  if (!(at * perPage < Math.min(page.meta?.count ?? 0, 10_000))) return undefined;
  url.searchParams.set("page", String(at + 1));
  return url.href;
}
