/** Under which names RSS and its modules say a thing, the one to believe first. */

export const channelTitle = ["title", "dc:title", "atom:title"];
export const channelDescription = [
  "description",
  "dc:description",
  "itunes:summary",
  "itunes:subtitle",
  "tagline",
  "abstract",
  "subtitle",
];
export const channelPeople = [
  "managingeditor",
  "author",
  "dc:creator",
  "dc:author",
  "itunes:author",
  "webmaster",
];
export const channelPublished = ["pubdate", "dcterms:issued", "atom:published"];
export const channelUpdated = ["lastbuilddate", "dcterms:modified", "atom:updated", "dc:date", "lastmod"];

export const language = ["dc:language", "language", "dcterms:language"];
export const rights = ["dc:rights", "copyright", "dcterms:rights", "rights"];

export const itemTitle = ["title", "dc:title", "atom:title", "media:title", "itunes:title"];
export const itemSummary = [
  "description",
  "atom:summary",
  "dc:description",
  "itunes:summary",
  "dcterms:abstract",
  "summary",
  "abstract",
  "media:description",
  "itunes:subtitle",
];
export const itemContent = [
  "content:encoded",
  "content:item",
  "xhtml:body",
  "xhtml:div",
  "body",
  "fullitem",
  "content",
  "atom:content",
];
export const itemPeople = [
  "author",
  "dc:creator",
  "dc:author",
  "itunes:author",
  "atom:author",
  "dcterms:creator",
];
export const itemPublished = [
  "pubdate",
  "dcterms:issued",
  "atom:published",
  "dc:date",
  "prism:publicationdate",
  "dcterms:created",
  "date",
];
export const itemUpdated = [
  "dcterms:modified",
  "atom:updated",
  "atom:modified",
  "dc:date",
  "lastbuilddate",
  "lastmod",
];
