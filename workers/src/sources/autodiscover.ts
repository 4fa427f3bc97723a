import { Parser } from "htmlparser2";
import { resolveUrl } from "./feed/element.ts";

export interface FeedLink {
  readonly url: string;
  readonly title?: string;
  /** Media type where the page gives one. */
  readonly type?: string;
}

/**
 * The feeds a web page offers, best first and each once: `<link rel="alternate">` with a feed's media type
 * in the order of the page, then links of the text whose address or words say that they lead to a feed.
 * `<base href>` is honoured. Addresses that are not http or https are left out.
 */
export function feedLinks(html: string, pageUrl?: string): FeedLink[] {
  const declared: FeedLink[] = [];
  const hinted: FeedLink[] = [];
  let base = pageUrl;
  let sawBase = false;
  let open: { href: string; text: string } | undefined;
  const add = (to: FeedLink[], href: string, title: string | undefined, type: string | undefined) => {
    const url = resolveUrl(href, base);
    if (url === undefined || !/^https?:\/\//i.test(url) || to.length >= maxLinks) return;
    if (to.some((link) => link.url === url)) return;
    const words = title?.replace(/\s+/g, " ").trim();
    to.push({
      url,
      ...(words !== undefined && words !== "" && { title: words }),
      ...(type !== undefined && { type }),
    });
  };
  const parser = new Parser({
    onopentag(name, { href, rel, title, type }) {
      if (href === undefined) return;
      if (name === "base" && !sawBase) {
        sawBase = true;
        base = resolveUrl(href, pageUrl);
      } else if (name === "link" && isFeedLink(rel, type)) add(declared, href, title, mediaType(type));
      else if (name === "a") open = { href, text: title ?? "" };
    },
    ontext(text) {
      if (open !== undefined && open.text.length < 200) open.text += text;
    },
    onclosetag(name) {
      if (name !== "a" || open === undefined) return;
      if (isFeedHint(open.href, open.text)) add(hinted, open.href, open.text, undefined);
      open = undefined;
    },
  });
  parser.end(html);
  return [...declared, ...hinted.filter(({ url }) => !declared.some((link) => link.url === url))];
}

const maxLinks = 50;
const feedTypes = new Set([
  "application/rss+xml",
  "application/atom+xml",
  "application/feed+json",
  "application/rdf+xml",
  "application/x-rss+xml",
  "application/x-atom+xml",
  "application/x.atom+xml",
  "text/rss+xml",
  "text/atom+xml",
]);

function isFeedLink(rel: string | undefined, type: string | undefined): boolean {
  const rels = rel?.toLowerCase().split(/\s+/) ?? [];
  if (rels.includes("feed")) return true;
  return rels.includes("alternate") && !rels.includes("stylesheet") && feedTypes.has(mediaType(type) ?? "");
}

function mediaType(type: string | undefined): string | undefined {
  return type?.split(";", 1)[0]?.trim().toLowerCase();
}

/** Does the address itself say that it leads to a feed? */
export function looksLikeFeed(url: URL): boolean {
  return isFeedHint(url.href, "") || /\.(?:xml|json)(?:\.gz)?$/i.test(url.pathname);
}

/** A link of the text is believed when its address ends like a feed's, or its words say so and the address does not deny it. */
function isFeedHint(href: string, text: string): boolean {
  const path = href.split(/[?#]/, 1)[0] ?? "";
  if (
    /\.(?:rss|atom|rdf)$/i.test(path) ||
    /(?:^|\/)(?:feed|rss|atom|feed\.json|feed\.xml|rss\.xml|atom\.xml|index\.rdf)\/?$/i.test(path)
  )
    return true;
  return (
    /^\W*(?:rss|atom|xml feed|rss feed|atom feed|subscribe \(rss\))\b/i.test(text) &&
    /xml|rss|atom|feed|rdf/i.test(href)
  );
}
