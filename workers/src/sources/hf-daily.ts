import { type Listing, PermanentError, parseArxivId, plainText, type Reading } from "@paperwire/core";
import { z } from "zod";
import { arxivText } from "./arxiv-record.ts";
import { jsonOf, quoted } from "./json.ts";
import { list, number, object, text, toListing } from "./lenient.ts";
import { badDates, badRow, instantOf, kindOf, type Row, readRows, untitled } from "./rows.ts";
import type { SourceKind, Window } from "./source.ts";

const place = "Hugging Face Daily Papers";
const dayMs = 86_400_000;

/** The largest page the API gives; it cuts a day at 50 when it is not asked for more. */
const pageSize = 100;

/**
 * Hugging Face Daily Papers: the list of one day, week or month, chosen by people. A row's list day is
 * `paper.submittedOnDailyAt`; the row's own `publishedAt` was the list moment only until March 2025
 * and is the paper's date shifted by some hours since, so it dates nothing here.
 */
export const hfDaily: SourceKind = {
  id: "hf-daily",
  title: "Hugging Face Daily Papers",
  everyMinutes: 60,
  budget: { group: "huggingface", gapMs: 1000 },
  picks: true,
  home: "huggingface",

  recognises: (url) => /^(?:www\.)?huggingface\.co$|^hf\.co$/.test(url.hostname) && isList(url),

  detects: (head, payload) =>
    rowsBegin.test(head) ||
    (/^\s*\[\s*\]\s*$/.test(head) && payload.url !== undefined && isList(new URL(payload.url))),

  requests,

  read(payload) {
    const rows = jsonOf(payload, place);
    if (!Array.isArray(rows)) throw new PermanentError(complaint(rows));
    const { listings, warnings } = readRows(place, rows, rowOf);
    const next = nextPage(payload.url, rows.length);
    const date = listDay(payload.url, listings);
    return {
      title: "Daily Papers",
      url: "https://huggingface.co/papers",
      listings,
      warnings,
      ...(date !== undefined && { date }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

/**
 * A list of rows with a paper each; also one whose rows were written as text by a harvester, which is no
 * list of papers any more but deserves the sentence that says so.
 */
const rowsBegin =
  /^\s*\[\s*\{[\s\S]*"paper"\s*:\s*\{[\s\S]*"(?:upvotes|submittedOnDailyAt|discussionId|authors)"|^\s*[[{][^{}]{0,300}"\{'paper': \{/;

const person = object({ fullname: text, name: text, user: text });

const rowShape = z.object({
  paper: z.object({
    id: z.string(),
    title: text,
    summary: text,
    authors: list(z.object({ name: z.string() })),
    publishedAt: text,
    submittedOnDailyAt: text,
    submittedOnDailyBy: person,
    upvotes: number,
  }),
  publishedAt: text,
  title: text,
  summary: text,
  submittedBy: person,
});

function rowOf(row: unknown, at: string): Row {
  const parsed = rowShape.safeParse(row);
  if (!parsed.success) {
    const paper = z.object({ paper: z.record(z.string(), z.unknown()) }).safeParse(row);
    return badRow(
      at,
      paper.success ? "its paper has no id" : `a row with a paper was expected, not ${kindOf(row)}`,
    );
  }
  const { paper, ...top } = parsed.data;
  const arxiv = parseArxivId(paper.id);
  const key = arxiv?.id ?? paper.id;
  const title = arxivText(paper.title) || arxivText(top.title);
  if (title === "") return untitled(key);
  const picker = top.submittedBy ?? paper.submittedOnDailyBy;
  return {
    listing: toListing({
      key,
      url: `https://huggingface.co/papers/${encodeURIComponent(key)}`,
      title,
      abstract: arxivText(paper.summary) || arxivText(top.summary),
      // `hidden` says that a person does not show the paper on their own page there, not that they did not write it.
      authors: paper.authors.map(({ name }) => ({ name: arxivText(name) })).filter(({ name }) => name !== ""),
      published: instantOf(paper.publishedAt),
      listedOn: listedOn(paper.submittedOnDailyAt, top.publishedAt),
      categories: [],
      arxivId: arxiv?.id,
      votes: paper.upvotes,
      pickedBy: plainText(picker?.fullname ?? picker?.name ?? picker?.user ?? ""),
    }),
    notes: badDates(key, paper.publishedAt, paper.submittedOnDailyAt),
  };
}

/** The last instant at which a row's own `publishedAt` still said when it was put on the list. */
const lastListMoment = Date.parse("2025-03-01T00:00:00Z");

function listedOn(
  submittedOnDailyAt: string | undefined,
  publishedAt: string | undefined,
): string | undefined {
  const day = instantOf(submittedOnDailyAt);
  if (day !== undefined) return day.slice(0, 10);
  const moment = instantOf(publishedAt);
  return moment !== undefined && Date.parse(moment) < lastListMoment ? moment.slice(0, 10) : undefined;
}

/** The day a whole answer is about: the one asked for, else the one all rows agree on. */
function listDay(address: string | undefined, listings: readonly Listing[]): string | undefined {
  const asked = address === undefined ? undefined : period(new URL(address));
  if (asked !== undefined) return asked.name === "date" ? asked.value : undefined;
  const days = new Set(listings.map((listing) => listing.listedOn));
  return days.size === 1 ? [...days][0] : undefined;
}

/**
 * One address per UTC day of the window, and the days before it whose votes have not settled. A day is
 * read again once at each of the ages below, whatever the rhythm of polling: the reading belongs to
 * the one window which holds its hour.
 */
function requests(url: URL, { from, to }: Window): readonly string[] {
  if (!isList(url)) return [url.href];
  const narrowed = ["sort", "submitter", "p"].some((name) => url.searchParams.has(name));
  if (narrowed || period(url) !== undefined) return [apiUrl(url)];

  const start = Math.min(from.getTime(), to.getTime());
  const listed = new Set<number>();
  const again = new Set<number>();
  const today = dayOf(to.getTime() - 1);
  for (let day = dayOf(start); day <= today; day += dayMs) {
    listed.add(day);
    rereadAges.forEach((age, index) => {
      const hour = day + (6 + index) * 3_600_000;
      const target = day - age * dayMs;
      if (start <= hour && hour < to.getTime() && target >= today - votesSettleDays * dayMs)
        again.add(target);
    });
  }
  if (listed.size === 0) listed.add(dayOf(to.getTime()));
  const older = [...again].filter((day) => !listed.has(day));
  return [...sorted(listed), ...sorted(older)].map((day) =>
    apiUrl(url, new Date(day).toISOString().slice(0, 10)),
  );
}

/** Votes settle after one to two weeks; these ages, in days, follow them closely first and loosely then. */
const rereadAges = [1, 2, 3, 4, 6, 8, 11, 14];
const votesSettleDays = 14;

function dayOf(instant: number): number {
  return Math.floor(instant / dayMs) * dayMs;
}

function sorted(days: Iterable<number>): number[] {
  return [...days].sort((a, b) => a - b);
}

const listPath = /^(.*)\/(?:api\/daily_papers|papers(?:\/(date|week|month)\/([\dW-]+))?)\/?$/;

/** The API's address or one of the pages a person would copy from the address bar. */
function isList(url: URL): boolean {
  return listPath.test(url.pathname);
}

function period(url: URL): { name: string; value: string } | undefined {
  const [, , name, value] = listPath.exec(url.pathname) ?? [];
  if (name !== undefined && value !== undefined) return { name, value };
  for (const name of ["date", "week", "month"]) {
    const value = url.searchParams.get(name);
    if (value !== null) return { name, value };
  }
  return undefined;
}

function apiUrl(url: URL, date?: string): string {
  const api = new URL(url);
  const asked = date === undefined ? period(url) : { name: "date", value: date };
  api.pathname = url.pathname.replace(listPath, "$1/api/daily_papers");
  if (asked !== undefined) api.searchParams.set(asked.name, asked.value);
  if (!api.searchParams.has("limit")) api.searchParams.set("limit", String(pageSize));
  return api.href;
}

/** A page that is as long as it may be has another behind it; the bound stops a place which ignores `p`. */
function nextPage(address: string | undefined, rows: number): string | undefined {
  if (address === undefined || !isList(new URL(address))) return undefined;
  const url = new URL(address);
  const limit = Number(url.searchParams.get("limit") ?? 50);
  const page = Number(url.searchParams.get("p") ?? 0);
  if (rows === 0 || rows < limit || !(page < 20)) return undefined;
  url.searchParams.set("p", String(page + 1));
  return url.href;
}

/** Why a document which is no list is not: the place's own message where it gives one. */
function complaint(document: unknown): string {
  const error = z.object({ error: z.string() }).safeParse(document);
  if (error.success) return `${place} answered with an error: ${quoted(error.data.error)}.`;
  const names = z.record(z.string(), z.unknown()).safeParse(document);
  const fields = names.success ? ` with ${quoted(Object.keys(names.data).slice(0, 5).join(", "))}` : "";
  return `${place} answered with ${kindOf(document)}${fields} where a list of papers was expected.`;
}
