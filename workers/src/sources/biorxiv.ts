import { PermanentError, parseDoi, plainText, type Reading, splitAuthors } from "@paperwire/core";
import { z } from "zod";
import { jsonOf, quoted } from "./json.ts";
import { list, text, toListing } from "./lenient.ts";
import { badDates, badRow, instantOf, kindOf, type Row, readRows, untitled } from "./rows.ts";
import type { SourceKind } from "./source.ts";

const place = "The bioRxiv API";

/**
 * bioRxiv and medRxiv through their details API: JSON, 100 rows a page, one row per version. (Their
 * feeds hold the last 30 papers of a subject only and are read as plain feeds.)
 */
export const biorxiv: SourceKind = {
  id: "biorxiv",
  title: "bioRxiv and medRxiv API",
  everyMinutes: 360,
  budget: { group: "biorxiv", gapMs: 1000 },
  doiPrefixes: ["10.1101", "10.64898"],
  links: true,
  home: "biorxiv",

  recognises: (url) => /^api\.(?:bio|med)rxiv\.org$/.test(url.hostname) && detailsPath.test(url.pathname),

  detects: (head) =>
    /^\s*\{/.test(head) && /"messages"\s*:\s*\[/.test(head) && /"collection"\s*:\s*\[|"cursor"/.test(head),

  /** The dates of the address follow the window; the server and a category in the query stay. */
  requests(url, { from, to }) {
    const [, base] = detailsPath.exec(url.pathname) ?? [];
    if (base === undefined) return [url.href];
    const asked = new URL(url);
    const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
    asked.pathname = `${base}/${day(from)}/${day(last)}/0`;
    return [asked.href];
  },

  read(payload) {
    const answer = answerShape.safeParse(jsonOf(payload, place));
    if (!answer.success) throw new PermanentError(`${place} answered without a collection of papers.`);
    const { messages, collection } = answer.data;
    const [message] = messages;
    if (collection === undefined && !/no posts found/i.test(message?.status ?? "")) {
      throw new PermanentError(
        `${place} answered with ${quoted(message?.status ?? "no status")} and no collection.`,
      );
    }
    const rows = collection ?? [];
    const { listings, warnings } = readRows(place, rows, rowOf);
    const total = Number(message?.total);
    const next = nextPage(payload.url, Number(message?.cursor ?? 0), rows.length, total);
    return {
      title: "bioRxiv",
      listings,
      warnings,
      ...(Number.isFinite(total) && { announced: total }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

const answerShape = z.object({
  messages: list(
    z.object({
      status: text,
      cursor: z.coerce.number().optional().catch(undefined),
      total: z.coerce.number().optional().catch(undefined),
    }),
  ),
  collection: z.array(z.unknown()).optional().catch(undefined),
});

const rowShape = z.object({
  doi: z.string(),
  title: text,
  authors: text,
  date: text,
  version: z.coerce.number().int().positive().optional().catch(undefined),
  license: text,
  category: text,
  abstract: text,
  published: text,
  server: text,
});

/** Every version is a row of its own, and so a listing of its own: its key is the DOI and the version. */
function rowOf(value: unknown, at: string): Row {
  const parsed = rowShape.safeParse(value);
  const doi = parsed.success ? parseDoi(parsed.data.doi) : undefined;
  if (!parsed.success || doi === undefined)
    return badRow(at, `a row with a DOI was expected, not ${kindOf(value)}`);
  const row = parsed.data;
  const version = row.version ?? 1;
  const key = `${doi}v${version}`;
  const title = plainText(row.title ?? "");
  if (title === "") return untitled(key);
  const abstract = plainText(row.abstract ?? "");
  const date = instantOf(row.date);
  const isMedical = /medrxiv/i.test(row.server ?? "");
  const journal = parseDoi(row.published ?? "");
  return {
    listing: toListing({
      key,
      url: `https://www.${isMedical ? "med" : "bio"}rxiv.org/content/${doi}v${version}`,
      title,
      abstract,
      authors: splitAuthors(`${plainText(row.authors ?? "")};`),
      published: version === 1 ? date : undefined,
      updated: date,
      categories: row.category ? [plainText(row.category)] : [],
      version,
      announceType: version === 1 ? "new" : "replace",
      doi,
      license: row.license === "NA" ? undefined : row.license,
      ids: journal === undefined ? [] : [`doi:${journal}`],
      venue: isMedical ? "medRxiv" : "bioRxiv",
      withdrawn: /^\W*withdrawn\b/i.test(title) || /^the authors have withdrawn\b/i.test(abstract),
    }),
    notes: badDates(key, row.date),
  };
}

const detailsPath = /^(.*\/details\/[^/]+)(?!\/10\.)(?:\/|$)/;

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function nextPage(
  address: string | undefined,
  cursor: number,
  rows: number,
  total: number,
): string | undefined {
  if (address === undefined || rows === 0 || !(cursor + rows < total)) return undefined;
  const url = new URL(address);
  const [, path, , format = ""] =
    /^(.*\/details\/[^/]+\/[^/]+\/[^/]+)(\/\d+)?(\/json)?\/?$/.exec(url.pathname) ?? [];
  if (path === undefined) return undefined;
  url.pathname = `${path}/${cursor + rows}${format}`;
  return url.href;
}
