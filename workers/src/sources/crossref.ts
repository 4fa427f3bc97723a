import {
  type Author,
  PermanentError,
  parseArxivId,
  parseDoi,
  plainText,
  type Reading,
} from "@paperwire/core";
import { z } from "zod";
import { abstractOf } from "./abstract.ts";
import { jsonOf, quoted, textOf } from "./json.ts";
import { list, object, orcidOf, text, toListing } from "./lenient.ts";
import { badRow, instantOf, kindOf, type Row, readRows, untitled } from "./rows.ts";
import type { Payload, SourceKind } from "./source.ts";

const place = "Crossref";

/** Crossref's REST API: a list of works (`/works`, `/journals/…/works`, …) or a single one. */
export const crossref: SourceKind = {
  id: "crossref",
  title: "Crossref works",
  everyMinutes: 720,
  budget: { group: "crossref", gapMs: 1000 },
  authority: ["doi"],
  links: true,
  home: "crossref",

  recognises: (url) => url.hostname === "api.crossref.org" && worksPath.test(url.pathname),

  detects: (head) =>
    /^\s*\{/.test(head) &&
    /"message-(?:type|version)"\s*:|"status"\s*:\s*"ok"[^{]{0,200}"message"\s*:\s*\{/.test(head),

  /** Works whose record was made in the window, through a deep cursor; an address with its own `from-` filter stays. */
  requests(url, { from, to }) {
    if (!listPath.test(url.pathname)) return [url.href];
    const asked = new URL(url);
    const filter = url.searchParams.get("filter") ?? "";
    if (!/(?:^|,)from-/.test(filter)) {
      const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
      const days = `from-created-date:${day(from)},until-created-date:${day(last)}`;
      asked.searchParams.set("filter", filter === "" ? days : `${filter},${days}`);
    }
    const paged = ["rows", "offset", "sample", "cursor"].some((name) => url.searchParams.has(name));
    if (!paged) asked.searchParams.set("rows", "100");
    if (!paged) asked.searchParams.set("cursor", "*");
    return [asked.href];
  },

  read(payload) {
    const message = messageOf(payload);
    const page = pageShape.parse(message);
    const rows = page.items ?? [message];
    const { listings, warnings } = readRows(place, rows, rowOf);
    const next = page.items === undefined ? undefined : nextPage(payload.url, page, page.items.length);
    const total = page["total-results"];
    return {
      title: "Crossref",
      listings,
      warnings,
      ...(total !== undefined && { announced: total }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

function messageOf(payload: Payload): Record<string, unknown> {
  // Some refusals are a bare sentence ("Resource not found.") with status 404, which a proxy may turn into 200.
  const bare = textOf(payload.bytes.subarray(0, 400)).trim();
  if (/^resource not found/i.test(bare))
    throw new PermanentError(`${place} knows no such work or list: ${quoted(bare)}.`);
  const answer = answerShape.safeParse(jsonOf(payload, place));
  if (!answer.success) throw new PermanentError(`${place} answered without a message that holds works.`);
  const { status, message } = answer.data;
  if (status === "failed" || Array.isArray(message)) {
    const reasons = list(z.object({ message: z.string() }))
      .parse(message)
      .map((fault) => fault.message);
    throw new PermanentError(
      `${place} refused the request: ${quoted(reasons.join(" ") || "no reason given")}.`,
    );
  }
  const type = answer.data["message-type"] ?? "work";
  if (!/^work(?:-list)?$/.test(type) || !("items" in message || "DOI" in message)) {
    throw new PermanentError(
      `${place} answered with ${quoted(type)}, which is no work and no list of works.`,
    );
  }
  return message;
}

const answerShape = z.object({
  status: text,
  "message-type": text,
  message: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
});

const pageShape = z.object({
  items: z.array(z.unknown()).optional().catch(undefined),
  "total-results": z.number().optional().catch(undefined),
  "next-cursor": text,
});

const partialDate = object({
  "date-parts": z.array(z.array(z.number().nullable())).catch([]),
  "date-time": text,
});
const update = list(z.object({ type: z.string(), DOI: text }));
const relation = list(z.object({ "id-type": text, id: z.string() }));

const workShape = z.object({
  DOI: z.string(),
  type: text,
  title: list(z.string()),
  subtitle: list(z.string()),
  abstract: text,
  author: list(
    z.object({
      given: text,
      family: text,
      suffix: text,
      name: text,
      ORCID: text,
      affiliation: list(z.object({ name: z.string() })),
    }),
  ),
  published: partialDate,
  "published-online": partialDate,
  "published-print": partialDate,
  posted: partialDate,
  issued: partialDate,
  created: partialDate,
  deposited: partialDate,
  "container-title": list(z.string()),
  "group-title": text,
  volume: text,
  issue: text,
  page: text,
  "article-number": text,
  license: list(z.object({ URL: z.string() })),
  subject: list(z.string()),
  language: text,
  relation: object({
    "has-preprint": relation,
    "is-preprint-of": relation,
    "is-identical-to": relation,
    "is-version-of": relation,
  }),
  "updated-by": update,
});

type Work = z.infer<typeof workShape>;

/** Records Crossref keeps that nobody reads as a paper. */
const notPapers =
  /^(?:component|grant|peer-review|database|journal|journal-(?:issue|volume)|book-(?:series|set|track)|report-(?:series|component)|proceedings-series)$/;

function rowOf(value: unknown, at: string): Row {
  const parsed = workShape.safeParse(value);
  const doi = parsed.success ? parseDoi(parsed.data.DOI) : undefined;
  if (!parsed.success || doi === undefined)
    return badRow(at, `a work with a DOI was expected, not ${kindOf(value)}`);
  const work = parsed.data;
  if (notPapers.test(work.type ?? "")) {
    return {
      wrong: { code: "not-a-paper", message: `“${doi}” was left out: it is a ${work.type}.`, at: doi },
    };
  }
  const title = titleOf(work);
  if (title === "") return untitled(doi);
  const related = Object.values(work.relation ?? {}).flatMap((related) => related ?? []);
  const arxiv = related.map(({ id }) => parseArxivId(id)).find((id) => id !== undefined);
  const others = related.flatMap(({ id }) => parseDoi(id) ?? []).filter((other) => other !== doi);
  const date = dateOf(work);
  return {
    listing: toListing({
      key: doi,
      url: `https://doi.org/${doi}`,
      title,
      abstract: abstractOf(work.abstract ?? ""),
      authors: work.author.flatMap(authorOf),
      published: date,
      updated: instantOf(work.deposited?.["date-time"]),
      categories: work.subject.map(plainText).filter((subject) => subject !== ""),
      arxivId: arxiv?.id,
      doi,
      journalRef: journalRef(work, date),
      license: work.license[0]?.URL,
      language: work.language,
      ids: [...new Set(others)].map((other) => `doi:${other}`),
      venue: plainText(work["container-title"][0] ?? work["group-title"] ?? ""),
      withdrawn: isWithdrawn(work, title),
    }),
  };
}

/** Title and subtitle as one, the way preprints and other places write it. */
function titleOf({ title, subtitle }: Work): string {
  const main = plainText(title[0] ?? "");
  const second = plainText(subtitle[0] ?? "");
  if (main === "" || second === "" || main.toLowerCase().includes(second.toLowerCase())) return main;
  return /[:?!.–—-]$/.test(main) ? `${main} ${second}` : `${main}: ${second}`;
}

function authorOf({ given, family, suffix, name, ORCID, affiliation }: Work["author"][number]): Author[] {
  const full = plainText([given, family, suffix].filter((part) => part).join(" ")) || plainText(name ?? "");
  if (full === "") return [];
  const orcid = orcidOf(ORCID);
  const places = affiliation.map((at) => plainText(at.name)).filter((at) => at !== "");
  return [
    { name: full, ...(places.length > 0 && { affiliation: places.join("; ") }), ...(orcid && { orcid }) },
  ];
}

/**
 * The first date that names a day, in the order in which readers could see the work. Where only a month
 * or a year is printed, the day on which the record was made stands for it if it lies within.
 */
function dateOf(work: Work): string | undefined {
  const fields = ["published-online", "posted", "published", "issued", "published-print"] as const;
  const dates = fields.map((field) => work[field]?.["date-parts"][0]?.filter((part) => part !== null) ?? []);
  const best =
    dates.find((parts) => parts.length >= 3) ??
    dates.find((parts) => parts.length === 2) ??
    dates.find((parts) => parts.length === 1);
  const [year, month = 1, dayOfMonth = 1] = best ?? [];
  const created = instantOf(work.created?.["date-time"]);
  if (best === undefined || year === undefined) return created;
  const known = [String(year).padStart(4, "0"), pad(month), pad(dayOfMonth)];
  if (created?.startsWith(known.slice(0, best.length).join("-")))
    return best.length < 3 ? created : instantOf(known.join("-"));
  return instantOf(known.join("-")) ?? created;
}

function pad(part: number): string {
  return String(part).padStart(2, "0");
}

/** `Physical Review B 33(5), 3547–3548 (1986)` as far as the parts are there. */
function journalRef(work: Work, date: string | undefined): string | undefined {
  const journal = plainText(work["container-title"][0] ?? "");
  if (journal === "") return undefined;
  const issue = work.issue ? `(${work.issue})` : "";
  const where = work.volume ? ` ${work.volume}${issue}` : "";
  const pages = work.page ?? work["article-number"];
  const year = date === undefined ? "" : ` (${date.slice(0, 4)})`;
  return plainText(`${journal}${where}${pages ? `, ${pages}` : ""}${year}`);
}

/** The notice is another record; the work itself carries `updated-by`, and publishers mark the title. */
function isWithdrawn(work: Work, title: string): boolean {
  return (
    work["updated-by"].some(({ type }) => /retract|withdraw|removal/i.test(type)) ||
    /^\W*(?:RETRACTED|WITHDRAWN|REMOVED)\b/.test(title)
  );
}

const worksPath = /\/(?:works|journals|members|funders|prefixes|types)\b/;
const listPath = /\/works\/?$/;

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
  const asked = Number(url.searchParams.get("rows") ?? 20);
  if (rows < asked || url.searchParams.has("sample")) return undefined;
  if (url.searchParams.has("cursor")) {
    if (page["next-cursor"] === undefined) return undefined;
    url.searchParams.set("cursor", page["next-cursor"]);
    return url.href;
  }
  // Without a cursor Crossref goes no further than 10,000 rows.
  const offset = Number(url.searchParams.get("offset") ?? 0) + rows;
  if (!(offset < Math.min(page["total-results"] ?? 0, 10_000))) return undefined;
  url.searchParams.set("offset", String(offset));
  return url.href;
}
