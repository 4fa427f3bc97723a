import { PermanentError, parseArxivId, parseDoi, plainText, type Reading } from "@paperwire/core";
import { z } from "zod";
import { abstractOf } from "./abstract.ts";
import { jsonOf, quoted } from "./json.ts";
import { list, object, text, toListing } from "./lenient.ts";
import { badRow, instantOf, kindOf, type Row, readRows, untitled } from "./rows.ts";
import type { SourceKind } from "./source.ts";

const place = "Semantic Scholar";

/** Semantic Scholar's graph and recommendations API: searches (by offset or bulk token), papers, lists of papers. */
export const semanticScholar: SourceKind = {
  id: "semantic-scholar",
  title: "Semantic Scholar papers",
  everyMinutes: 1440,
  budget: { group: "semantic-scholar", gapMs: 1100 },
  authority: ["s2"],
  links: true,
  home: "semantic-scholar",

  recognises: (url) =>
    url.hostname === "api.semanticscholar.org" && /\/(?:graph|recommendations)\//.test(url.pathname),

  detects: (head) =>
    /^\s*[[{]/.test(head) &&
    /"paperId"\s*:|"recommendedPapers"\s*:|^\s*\{\s*"total"\s*:\s*\d+\s*,\s*"(?:offset|token)"/.test(head),

  /** Searches ask for the papers of the window and for the fields this reader keeps, unless the address does. */
  requests(url, { from, to }) {
    if (!/\/paper\/search(?:\/bulk)?\/?$/.test(url.pathname)) return [url.href];
    const asked = new URL(url);
    const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
    const dated = ["publicationDateOrYear", "year"].some((name) => url.searchParams.has(name));
    if (!dated) asked.searchParams.set("publicationDateOrYear", `${day(from)}:${day(last)}`);
    if (!url.searchParams.has("fields")) asked.searchParams.set("fields", fields);
    return [asked.href];
  },

  read(payload) {
    const answer = jsonOf(payload, place);
    const page = pageShape.safeParse(Array.isArray(answer) ? { data: answer } : answer).data;
    const fault = page?.error ?? page?.message;
    if (fault !== undefined) throw new PermanentError(`${place} answered with an error: ${quoted(fault)}.`);
    const rows =
      page?.data ?? page?.recommendedPapers ?? (page?.paperId === undefined ? undefined : [answer]);
    if (rows === undefined) throw new PermanentError(`${place} answered with something other than papers.`);
    // A list asked for by ids holds null where an id is unknown.
    const known = rows.filter((row) => row !== null);
    const { listings, warnings } = readRows(place, known, rowOf);
    if (known.length < rows.length) {
      const message = `${rows.length - known.length} of the ${rows.length} papers asked for are not known to ${place}.`;
      warnings.push({ code: "unknown-id", message });
    }
    const next = nextPage(payload.url, page?.token, page?.next);
    return {
      title: "Semantic Scholar",
      listings,
      warnings,
      ...(page?.total !== undefined && { announced: page.total }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

const fields =
  "externalIds,url,title,abstract,venue,publicationVenue,year,publicationDate,journal,authors,fieldsOfStudy,s2FieldsOfStudy";

const pageShape = z.object({
  error: text,
  message: text,
  paperId: text,
  total: z.number().optional().catch(undefined),
  next: z.number().optional().catch(undefined),
  token: text,
  data: z.array(z.unknown()).optional().catch(undefined),
  recommendedPapers: z.array(z.unknown()).optional().catch(undefined),
});

const identifier = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

const paperShape = z.object({
  paperId: z.string(),
  externalIds: object({
    ArXiv: text,
    DOI: text,
    PubMed: identifier,
    PubMedCentral: identifier,
    CorpusId: identifier,
    ACL: text,
  }),
  url: text,
  title: text,
  abstract: text,
  venue: text,
  publicationVenue: object({ name: text }),
  journal: object({ name: text, volume: text, pages: text }),
  year: z.number().optional().catch(undefined),
  publicationDate: text,
  authors: list(
    z.object({ name: z.string(), affiliations: list(z.string()), externalIds: object({ ORCID: text }) }),
  ),
  fieldsOfStudy: list(z.string()),
  s2FieldsOfStudy: list(z.object({ category: z.string() })),
});

type Paper = z.infer<typeof paperShape>;

/** Citations and references wrap the paper; everything else gives it plainly. */
function rowOf(value: unknown, at: string): Row {
  const wrapped = z
    .object({ citingPaper: z.unknown(), citedPaper: z.unknown() })
    .partial()
    .safeParse(value).data;
  const parsed = paperShape.safeParse(wrapped?.citingPaper ?? wrapped?.citedPaper ?? value);
  if (!parsed.success) return badRow(at, `a paper with a paperId was expected, not ${kindOf(value)}`);
  const paper = parsed.data;
  const title = plainText(paper.title ?? "");
  if (title === "") return untitled(paper.paperId);
  const known = paper.externalIds;
  const studied = paper.s2FieldsOfStudy.map(({ category }) => category);
  return {
    listing: toListing({
      key: paper.paperId,
      url: paper.url ?? `https://www.semanticscholar.org/paper/${paper.paperId}`,
      title,
      abstract: abstractOf(paper.abstract ?? ""),
      authors: paper.authors.flatMap(authorOf),
      // A year alone dates nothing: it would read as the first of January.
      published: instantOf(paper.publicationDate),
      categories: [...new Set([...paper.fieldsOfStudy, ...studied].map(plainText))],
      arxivId: parseArxivId(known?.ArXiv ?? "")?.id,
      doi: parseDoi(known?.DOI ?? ""),
      journalRef: journalRef(paper),
      ids: idsOf(paper.paperId, known),
      venue:
        plainText(paper.publicationVenue?.name ?? "") ||
        plainText(paper.venue ?? "") ||
        plainText(paper.journal?.name ?? ""),
    }),
  };
}

function authorOf({ name, affiliations, externalIds }: Paper["authors"][number]) {
  const written = plainText(name);
  if (written === "") return [];
  const affiliation = affiliations.map(plainText).join("; ");
  const orcid = externalIds?.ORCID;
  return [
    { name: written, ...(affiliation !== "" && { affiliation }), ...(orcid !== undefined && { orcid }) },
  ];
}

function idsOf(paperId: string, known: Paper["externalIds"]): string[] {
  const ids: [string, string | undefined][] = [
    ["s2", paperId],
    ["corpus", known?.CorpusId],
    ["pmid", known?.PubMed],
    [
      "pmcid",
      known?.PubMedCentral === undefined ? undefined : `PMC${known.PubMedCentral.replace(/^PMC/i, "")}`,
    ],
    ["acl", known?.ACL],
  ];
  return ids.flatMap(([scheme, value]) =>
    value === undefined || value === "" ? [] : [`${scheme}:${value}`],
  );
}

function journalRef({ journal, year }: Paper): string | undefined {
  const name = plainText(journal?.name ?? "");
  if (name === "" || journal?.volume === undefined) return undefined;
  const pages = journal.pages ? `, ${journal.pages}` : "";
  return plainText(`${name} ${journal.volume}${pages}${year === undefined ? "" : ` (${year})`}`);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function nextPage(
  address: string | undefined,
  token: string | undefined,
  offset: number | undefined,
): string | undefined {
  if (address === undefined || (token === undefined && offset === undefined)) return undefined;
  const url = new URL(address);
  if (token !== undefined) url.searchParams.set("token", token);
  else url.searchParams.set("offset", String(offset));
  return url.href;
}
