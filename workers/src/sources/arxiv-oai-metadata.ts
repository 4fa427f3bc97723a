import { type Author, categories, categoryName, splitAuthors } from "@paperwire/core";
import { arxivText } from "./arxiv-record.ts";
import { childrenOf, childText, textOf } from "./feed/element.ts";
import type { XmlElement } from "./feed/xml.ts";
import { descendants } from "./xml.ts";

/** What the three formats say, as written (TeX, line breaks and all); only the authors are finished. */
export interface OaiMetadata {
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly abstract?: string | undefined;
  readonly comments?: string | undefined;
  readonly authors: readonly Author[];
  readonly categories: readonly string[];
  readonly created?: string | undefined;
  readonly updated?: string | undefined;
  readonly version?: number | undefined;
  readonly dois: readonly string[];
  readonly journalRef?: string | undefined;
  readonly license?: string | undefined;
}

/** Reads the one element inside `<metadata>`; undefined for a format this reader does not know. */
export function metadataOf(element: XmlElement): OaiMetadata | undefined {
  switch (element.local) {
    case "arxiv":
      return {
        ...shared(element),
        ...dated(element),
        authors: descendants(element, "author").flatMap(authorOf),
      };
    case "arxivraw":
      return {
        ...shared(element),
        ...versioned(element),
        authors: splitAuthors(childText(element, "authors") ?? ""),
      };
    case "dc":
      return dublinCore(element);
    default:
      return undefined;
  }
}

function shared(element: XmlElement): Omit<OaiMetadata, "authors"> {
  return {
    id: childText(element, "id"),
    title: childText(element, "title"),
    abstract: childText(element, "abstract"),
    comments: childText(element, "comments"),
    categories: (childText(element, "categories") ?? "").split(/\s+/).filter((code) => code !== ""),
    dois: (childText(element, "doi") ?? "").split(/[\s,;]{1,20}(?=(?:doi:)?10\.)/i),
    journalRef: childText(element, "journal-ref"),
    license: childText(element, "license"),
  };
}

function dated(element: XmlElement) {
  return { created: childText(element, "created"), updated: childText(element, "updated") };
}

/** `<version version="v2"><date>…`: the first is when the paper came, the highest is what the record says now. */
function versioned(element: XmlElement) {
  const versions = childrenOf(element, "version")
    .map((version) => ({
      number: Number(/\d+/.exec(version.attributes.version ?? "")?.[0]),
      date: childText(version, "date"),
    }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number);
  const last = versions.at(-1);
  return { created: versions[0]?.date, updated: last?.date, version: last?.number };
}

function authorOf(author: XmlElement): Author[] {
  const part = (name: string) => childrenOf(author, name).flatMap((element) => textOf(element) ?? []);
  const name = arxivText([...part("forenames"), ...part("keyname"), ...part("suffix")].join(" "));
  if (name === "") return [];
  const affiliation = part("affiliation").map(arxivText).join("; ");
  return [{ name, ...(affiliation !== "" && { affiliation }) }];
}

/**
 * Dublin Core as arXiv fills it: the abstract is the first description and the comments the one that says
 * so, dates ascend from the first version to the last, and identifiers mix
 * pages, DOIs and journal references.
 */
function dublinCore(element: XmlElement): OaiMetadata {
  const all = (name: string) =>
    childrenOf(element, `dc:${name}`, name).flatMap((field) => textOf(field) ?? []);
  const descriptions = all("description");
  const dates = all("date");
  const identifiers = all("identifier");
  return {
    id: identifiers.find((text) => /arxiv\.org\/abs\//i.test(text)),
    title: all("title")[0],
    abstract: descriptions.find((text) => !comment.test(text)),
    comments: descriptions.find((text) => comment.test(text))?.replace(comment, ""),
    authors: all("creator").map((creator) => ({
      name: arxivText(creator.replace(/^([^,]+),\s*(.+)$/s, "$2 $1")),
    })),
    categories: all("subject").flatMap((subject) => codeOf(subject) ?? []),
    created: dates[0],
    updated: dates.at(-1),
    dois: identifiers.filter((text) => /^(?:doi:|10\.|https?:\/\/(?:dx\.)?doi\.org\/)/i.test(text)),
    journalRef: identifiers.find((text) => !/^(?:https?:|doi:|10\.\d|oai:|arxiv:)/i.test(text)),
    license: all("rights")[0],
  };
}

const comment = /^\s*Comments?:\s*/i;

/** The code behind a subject's name ("Astrophysics - Earth and Planetary Astrophysics" → `astro-ph.EP`). */
function codeOf(subject: string): string | undefined {
  return codes.get(subject.replace(/\s+/g, " ").trim().toLowerCase());
}

const codes = new Map<string, string>();
for (const { code, name, archive } of categories.values()) {
  const full = `${categoryName(archive) ?? archive} - ${name}`.toLowerCase();
  codes.set(full, code);
  if (code === archive) codes.set(name.toLowerCase(), code);
}
