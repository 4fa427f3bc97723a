/** The prefix this reader uses for a namespace, whatever prefix the document chose; `""` for the feed formats. */
export function canonicalPrefix(uri: string): string | undefined {
  return prefixes.get(
    uri
      .trim()
      .toLowerCase()
      .replace(/[#/]+$/, "")
      .replace(/^https:/, "http:"),
  );
}

const prefixes = new Map<string, string>([
  ["", ""],
  // RSS 0.90, 1.0, 1.1 and the addresses RSS 2.0 documents have used.
  ["http://my.netscape.com/rdf/simple/0.9", ""],
  ["http://channel.netscape.com/rdf/simple/0.9", ""],
  ["http://purl.org/rss/1.0", ""],
  ["http://purl.org/net/rss1.1", ""],
  ["http://backend.userland.com/rss", ""],
  ["http://backend.userland.com/rss2", ""],
  ["http://backend.userland.com/rss091", ""],
  ["http://blogs.law.harvard.edu/tech/rss", ""],
  ["http://my.netscape.com/publish/formats/rss-0.91.dtd", ""],
  // Atom 1.0 and 0.3.
  ["http://www.w3.org/2005/atom", "atom"],
  ["http://purl.org/atom/ns", "atom"],
  ["http://example.com/newformat", "atom"],
  ["http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"],
  ["http://www.w3.org/1999/xhtml", "xhtml"],
  ["http://purl.org/dc/elements/1.0", "dc"],
  ["http://purl.org/dc/elements/1.1", "dc"],
  ["http://purl.org/dc/terms", "dcterms"],
  ["http://purl.org/rss/1.0/modules/content", "content"],
  ["http://purl.org/rss/1.0/modules/syndication", "sy"],
  ["http://search.yahoo.com/mrss", "media"],
  ["http://www.rssboard.org/media-rss", "media"],
  ["http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"],
  ["http://example.com/dtds/podcast-1.0.dtd", "itunes"],
  ["http://prismstandard.org/namespaces/1.2/basic", "prism"],
  ["http://prismstandard.org/namespaces/basic/1.2", "prism"],
  ["http://prismstandard.org/namespaces/basic/2.0", "prism"],
  ["http://prismstandard.org/namespaces/basic/2.1", "prism"],
  ["http://purl.org/rss/1.0/modules/prism", "prism"],
  ["http://arxiv.org/schemas/atom", "arxiv"],
  ["http://rssnamespace.org/feedburner/ext/1.0", "feedburner"],
  ["http://a9.com/-/spec/opensearch/1.1", "opensearch"],
]);

/** Prefixes taken at their word where a document forgot to declare them. */
export const customaryPrefixes: ReadonlySet<string> = new Set(
  [...prefixes.values()].filter((prefix) => prefix !== ""),
);
