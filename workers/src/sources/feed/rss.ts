import type { FeedEntry, FeedHead, FeedLink, FeedPerson, FeedText } from "./document.ts";
import { attributeOf, childrenOf, languageOf, resolveAt, resolveUrl, textOf } from "./element.ts";
import { type Fields, fieldsOf, looseIn, textIn } from "./fields.ts";
import { alternateOf, hubOf } from "./links.ts";
import { optional } from "./optional.ts";
import { atomPerson, personOf } from "./person.ts";
import { rhythmOf } from "./rhythm.ts";
import { rssCategories } from "./rss-categories.ts";
import * as names from "./rss-names.ts";
import type { XmlElement } from "./xml.ts";

/** RSS 0.9x, 1.0 (RDF), 1.1 and 2.0, and CDF, with the modules that carry what a listing keeps. */
export function rssHead(root: XmlElement, documentUrl: string | undefined): FeedHead {
  const channel = channelOf(root);
  const said = fieldsOf(channel);
  const links = linksOf(channel, documentUrl);
  return {
    format: root.name.startsWith("rdf") ? "rdf" : root.name === "channel" ? "cdf" : "rss",
    version: versionOf(root),
    links,
    authors: peopleOf(channel, said, names.channelPeople).slice(0, 1),
    categories: rssCategories(channel),
    element: channel,
    ...optional("title", looseIn(said, names.channelTitle)),
    ...optional("link", pageOf(channel, links, documentUrl) ?? attributeOf(channel, "rdf:about")),
    ...optional("description", looseIn(said, names.channelDescription)),
    ...optional("language", textIn(said, names.language) ?? languageOf(channel)),
    ...optional("id", textIn(said, ["id", "atom:id"]) ?? attributeOf(channel, "rdf:about")),
    ...optional("published", textIn(said, names.channelPublished)),
    ...optional("updated", textIn(said, names.channelUpdated)),
    ...optional("rights", looseIn(said, names.rights)),
    ...optional("rhythm", rhythmOf(channel)),
    ...optional("hub", hubOf(links)),
    ...optional("next", links.find((link) => link.rel === "next")?.href),
  };
}

/** Items stand in the channel (RSS 2.0), beside it (RDF), in `items` (1.1) and, in broken feeds, anywhere. */
export function rssItems(root: XmlElement): XmlElement[] {
  const items: XmlElement[] = [];
  const collect = (element: XmlElement) => {
    for (const node of element.children) {
      if (typeof node === "string") continue;
      const isItem = node.name === "item" || node.name === "atom:entry" || node.name === "entry";
      if (isItem) items.push(node);
      if (isItem || containers.has(node.name)) collect(node);
    }
  };
  collect(root);
  return items;
}

export function rssEntry(item: XmlElement, base: string | undefined): FeedEntry {
  const said = fieldsOf(item);
  const guid = said.get("guid") ?? said.get("atom:id") ?? said.get("id");
  const about = attributeOf(item, "rdf:about");
  const id = textOf(guid) ?? about;
  const links = linksOf(item, base);
  const link =
    pageOf(item, links, base) ??
    permalink(guid, id) ??
    (about === undefined ? undefined : resolveUrl(about, base));
  return {
    links,
    authors: peopleOf(item, said, names.itemPeople),
    categories: rssCategories(item),
    element: item,
    ...optional("id", id),
    ...optional("link", link),
    ...optional("title", looseIn(said, names.itemTitle)),
    ...optional("summary", looseIn(said, names.itemSummary) ?? groupText(said, "media:description")),
    ...optional("content", contentOf(said)),
    ...optional("published", textIn(said, names.itemPublished)),
    ...optional("updated", textIn(said, names.itemUpdated)),
    ...optional("language", textIn(said, names.language) ?? languageOf(item)),
    ...optional("rights", looseIn(said, names.rights)),
  };
}

function channelOf(root: XmlElement): XmlElement {
  return root.name === "channel" ? root : (childrenOf(root, "channel")[0] ?? root);
}

const containers = new Set([
  "channel",
  "items",
  "rss",
  "rdf:rdf",
  "rdf",
  "image",
  "textinput",
  "rdf:seq",
  "rdf:li",
]);

/** A guid is the page's address unless it says otherwise, and if it looks like one. */
function permalink(guid: XmlElement | undefined, id: string | undefined): string | undefined {
  if (
    guid?.name !== "guid" ||
    id === undefined ||
    /^(?:false|no|0)$/i.test(guid.attributes.ispermalink?.trim() ?? "")
  )
    return undefined;
  return /^https?:\/\//i.test(id) ? id : undefined;
}

function contentOf(said: Fields): FeedText | undefined {
  const content = looseIn(said, names.itemContent);
  // RSS with both: one of them is the short form, and the description comes first.
  return content ?? (said.has("description") ? looseIn(said, ["summary", "abstract"]) : undefined);
}

/** Text of the media module, which may be wrapped in a group. */
function groupText(said: Fields, name: string): FeedText | undefined {
  const group = said.get("media:group");
  return group === undefined ? undefined : looseIn(fieldsOf(group), [name]);
}

function linksOf(element: XmlElement, base: string | undefined): FeedLink[] {
  const links: FeedLink[] = [];
  for (const node of element.children) {
    if (typeof node === "string" || (node.name !== "link" && node.name !== "atom:link")) continue;
    const { attributes } = node;
    const written =
      (node.name === "link" ? textOf(node) : undefined) ?? attributes.href ?? attributes["rdf:resource"];
    const href = written === undefined ? undefined : resolveAt(node, written, base);
    if (href === undefined || href === "") continue;
    const rel =
      attributes.rel?.trim().toLowerCase() ||
      (node.name === "link" || attributes.rel === undefined ? "alternate" : "");
    links.push({ href, rel, ...optional("type", attributes.type), ...optional("title", attributes.title) });
  }
  return links;
}

/** The page about it. Of several plain links the last one counts, as in the other readers; CDF has an attribute. */
function pageOf(
  element: XmlElement,
  links: readonly FeedLink[],
  base: string | undefined,
): string | undefined {
  const plain = childrenOf(element, "link").findLast(
    (node) => node.attributes.rel === undefined && (textOf(node) ?? attributeOf(node, "href")) !== undefined,
  );
  const written =
    plain === undefined ? attributeOf(element, "href") : (textOf(plain) ?? attributeOf(plain, "href"));
  return (
    (written === undefined ? undefined : resolveAt(plain ?? element, written, base)) ?? alternateOf(links)
  );
}

/**
 * The elements are tried in their order, and the first that names anybody gives all of them. RSS's own
 * `author` is an address by the letter: without a name in it, it counts only where no other element has one.
 */
function peopleOf(element: XmlElement, said: Fields, order: readonly string[]): FeedPerson[] {
  let addresses: FeedPerson[] = [];
  for (const name of order) {
    if (!said.has(name)) continue;
    const people = childrenOf(element, name).map((node) => {
      const isConstruct = name === "atom:author" || childrenOf(node, "name", "atom:name").length > 0;
      return isConstruct ? atomPerson(node) : personOf(textOf(node));
    });
    const known = people.filter((person) => person !== undefined);
    if (known.some((person) => person.name !== undefined)) return known;
    if (addresses.length === 0) addresses = known;
  }
  return addresses;
}

function versionOf(root: XmlElement): string {
  if (root.name === "rss") return root.attributes.version?.trim() ?? "";
  return root.name === "rdf:rdf" ? "1.0" : "";
}
