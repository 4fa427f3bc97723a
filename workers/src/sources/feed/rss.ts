import type {
  FeedCategory,
  FeedDocument,
  FeedEntry,
  FeedFormat,
  FeedLink,
  FeedPerson,
  FeedText,
} from "./document.ts";
import { child, childrenOf, childText, languageOf, resolveAt, resolveUrl, textOf } from "./element.ts";
import { optional } from "./optional.ts";
import { atomPerson, personOf } from "./person.ts";
import { rhythmOf } from "./rhythm.ts";
import { atomText, looseText } from "./text-construct.ts";
import type { XmlElement } from "./xml.ts";

type Parsed = Omit<FeedDocument, "encoding" | "truncated" | "cut">;

/** RSS 0.9x, 1.0 (RDF), 1.1 and 2.0 with the modules that carry what a listing keeps. */
export function readRss(root: XmlElement, documentUrl: string | undefined): Parsed {
  const channel = root.name === "channel" ? root : (child(root, "channel") ?? root);
  const format: FeedFormat = root.name.startsWith("rdf:") || root.name === "channel" ? "rdf" : "rss";
  const links = linksOf(channel, documentUrl);
  const home = alternate(links) ?? aboutOf(channel);
  const base = documentUrl ?? home;
  const updated = childText(channel, "lastbuilddate", "dcterms:modified", "atom:updated", "dc:date");
  const published = childText(channel, "pubdate", "dcterms:issued", "atom:published");
  return {
    format,
    version: versionOf(root, channel),
    links,
    authors: peopleOf(channel, [
      "managingeditor",
      "author",
      "dc:creator",
      "dc:author",
      "itunes:author",
      "webmaster",
    ]).slice(0, 1),
    categories: categoriesOf(channel),
    entries: itemsOf(root).map((item) => entryOf(item, base)),
    element: channel,
    ...optional("title", firstText(channel, "title", "dc:title", "atom:title")),
    ...optional("link", home),
    ...optional(
      "description",
      firstText(channel, "description", "dc:description", "itunes:summary", "itunes:subtitle", "tagline"),
    ),
    ...optional(
      "language",
      childText(channel, "language", "dc:language", "dcterms:language") ?? languageOf(channel),
    ),
    ...optional("id", childText(channel, "id", "atom:id", "dc:identifier") ?? aboutOf(channel)),
    ...optional("published", published),
    ...optional("updated", updated),
    ...optional("rights", firstText(channel, "copyright", "dc:rights", "dcterms:rights", "rights")),
    ...optional("rhythm", rhythmOf(channel)),
    ...optional("hub", hubOf(links)),
    ...optional("next", links.find((link) => link.rel === "next")?.href),
  };
}

function entryOf(item: XmlElement, base: string | undefined): FeedEntry {
  const guid = child(item, "guid") ?? child(item, "atom:id") ?? child(item, "id");
  const id = textOf(guid) ?? aboutOf(item);
  const links = linksOf(item, base);
  const isPermalink =
    guid?.name === "guid" && !/^(false|no|0)$/i.test(guid.attributes.ispermalink?.trim() ?? "");
  const guidLink = isPermalink && id !== undefined && /^https?:\/\//i.test(id) ? id : undefined;
  const about = aboutOf(item);
  return {
    links,
    authors: peopleOf(item, [
      "author",
      "dc:creator",
      "dc:author",
      "itunes:author",
      "atom:author",
      "dcterms:creator",
    ]),
    categories: categoriesOf(item),
    element: item,
    ...optional("id", id),
    ...optional(
      "link",
      alternate(links) ?? guidLink ?? (about === undefined ? undefined : resolveUrl(about, base)),
    ),
    ...optional("title", firstText(item, "title", "dc:title", "atom:title", "media:title", "itunes:title")),
    ...optional(
      "summary",
      firstText(
        item,
        "description",
        "atom:summary",
        "dc:description",
        "itunes:summary",
        "dcterms:abstract",
        "summary",
        "abstract",
        "media:description",
        "itunes:subtitle",
      ),
    ),
    ...optional("content", contentOf(item)),
    ...optional(
      "published",
      childText(
        item,
        "pubdate",
        "dcterms:issued",
        "atom:published",
        "dc:date",
        "prism:publicationdate",
        "dcterms:created",
        "date",
      ),
    ),
    ...optional(
      "updated",
      childText(item, "dcterms:modified", "atom:updated", "atom:modified", "dc:date", "lastbuilddate"),
    ),
    ...optional(
      "language",
      childText(item, "dc:language", "language", "dcterms:language") ?? languageOf(item),
    ),
    ...optional("rights", firstText(item, "dc:rights", "copyright", "dcterms:rights", "rights")),
  };
}

