import {
  isoUtc,
  PermanentError,
  parseArxivId,
  parseDoi,
  plainText,
  type Reading,
  type ReadWarning,
} from "@paperwire/core";
import { z } from "zod";
import { abstractOf, isJunk } from "./abstract.ts";
import { jsonOf, quoted } from "./json.ts";
import { number, text, toListing } from "./lenient.ts";
import { badRow, kindOf, type Row, readRows, untitled } from "./rows.ts";
import type { SourceKind } from "./source.ts";

const place = "OpenReview";
const pageSize = 1000;

/**
 * The submissions of an OpenReview venue, API version 2 (fields are `content.<field>.value`; the plain
 * fields of version 1 read as well). Authors are absent while a venue reviews blind.
 */
export const openreview: SourceKind = {
  id: "openreview",
  title: "OpenReview submissions",
  everyMinutes: 720,
  budget: { group: "openreview", gapMs: 1000 },
  authority: ["openreview"],
  home: "openreview",

  recognises: (url) =>
    (/^api2?\.openreview\.net$/.test(url.hostname) && url.pathname.startsWith("/notes")) ||
    (/^(?:www\.)?openreview\.net$/.test(url.hostname) &&
      url.pathname === "/group" &&
      url.searchParams.has("id")),

  detects: (head) => /^\s*\{\s*"(?:notes|count)"\s*:/.test(head) && /"notes"\s*:\s*\[\s*(?:\{|\])/.test(head),

  /** Notes made since the window began, the largest page; a venue's page becomes its submissions. */
  requests(url, { from }) {
    const asked = new URL(url);
    if (url.pathname === "/group") {
      asked.hostname = url.hostname.replace(/^(?:www\.)?openreview\.net$/, "api2.openreview.net");
      asked.pathname = "/notes";
      asked.search = "";
      asked.hash = "";
      asked.searchParams.set("invitation", `${url.searchParams.get("id") ?? ""}/-/Submission`);
    }
    if (
      !asked.pathname.startsWith("/notes") ||
      asked.searchParams.has("id") ||
      asked.searchParams.has("forum")
    )
      return [url.href];
    if (!asked.searchParams.has("mintcdate")) asked.searchParams.set("mintcdate", String(from.getTime()));
    if (!asked.searchParams.has("limit")) asked.searchParams.set("limit", String(pageSize));
    return [asked.href];
  },

  read(payload) {
    const answer = answerShape.safeParse(jsonOf(payload, place));
    if (!answer.success) throw new PermanentError(`${place} answered with something other than notes.`);
    const { name, message, notes, count } = answer.data;
    if (notes === undefined)
      throw new PermanentError(`${place} answered with an error: ${quoted(message ?? name ?? "no notes")}.`);
    const junk: ReadWarning[] = [];
    const deleted: string[] = [];
    const { listings, warnings } = readRows(place, notes, (note, at) => rowOf(note, at, junk, deleted));
    const next = nextPage(payload.url, notes.length, count);
    return {
      title: "OpenReview",
      listings,
      warnings: [...warnings.filter(({ code }) => code !== "deleted"), ...junk],
      ...(count !== undefined && { announced: count }),
      ...(deleted.length > 0 && { deleted }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

const answerShape = z.object({
  name: text,
  message: text,
  count: number,
  notes: z.array(z.unknown()).optional().catch(undefined),
});

/** A field of version 2 (`{ value }`) or of version 1 (the value itself). */
function field<T>(value: z.ZodType<T>) {
  return z
    .union([z.object({ value }).transform((wrapped) => wrapped.value), value])
    .optional()
    .catch(undefined);
}

const words = z.string();
const texts = z.union([
  z.string().transform((one) => [one]),
  z.array(z.unknown()).transform((many) => many.filter((one) => typeof one === "string")),
]);

const noteShape = z.object({
  id: z.string(),
  forum: text,
  replyto: text,
  cdate: number,
  tcdate: number,
  pdate: number,
  odate: number,
  tmdate: number,
  mdate: number,
  ddate: number,
  license: text,
  content: z.object({
    title: field(words),
    abstract: field(words),
    authors: field(texts),
    keywords: field(texts),
    venue: field(words),
    venueid: field(words),
    primary_area: field(words),
    html: field(words),
    doi: field(words),
  }),
});

function rowOf(value: unknown, at: string, junk: ReadWarning[], deleted: string[]): Row {
  const parsed = noteShape.safeParse(value);
  if (!parsed.success) return badRow(at, `a note with an id and content was expected, not ${kindOf(value)}`);
  const { content, ...note } = parsed.data;
  if (note.ddate !== undefined) {
    deleted.push(note.id);
    return { wrong: { code: "deleted", message: `“${note.id}” is deleted.`, at: note.id } };
  }
  if (note.replyto !== undefined && note.forum !== undefined && note.forum !== note.id) {
    return {
      wrong: {
        code: "not-a-paper",
        message: `“${note.id}” was left out: it is a reply to a paper.`,
        at: note.id,
      },
    };
  }
  const title = plainText(content.title ?? "");
  if (title === "") return untitled(note.id);
  const given = plainText(content.abstract ?? "");
  if (given !== "" && isJunk(given)) {
    junk.push({
      code: "junk-abstract",
      message: `The abstract of “${note.id}” is a placeholder and was dropped.`,
      at: note.id,
    });
  }
  const venue = plainText(content.venue ?? "");
  return {
    listing: toListing({
      key: note.id,
      url: `https://openreview.net/forum?id=${encodeURIComponent(note.id)}`,
      title,
      abstract: abstractOf(content.abstract ?? ""),
      authors: namesIn(content.authors ?? []).map((name) => ({ name })),
      published: instant(note.odate ?? note.pdate ?? note.cdate ?? note.tcdate),
      updated: instant(note.tmdate ?? note.mdate),
      categories: keywordsIn(content.keywords ?? []),
      arxivId: parseArxivId(content.html ?? "")?.id,
      doi: parseDoi(content.doi ?? ""),
      license: note.license,
      ids: [`openreview:${note.id}`],
      venue,
      withdrawn: /withdrawn|desk[_ -]?reject/i.test(`${content.venueid ?? ""} ${venue}`),
    }),
  };
}

/** Blind review writes a stand-in, or a group, where the names will be. */
function namesIn(authors: readonly string[]): string[] {
  return authors.map(plainText).filter((name) => name !== "" && !/^anonymous\b|\/Authors$/i.test(name));
}

/**
 * Keywords as single words or phrases: people write several into one field, parted by commas, semicolons
 * or line breaks. Separators within brackets belong to the keyword.
 */
export function keywordsIn(fields: readonly string[]): string[] {
  const found = new Map<string, string>();
  for (const part of fields.flatMap(parts)) {
    if (part.length > longestKeyword) continue;
    const keyword = plainText(part)
      .replace(/^[\s.:*–-]+/, "")
      .replace(/[\s.:]+$/, "");
    if (keyword !== "" && !found.has(keyword.toLowerCase())) found.set(keyword.toLowerCase(), keyword);
  }
  return [...found.values()];
}

/** What is longer is a sentence that somebody wrote into the wrong field. */
const longestKeyword = 200;

function parts(field: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < field.length; at++) {
    const character = field[at] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth = Math.max(0, depth - 1);
    else if (";,，；、|•\r\n".includes(character) && depth === 0) {
      found.push(field.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, field.slice(from)];
}

/** Epoch milliseconds, within the years a paper can have. */
function instant(ms: number | undefined): string | undefined {
  return ms === undefined || ms < 0 || ms > 7_258_118_400_000 ? undefined : isoUtc(new Date(ms));
}

function nextPage(address: string | undefined, rows: number, count: number | undefined): string | undefined {
  if (address === undefined || rows === 0) return undefined;
  const url = new URL(address);
  const limit = Number(url.searchParams.get("limit") ?? pageSize);
  const offset = Number(url.searchParams.get("offset") ?? 0) + rows;
  if (count === undefined ? rows < limit : !(offset < count)) return undefined;
  url.searchParams.set("offset", String(offset));
  return url.href;
}
