import { type Author, type Listing, parseDoi, type Reading, splitAuthors } from "@paperwire/core";
import { toReading } from "./feed/listings.ts";
import { readFeed } from "./feed/read-feed.ts";
import { toListing } from "./lenient.ts";
import type { SourceKind } from "./source.ts";

/**
 * The RDF feeds of bioRxiv and medRxiv, one per subject. They hold the last 30 papers only, so a busy
 * subject is read often or through the API (`biorxiv`), whose keys these listings share.
 */
export const biorxivRss: SourceKind = {
  id: "biorxiv-rss",
  title: "bioRxiv or medRxiv feed",
  everyMinutes: 60,
  budget: { group: "biorxiv", gapMs: 1000 },
  doiPrefixes: ["10.1101", "10.64898"],
  links: true,
  home: "biorxiv",

  recognises: (url) =>
    /^connect\.(?:bio|med)rxiv\.org$/.test(url.hostname) && /\.(?:php|xml)$/.test(url.pathname),

  detects: (head) =>
    /<rdf:RDF[\s>]/i.test(head) &&
    /<(?:channel|item) rdf:about="https?:\/\/(?:www\.)?(?:bio|med)rxiv\.org/i.test(head),

  read(payload) {
    const reading = toReading(readFeed(payload));
    const listings = new Map(reading.listings.map(withIdentity).map((listing) => [listing.key, listing]));
    return { ...reading, listings: [...listings.values()] } satisfies Reading;
  },
};

/** The address says the DOI's number, the version and, for the feed's own statistics, `?rss=1`. */
function withIdentity(listing: Listing): Listing {
  const [, server, number, version] = address.exec(listing.url ?? listing.key) ?? [];
  const doi = listing.doi ?? parseDoi(number === undefined ? "" : `10.1101/${number}`);
  if (doi === undefined) return listing;
  const which = Number(version ?? 1);
  const host = server?.toLowerCase() === "medrxiv" ? "medrxiv" : "biorxiv";
  return toListing({
    ...listing,
    key: `${doi}v${which}`,
    url: `https://www.${host}.org/content/${doi}v${which}`,
    authors: namesIn(listing.authors.map(({ name }) => name).join(", ")),
    published: which === 1 ? listing.published : undefined,
    version: which,
    announceType: which === 1 ? "new" : "replace",
    doi,
    venue: host === "medrxiv" ? "medRxiv" : "bioRxiv",
  });
}

const address =
  /^https?:\/\/(?:www\.|connect\.)?(biorxiv|medrxiv)\.org\/(?:cgi\/content\/(?:short|abstract|full)|content\/10\.\d+)\/([\d.]+?\d)(?:v(\d+))?(?:\?|$)/i;

/** `Lapalu, N., O'Connell, R. J.`: surnames and initials in turn; a name without initials stands alone. */
function namesIn(line: string): Author[] {
  const pieces = line.split(/,\s+/);
  const names: string[] = [];
  if (line === "") return [];
  for (let at = 0; at < pieces.length; at++) {
    const [piece = "", next = ""] = pieces.slice(at, at + 2);
    if (initials.test(next)) at++;
    names.push(initials.test(next) ? `${piece}, ${next}` : piece);
  }
  return splitAuthors(`${names.join("; ")};`);
}

const initials = /^(?:\p{Lu}\p{Ll}?\.[\s-]?){1,4}$/u;