/** Items stand in the channel (RSS 2.0), beside it (RDF), in `items` (1.1) and, in broken feeds, anywhere. */
function itemsOf(root: XmlElement): XmlElement[] {
  const items: XmlElement[] = [];
  const collect = (element: XmlElement) => {
    for (const node of element.children) {
      if (typeof node === "string") continue;
      if (node.name === "item" || node.name === "atom:entry" || node.name === "entry") items.push(node);
      if (node.name === "item" || containers.has(node.name)) collect(node);
    }
  };
  collect(root);
  return items;
}

const containers = new Set(["channel", "items", "rss", "rdf:rdf", "image", "textinput", "rdf:seq", "rdf:li"]);

function contentOf(item: XmlElement): FeedText | undefined {
  return (
    firstText(
      item,
      "content:encoded",
      "content:item",
      "xhtml:body",
      "xhtml:div",
      "body",
      "fullitem",
      "content",
    ) ?? atomText(child(item, "atom:content"))
  );
}

function firstText(element: XmlElement, ...names: readonly string[]): FeedText | undefined {
  for (const name of names) {
    const text = looseText(child(element, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

function linksOf(element: XmlElement, base: string | undefined): FeedLink[] {
  const links: FeedLink[] = [];
  for (const node of childrenOf(element, "link", "atom:link")) {
    const written =
      node.name === "link"
        ? (textOf(node) ?? node.attributes.href ?? node.attributes["rdf:resource"])
        : node.attributes.href;
    const href = written === undefined ? undefined : resolveAt(node, written, base);
    if (href === undefined || href === "") continue;
    const rel = node.attributes.rel?.trim().toLowerCase() || "alternate";
    const type = node.attributes.type;
    links.push({ href, rel, ...optional("type", type), ...optional("title", node.attributes.title) });
  }
  return links;
}

function alternate(links: readonly FeedLink[]): string | undefined {
  return links.find((link) => link.rel === "alternate")?.href;
}

function aboutOf(element: XmlElement): string | undefined {
  return element.attributes["rdf:about"]?.trim() || undefined;
}

function hubOf(links: readonly FeedLink[]): FeedDocument["hub"] {
  const url = links.find((link) => link.rel === "hub")?.href;
  const topic = links.find((link) => link.rel === "self")?.href;
  return url === undefined || topic === undefined ? undefined : { url, topic };
}

/** The names are tried in their order; the first that names anybody gives all of them. */
function peopleOf(element: XmlElement, names: readonly string[]): FeedPerson[] {
  for (const name of names) {
    const people = childrenOf(element, name)
      .map((node) =>
        name === "atom:author" || childrenOf(node, "name", "atom:name").length > 0
          ? atomPerson(node)
          : personOf(textOf(node)),
      )
      .filter((person) => person !== undefined);
    if (people.length > 0) return people;
  }
  return [];
}

function categoriesOf(element: XmlElement): FeedCategory[] {
  const categories: FeedCategory[] = [];
  const add = (term: string | undefined, scheme?: string, label?: string) => {
    const known =
      term === undefined ||
      term === "" ||
      categories.some((one) => one.term === term && one.scheme === scheme);
    if (!known) categories.push({ term, ...optional("scheme", scheme), ...optional("label", label) });
  };
  for (const node of element.children) {
    if (typeof node === "string") continue;
    const { attributes } = node;
    if (node.name === "itunes:keywords")
      for (const word of textOf(node)?.split(",") ?? []) add(word.trim(), "http://www.itunes.com/");
    else if (node.name === "itunes:category") {
      add(attributes.text?.trim(), "http://www.itunes.com/");
      for (const inner of childrenOf(node, "itunes:category"))
        add(inner.attributes.text?.trim(), "http://www.itunes.com/");
    } else if (categoryNames.has(node.name))
      add(textOf(node) ?? attributes.term?.trim(), attributes.domain ?? attributes.scheme, attributes.label);
  }
  return categories;
}

const categoryNames = new Set([
  "category",
  "dc:subject",
  "dcterms:subject",
  "atom:category",
  "media:category",
  "prism:section",
]);

function versionOf(root: XmlElement, channel: XmlElement): string {
  if (root.name === "rss") return root.attributes.version?.trim() ?? "";
  if (root.name === "rdf:rdf") return "1.0";
  return channel.attributes.version ?? "";
}
