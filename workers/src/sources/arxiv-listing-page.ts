import { isoUtc, parseDate } from "@paperwire/core";
import { Parser } from "htmlparser2";

/** One entry of a listing page, as it stands there; texts keep their TeX, white space is not folded. */
export interface ListedEntry {
  /** Its number on the whole list, from 1. */
  readonly number?: number;
  readonly id: string;
  /** The link's `(cross-list from …)` or `(replaced)`. */
  readonly mark: string;
  readonly title: string;
  readonly authors: string;
  readonly subjects: string;
  readonly comments: string;
  readonly journalRef: string;
  readonly abstract: string;
  readonly section: Section | undefined;
}

export type SectionKind = "new" | "cross" | "replace";

/** A heading inside of the list: what kind of entries follow, or which day's. */
export interface Section {
  readonly kind?: SectionKind;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
  /** "showing 20 of 84 entries". */
  readonly shown?: number;
  readonly total?: number;
}

export interface ListingPage {
  /** The name of the category or archive (`<h1>`). */
  readonly name: string;
  /** "Showing new listings for Friday, 26 June 2026". */
  readonly date?: string;
  /** "Total of 84 entries". */
  readonly total?: number;
  readonly entries: readonly ListedEntry[];
  readonly sections: readonly Section[];
  /** It says in so many words that nothing was announced. */
  readonly isEmpty: boolean;
  /** It has the frame of a listing page. */
  readonly isListing: boolean;
}

/**
 * Reads arXiv's listing pages (`/list/<category>/new`, `/recent`, `/pastweek`) in the forms they have had
 * since 2019: headings inside or outside of the `<dl>`, attributes in either quotes, with or without abstracts.
 * At most `maxEntries` entries are read.
 */
export function readListingPage(html: string, maxEntries: number): ListingPage {
  const page: Draft = { name: "", entries: [], sections: [], isEmpty: false, isListing: false, text: "" };
  let capture: { readonly field: Field; readonly tag: string; depth: number; skip: number } | undefined;
  let entry: Record<EntryField, string> | undefined;
  let section: Section | undefined;
  const close = () => {
    if (entry !== undefined && entry.id !== "") page.entries.push(toEntry(entry, section));
    entry = undefined;
  };
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (page.entries.length >= maxEntries) return;
      if (capture !== undefined) {
        if (tag === capture.tag) capture.depth++;
        if (tag === "br") page.text += " ";
        if (/\bdescriptor\b/.test(attributes.class ?? "")) capture.skip = 1;
      }
      if (attributes.id === "articles" || attributes.id === "dlpage") page.isListing = true;
      if (tag === "dt" || tag === "h2" || tag === "h3") close();
      if (tag === "dt") {
        section = page.sections.at(-1);
        entry = {
          id: "",
          mark: "",
          title: "",
          authors: "",
          subjects: "",
          comments: "",
          journalRef: "",
          abstract: "",
          number: "",
        };
      }
      const id =
        entry?.id === "" && tag === "a" ? /\/abs\/([^"?#]+)/.exec(attributes.href ?? "")?.[1] : undefined;
      if (entry !== undefined && id !== undefined) entry.id = id;
      const field = capture === undefined ? fieldOf(tag, attributes, entry !== undefined) : undefined;
      if (field !== undefined) {
        capture = { field, tag, depth: 1, skip: 0 };
        page.text = "";
      }
    },
    ontext(text) {
      if (capture !== undefined && capture.skip === 0) page.text += text;
    },
    onclosetag(tag) {
      if (tag === "dl") close();
      if (capture === undefined) return;
      if (tag === "span") capture.skip = 0;
      if (tag !== capture.tag || --capture.depth > 0) return;
      const { field } = capture;
      capture = undefined;
      if (field === "name" || field === "heading" || field === "paging" || field === "remark")
        placeInPage(page, field);
      else if (entry !== undefined) entry[field] ||= page.text;
    },
  });
  parser.end(html);
  close();
  const { text: _, ...read } = page;
  return read;
}

interface Draft {
  name: string;
  date?: string;
  total?: number;
  readonly entries: ListedEntry[];
  readonly sections: Section[];
  isEmpty: boolean;
  isListing: boolean;
  /** What is being collected. */
  text: string;
}

type EntryField =
  | "id"
  | "mark"
  | "title"
  | "authors"
  | "subjects"
  | "comments"
  | "journalRef"
  | "abstract"
  | "number";
type Field = EntryField | "name" | "heading" | "paging" | "remark";

function fieldOf(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  inEntry: boolean,
): Field | undefined {
  const names = attributes.class ?? "";
  if (tag === "h1") return "name";
  if (tag === "h2" || tag === "h3") return "heading";
  if (/\bpaging\b/.test(names) || (tag === "small" && !inEntry)) return "paging";
  if (!inEntry) return tag === "p" ? "remark" : undefined;
  if (tag === "dt") return "mark";
  const field = /\blist-(title|authors|subjects|comments|journal-ref)\b/.exec(names)?.[1];
  if (field === "journal-ref") return "journalRef";
  if (field !== undefined) return field as EntryField;
  return tag === "p" && /\bmathjax\b/.test(names) ? "abstract" : tag === "p" ? "remark" : undefined;
}

function placeInPage(page: Draft, field: "name" | "heading" | "paging" | "remark"): void {
  const text = page.text.replace(/\s+/g, " ").trim();
  if (field === "name") page.name ||= text;
  if (field === "paging") {
    const total = /total of (\d+) entries/i.exec(text)?.[1];
    if (total !== undefined) page.total ??= Number(total);
  }
  if (field === "remark" && /^no (?:further )?updates\b/i.test(text)) page.isEmpty = true;
  if (field !== "heading") return;
  const day = dayIn(text);
  if (/^showing new listings\b/i.test(text)) {
    page.isListing = true;
    if (day !== undefined) page.date = day;
    return;
  }
  const kind = sectionKinds.find(([pattern]) => pattern.test(text))?.[1];
  if (kind === undefined && day === undefined) return;
  const [, shown, total] = /showing (?:first |last )?(\d+) of (\d+) entries/i.exec(text) ?? [];
  page.sections.push({
    ...(kind !== undefined && { kind }),
    ...(day !== undefined && { date: day }),
    ...(shown !== undefined && { shown: Number(shown) }),
    ...(total !== undefined && { total: Number(total) }),
  });
}

/** The date a heading names, as `YYYY-MM-DD`. */
function dayIn(heading: string): string | undefined {
  const written = /\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? \d{1,2} [a-z]+ \d{2,4}/i.exec(heading)?.[0];
  const date = written === undefined ? undefined : parseDate(written);
  return date === undefined ? undefined : isoUtc(date).slice(0, 10);
}

function toEntry(raw: Readonly<Record<EntryField, string>>, section: Section | undefined): ListedEntry {
  const number = /\[(\d+)\]/.exec(raw.mark)?.[1];
  const { number: _, ...fields } = raw;
  return { ...fields, section, ...(number !== undefined && { number: Number(number) }) };
}

const sectionKinds: readonly (readonly [RegExp, SectionKind])[] = [
  [/^new submissions\b/i, "new"],
  [/^cross(?:[ -]lists?| submissions)\b/i, "cross"],
  [/^replacements?\b/i, "replace"],
];
