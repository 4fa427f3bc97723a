import type { FeedCategory, FeedDocument, FeedEntry, FeedLink, FeedPerson, FeedText } from "./document.ts";
import { child, childrenOf, childText, languageOf, resolveAt, textOf } from "./element.ts";
import { optional } from "./optional.ts";
import { atomPerson, personOf } from "./person.ts";
import { rhythmOf } from "./rhythm.ts";
import { atomText, looseText } from "./text-construct.ts";
import type { XmlElement } from "./xml.ts";

type Parsed = Omit<FeedDocument, "encoding" | "truncated" | "cut">;

/** Atom 1.0 (RFC 4287) and 0.3; a lone `entry` document is a feed of one. */
export function readAtom(root: XmlElement, documentUrl: string | undefined): Parsed {
  const feed = root.name === "entry" ? undefined : root;
  const links = feed === undefined ? [] : linksOf(feed, documentUrl);
  const home = alternate(links);
  const base = documentUrl ?? home;
  const entries = feed === undefined ? [root] : entriesOf(feed);
  return {
    format: "atom",
    version: root.attributes.version?.trim() || "1.0",
    links,
    authors: feed === undefined ? [] : peopleOf(feed),
    categories: feed === undefined ? [] : categoriesOf(feed),
    entries: entries.map((entry) => entryOf(entry, base)),
    ...(feed !== undefined && {
      element: feed,
      ...optional("title", atomText(child(feed, "title")) ?? looseText(child(feed, "dc:title"))),
      ...optional("link", home),
      ...optional("description", firstText(feed, "subtitle", "tagline", "description", "info")),
      ...optional("language", languageOf(feed) ?? childText(feed, "language", "dc:language")),
      ...optional("id", childText(feed, "id")),
      ...optional("published", childText(feed, "published", "issued", "pubdate")),
      ...optional("updated", childText(feed, "updated", "modified", "dc:date")),
      ...optional("rights", atomText(child(feed, "rights") ?? child(feed, "copyright"))),
      ...optional("rhythm", rhythmOf(feed)),
      ...optional("hub", hubOf(links)),
      ...optional("next", links.find((link) => link.rel === "next")?.href),
    }),
  };
}

function entriesOf(feed: XmlElement): XmlElement[] {
  const entries: XmlElement[] = [];
  const collect = (element: XmlElement) => {
    for (const node of element.children) {
      if (typeof node === "string") continue;
      if (node.name === "entry" || node.name === "item") entries.push(node);
      if (node.name === "entry" || node.name === "feed") collect(node);
    }
  };
  collect(feed);
  return entries;
}

function entryOf(entry: XmlElement, base: string | undefined): FeedEntry {
  const links = linksOf(entry, base);
  return {
    links,
    authors: peopleOf(entry),
    categories: categoriesOf(entry),
    element: entry,
    ...optional("id", childText(entry, "id", "guid")),
    ...optional("link", alternate(links)),
    ...optional(
      "title",
      atomText(child(entry, "title")) ?? looseText(child(entry, "dc:title") ?? child(entry, "media:title")),
    ),
    ...optional("summary", firstText(entry, "summary", "description", "dc:description", "media:description")),
    ...optional("content", atomText(child(entry, "content")) ?? looseText(child(entry, "content:encoded"))),
    ...optional("published", childText(entry, "published", "issued", "created", "pubdate", "dcterms:issued")),
    ...optional("updated", childText(entry, "updated", "modified", "dcterms:modified", "dc:date")),
    ...optional("language", childText(entry, "dc:language") ?? languageOf(entry)),
    ...optional(
      "rights",
      atomText(child(entry, "rights") ?? child(entry, "copyright")) ?? looseText(child(entry, "dc:rights")),
    ),
  };
}

function firstText(element: XmlElement, ...names: readonly string[]): FeedText | undefined {
  for (const name of names) {
    const text = atomText(child(element, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

function linksOf(element: XmlElement, documentUrl: string | undefined): FeedLink[] {
  return childrenOf(element, "link").flatMap((node) => {
    const written = node.attributes.href ?? textOf(node);
    const href = written === undefined ? undefined : resolveAt(node, written, documentUrl);
    if (href === undefined || href === "") return [];
    const rel = (node.attributes.rel?.trim() || "alternate").replace(
      "http://www.iana.org/assignments/relation/",
      "",
    );
    return [
      { href, rel, ...optional("type", node.attributes.type), ...optional("title", node.attributes.title) },
    ];
  });
}

/** The page about it: an HTML alternate before one of another type (RFC 4287 section 4.2.7.2). */
function alternate(links: readonly FeedLink[]): string | undefined {
  const alternates = links.filter((link) => link.rel === "alternate");
  return (alternates.find((link) => link.type === undefined || /html/i.test(link.type)) ?? alternates[0])
    ?.href;
}

function hubOf(links: readonly FeedLink[]): FeedDocument["hub"] {
  const url = links.find((link) => link.rel === "hub")?.href;
  const topic = links.find((link) => link.rel === "self")?.href;
  return url === undefined || topic === undefined ? undefined : { url, topic };
}

function peopleOf(element: XmlElement): FeedPerson[] {
  const authors = childrenOf(element, "author")
    .map(atomPerson)
    .filter((person) => person !== undefined);
  if (authors.length > 0) return authors;
  return childrenOf(element, "dc:creator")
    .map((node) => personOf(textOf(node)))
    .filter((person) => person !== undefined);
}

function categoriesOf(element: XmlElement): FeedCategory[] {
  return childrenOf(element, "category", "dc:subject").flatMap((node) => {
    const term = node.attributes.term?.trim() || textOf(node) || node.attributes.label?.trim();
    if (term === undefined || term === "") return [];
    return [
      { term, ...optional("scheme", node.attributes.scheme), ...optional("label", node.attributes.label) },
    ];
  });
}
