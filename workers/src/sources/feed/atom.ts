import type { FeedCategory, FeedEntry, FeedHead, FeedLink, FeedPerson, FeedText } from "./document.ts";
import { attributeOf, childrenOf, languageOf, ownText, resolveAt, textOf } from "./element.ts";
import { type Fields, fieldsOf, looseIn, textIn } from "./fields.ts";
import { alternateOf, hubOf } from "./links.ts";
import { optional } from "./optional.ts";
import { atomPerson, personOf } from "./person.ts";
import { rhythmOf } from "./rhythm.ts";
import { atomText } from "./text-construct.ts";
import type { XmlElement } from "./xml.ts";

/** Atom 1.0 (RFC 4287) and 0.3; a lone `entry` document is a feed of one. */
export function atomHead(root: XmlElement, documentUrl: string | undefined): FeedHead {
  const isFeed = root.name !== "entry";
  const said: Fields = isFeed ? fieldsOf(root) : new Map();
  const links = isFeed ? linksOf(root, documentUrl) : [];
  return {
    format: "atom",
    version: attributeOf(root, "version") ?? "1.0",
    links,
    authors: isFeed ? peopleOf(root) : [],
    categories: isFeed ? categoriesOf(root) : [],
    element: root,
    ...optional("title", atomIn(said, ["title"]) ?? looseIn(said, ["dc:title"])),
    ...optional("link", alternateOf(links)),
    ...optional("description", atomIn(said, ["subtitle", "tagline", "description", "info"])),
    ...optional("language", languageOf(root) ?? textIn(said, ["language", "dc:language"])),
    ...optional("id", textIn(said, ["id"])),
    ...optional("published", textIn(said, ["published", "issued", "pubdate"])),
    ...optional("updated", textIn(said, ["updated", "modified", "dc:date"])),
    ...optional("rights", atomIn(said, ["rights", "copyright"])),
    ...optional("rhythm", rhythmOf(root)),
    ...optional("hub", hubOf(links)),
    ...optional("next", links.find((link) => link.rel === "next")?.href),
  };
}

/** Entries stand in the feed; in broken documents also in each other. */
export function atomEntries(root: XmlElement): XmlElement[] {
  const entries: XmlElement[] = root.name === "entry" ? [root] : [];
  const collect = (element: XmlElement) => {
    for (const node of element.children) {
      if (typeof node === "string" || (node.name !== "entry" && node.name !== "item" && node.name !== "feed"))
        continue;
      if (node.name !== "feed") entries.push(node);
      collect(node);
    }
  };
  collect(root);
  return entries;
}

export function atomEntry(entry: XmlElement, base: string | undefined): FeedEntry {
  const said = fieldsOf(entry);
  const links = linksOf(entry, base);
  const group = said.get("media:group");
  const media: Fields = group === undefined ? said : fieldsOf(group);
  return {
    links,
    authors: peopleOf(entry),
    categories: categoriesOf(entry),
    element: entry,
    ...optional("id", textIn(said, ["id", "guid"])),
    ...optional("link", alternateOf(links)),
    ...optional(
      "title",
      atomIn(said, ["title"]) ?? looseIn(said, ["dc:title"]) ?? looseIn(media, ["media:title"]),
    ),
    ...optional(
      "summary",
      atomIn(said, ["summary", "description"]) ??
        looseIn(said, ["dc:description"]) ??
        looseIn(media, ["media:description"]),
    ),
    ...optional("content", atomIn(said, ["content"]) ?? looseIn(said, ["content:encoded"])),
    ...optional("published", textIn(said, ["published", "issued", "created", "pubdate", "dcterms:issued"])),
    ...optional("updated", textIn(said, ["updated", "modified", "dcterms:modified", "dc:date"])),
    ...optional("language", textIn(said, ["dc:language"]) ?? languageOf(entry)),
    ...optional("rights", atomIn(said, ["rights", "copyright"]) ?? looseIn(said, ["dc:rights"])),
  };
}

function atomIn(said: Fields, names: readonly string[]): FeedText | undefined {
  for (const name of names) {
    const text = atomText(said.get(name));
    if (text !== undefined) return text;
  }
  return undefined;
}

function linksOf(element: XmlElement, documentUrl: string | undefined): FeedLink[] {
  return childrenOf(element, "link").flatMap((node) => {
    const written = node.attributes.href ?? textOf(node);
    const href = written === undefined ? undefined : resolveAt(node, written, documentUrl);
    if (href === undefined || href === "") return [];
    const rel = (attributeOf(node, "rel") ?? "alternate").replace(
      "http://www.iana.org/assignments/relation/",
      "",
    );
    return [
      { href, rel, ...optional("type", node.attributes.type), ...optional("title", node.attributes.title) },
    ];
  });
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
    const label = attributeOf(node, "label");
    const term = attributeOf(node, "term") ?? ownText(node) ?? label;
    if (term === undefined) return [];
    return [{ term, ...optional("scheme", node.attributes.scheme), ...optional("label", label) }];
  });
}
