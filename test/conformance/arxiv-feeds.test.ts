import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { foldSpace, type Listing, PermanentError, type Reading, texToUnicode } from "@paperwire/core";
import { readPayload } from "@paperwire/workers/sources/read.ts";
import { afterAll, describe, expect, test } from "vitest";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const regenerated = `${shared}/data/arxiv/feeds-regenerated`;
const recorded = `${shared}/data/arxiv/rss-items-recorded`;
const lines: string[] = [];
afterAll(() => {
  if (lines.length > 0) process.stdout.write(`\n${lines.join("\n")}\n`);
});

interface Feed {
  readonly file: string;
  readonly day: string;
  readonly query: string;
  readonly status: number;
  readonly items: number;
  readonly expected?: readonly {
    readonly id: string;
    readonly version: number;
    readonly announce_type: string;
    readonly title: string;
    readonly authors: readonly string[];
    readonly categories: readonly string[];
  }[];
}

describe.skipIf(!existsSync(regenerated))(`arXiv's own feeds (${regenerated})`, () => {
  const feeds: Feed[] = existsSync(regenerated)
    ? JSON.parse(readFileSync(`${regenerated}/manifest.json`, "utf8")).filter(({ file }: Feed) =>
        existsSync(`${regenerated}/${file}`),
      )
    : [];

  test.each(feeds.filter(({ status }) => status === 200))(
    "$file is read as the manifest says",
    ({ file, day, items, expected = [] }) => {
      const { kind, reading } = readPayload({ bytes: readFileSync(`${regenerated}/${file}`) });
      expect(kind).toBe(file.includes(".atom.") ? "arxiv-atom" : "arxiv-rss");
      expect(reading.warnings).toEqual([]);
      expect(reading.announced).toBe(items);
      // An empty Atom feed says no day but that of its building.
      if (items > 0 || kind === "arxiv-rss") expect(reading.date).toBe(day);
      expect(reading.listings.map(summaryOf)).toEqual(
        expected.map((item) => ({
          id: item.id,
          version: item.version,
          announceType: item.announce_type,
          title: texToUnicode(foldSpace(item.title)),
          authors: item.authors.map(foldSpace),
          categories: item.categories,
        })),
      );
      lines.push(`${file}: ${reading.listings.length} of ${expected.length}`);
    },
  );

  test.each(feeds.filter(({ status }) => status !== 200))("$file ends in arXiv's reason", ({ file }) => {
    expect(() => readPayload({ bytes: readFileSync(`${regenerated}/${file}`) })).toThrow(PermanentError);
    expect(() => readPayload({ bytes: readFileSync(`${regenerated}/${file}`) })).toThrow(/Bad archive/);
  });
});

interface Item {
  readonly title: string;
  readonly description: string;
  readonly link: string;
}

/** How a feed of each generation writes an item; the items themselves are recorded. */
const generations = [
  { file: "old-format-2022-2024.ndjson.gz", toFeed: toRdf, hasType: true, hasVersion: true },
  { file: "transitional-2024.ndjson.gz", toFeed: toRss, hasType: false, hasVersion: false },
  { file: "new-format-2024-2026.ndjson.gz", toFeed: toRss, hasType: true, hasVersion: true },
];

describe.skipIf(!existsSync(recorded))(`recorded items in three generations (${recorded})`, () => {
  test.each(generations)("every item of $file is read", ({ file, toFeed, hasType, hasVersion }) => {
    const items: Item[] = gunzipSync(readFileSync(`${recorded}/${file}`))
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    const wrong: unknown[] = [];
    for (let at = 0; at < items.length; at += 500) {
      const part = items.slice(at, at + 500);
      const { kind, reading } = readPayload({ bytes: Buffer.from(toFeed(part)) });
      expect(kind).toBe("arxiv-rss");
      const byId = new Map(reading.listings.map((listing) => [listing.arxivId, listing]));
      for (const item of part) {
        const listing = byId.get(idOf(item.link));
        const fault = listing === undefined ? "missing" : faultOf(item, listing, hasType, hasVersion);
        if (fault !== undefined) wrong.push({ fault, item, listing });
      }
      expect(unexplained(reading)).toEqual([]);
    }
    lines.push(`${file}: ${items.length - wrong.length} of ${items.length}`);
    expect(wrong).toEqual([]);
  });
});

function summaryOf({ arxivId, version, announceType, title, authors, categories }: Listing) {
  return { id: arxivId, version, announceType, title, authors: authors.map(({ name }) => name), categories };
}

/** What a listing gets wrong of a recorded item, told from the item's own text by another way than ours. */
function faultOf(item: Item, listing: Listing, hasType: boolean, hasVersion: boolean): string | undefined {
  const text = `${item.title} ${item.description.slice(0, 100)}`;
  const version = /arXiv:\S+?v(\d+)/.exec(text)?.[1];
  if (hasVersion && listing.version !== Number(version)) return `version ${version}`;
  const type =
    /Announce Type: (\S+)/.exec(text)?.[1] ??
    (/UPDATED\)$/.test(item.title) ? "replace" : /CROSS LISTED\)$/.test(item.title) ? "cross" : "new");
  if (hasType && listing.announceType !== type) return `announce type ${type}`;
  if (listing.title === "" || /\(arXiv:/.test(listing.title)) return "title";
  if (
    /^arXiv:|Announce Type/.test(listing.abstract ?? "") ||
    (listing.abstract ?? "").length < item.description.length / 3
  )
    return "abstract";
  return undefined;
}

function unexplained({ warnings }: Reading) {
  return warnings.filter(({ code }) => code !== "duplicate-key");
}

function idOf(link: string): string {
  return link.replace(/^https?:\/\/(?:rss\.)?arxiv\.org\/abs\//, "").replace(/v\d+$/, "");
}

function toRss(items: readonly Item[]): string {
  const written = items.map(
    ({ title, description, link }) =>
      `<item><title>${escaped(title)}</title><link>${link}</link><description>${escaped(description)}</description></item>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link>
<pubDate>Thu, 29 Feb 2024 00:00:00 -0500</pubDate>${written.join("\n")}</channel></rss>`;
}

function toRdf(items: readonly Item[]): string {
  const written = items.map(
    ({ title, description, link }) =>
      `<item rdf:about="${link}"><title>${escaped(title)}</title><link>${link}</link><description rdf:parseType="Literal">${escaped(`<p>${escaped(description)}</p>`)}</description></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://export.arxiv.org/"><title>cs.CL updates on arXiv.org</title><link>http://export.arxiv.org/</link>
<dc:date>2023-06-01T20:30:00-05:00</dc:date></channel>${written.join("\n")}</rdf:RDF>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
