import { PermanentError } from "@paperwire/core";
import { describe, expect, test } from "vitest";
import { arxivAtom } from "./arxiv-atom.ts";
import { arxivRss } from "./arxiv-rss.ts";

const namespaces = `xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"`;
const channel =
  "<title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link><pubDate>Mon, 08 Jun 2026 00:00:00 -0400</pubDate><skipDays><day>Sunday</day></skipDays>";
const rss = (items: string, head = channel) =>
  arxivRss.read({
    bytes: Buffer.from(`<rss ${namespaces} version="2.0"><channel>${head}${items}</channel></rss>`),
  });

const item = `<item><title>On $\\alpha$ and Erd\\H{o}s</title><link>https://rss.arxiv.org/abs/2606.01234</link>
  <description>arXiv:2606.01234v2 Announce Type: replace-cross \nAbstract: If p &lt; 0.05 then</description>
  <guid isPermaLink="false">oai:arXiv.org:2606.01234v2</guid><category>cs.CL</category><category>cs.AI</category>
  <pubDate>Mon, 08 Jun 2026 00:00:00 -0400</pubDate><arxiv:announce_type>replace-cross</arxiv:announce_type>
  <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights><arxiv:DOI>10.1000/X</arxiv:DOI>
  <arxiv:journal_reference>J. Test 1 (2026)</arxiv:journal_reference>
  <dc:creator>X,  Harshit, Ann Lee (MIT, Boston)</dc:creator></item>`;

test("a row says everything that arXiv says of it", () => {
  const reading = rss(item);
  expect(reading.listings).toEqual([
    {
      key: "2606.01234",
      url: "https://arxiv.org/abs/2606.01234",
      title: "On $\\alpha$ and Erdős",
      abstract: "If p < 0.05 then",
      authors: [
        { name: "X", affiliation: "MIT, Boston" },
        { name: "Harshit", affiliation: "MIT, Boston" },
        { name: "Ann Lee", affiliation: "MIT, Boston" },
      ],
      published: "2026-06-08T04:00:00Z",
      categories: ["cs.CL", "cs.AI"],
      arxivId: "2606.01234",
      version: 2,
      announceType: "replace-cross",
      doi: "10.1000/x",
      journalRef: "J. Test 1 (2026)",
      license: "http://creativecommons.org/licenses/by/4.0/",
    },
  ]);
  expect(reading).toMatchObject({
    date: "2026-06-08",
    announced: 1,
    warnings: [],
    rhythm: { skipDays: ["Sunday"] },
  });
});

test("an empty feed announces nothing on its day", () => {
  expect(rss("")).toMatchObject({ listings: [], warnings: [], announced: 0, date: "2026-06-08" });
});

test("a refused query ends in arXiv's reason", () => {
  const refused =
    "<title>Feed error for query: http://rss.arxiv.org/rss/xx</title><description>Bad archive 'xx'.</description>";
  expect(() => rss("", refused)).toThrow(
    new PermanentError("arXiv refused the query of this feed: Bad archive 'xx'."),
  );
});

test("two thousand rows are a feed that was cut", () => {
  const rows = Array.from({ length: 2000 }, (_, n) =>
    item.replaceAll("2606.01234", `2606.${String(n + 1).padStart(5, "0")}`),
  );
  expect(rss(rows.join("")).warnings.map(({ code }) => code)).toEqual(["truncated"]);
  expect(rss(rows.slice(1).join("")).warnings).toEqual([]);
});

test("rows without an identifier and rows listed twice become warnings; a row that is cut off is not read", () => {
  const { listings, warnings } = rss(`${item}${item}<item><title>No id</title></item>`);
  expect(listings).toHaveLength(1);
  expect(warnings).toMatchObject([
    { code: "duplicate-key", at: "2606.01234" },
    { code: "bad-row", at: "#3" },
  ]);
  const cut = arxivRss.read({
    bytes: Buffer.from(
      `<rss ${namespaces}><channel>${channel}${item}${item.replaceAll("01234", "01235").slice(0, 300)}`,
    ),
  });
  expect([cut.listings.length, cut.announced, cut.warnings.map(({ code }) => code)]).toEqual([
    1,
    1,
    ["truncated-xml"],
  ]);
});

test("the old form has everything in the title, names as links, and the following day's date", () => {
  const rdf = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" ${namespaces}>
    <channel rdf:about="http://export.arxiv.org/rss/math"><title>math updates on arXiv.org</title><dc:date>2023-06-01T20:30:00-05:00</dc:date></channel>
    <item rdf:about="http://arxiv.org/abs/math/0611800"><title>Title. (arXiv:math/0611800v3 [math.CA] UPDATED)</title>
    <link>http://arxiv.org/abs/math/0611800</link><description>&lt;p&gt;Abstract text.&lt;/p&gt;</description>
    <dc:creator>&lt;a href="http://arxiv.org/a/lee_a"&gt;Ann Lee&lt;/a&gt;, &lt;a href="x"&gt;Bo Chen&lt;/a&gt;</dc:creator></item></rdf:RDF>`;
  expect(arxivRss.detects(rdf, { bytes: Buffer.from(rdf) })).toBe(true);
  const reading = arxivRss.read({ bytes: Buffer.from(rdf) });
  expect(reading.date).toBe("2023-06-02");
  expect(reading.listings).toMatchObject([
    {
      key: "math/0611800",
      title: "Title",
      abstract: "Abstract text.",
      authors: [{ name: "Ann Lee" }, { name: "Bo Chen" }],
      categories: ["math.CA"],
      version: 3,
      announceType: "replace",
      published: "2023-06-02T01:30:00Z",
    },
  ]);
});

describe("Atom", () => {
  const feed = `<feed xmlns="http://www.w3.org/2005/Atom" ${namespaces}><id>http://rss.arxiv.org/atom/cs.CL</id><title>cs.CL updates on arXiv.org</title>
    <updated>2026-06-09T04:05:06.123456+00:00</updated><link href="http://rss.arxiv.org/atom/cs.CL" rel="self"/>
    <entry><id>oai:arXiv.org:2606.01234v1</id><title>T</title><link href="https://arxiv.org/abs/2606.01234"/>
    <summary>arXiv:2606.01234v1 Announce Type: new \nAbstract: A.</summary><category term="cs.CL"/><published>2026-06-08T00:00:00-04:00</published>
    <arxiv:announce_type>new</arxiv:announce_type><dc:creator>Ann Lee</dc:creator></entry></feed>`;

  test("says the same, dated by its entries and not by its building", () => {
    expect(arxivAtom.read({ bytes: Buffer.from(feed) })).toMatchObject({
      url: "http://rss.arxiv.org/atom/cs.CL",
      date: "2026-06-08",
      announced: 1,
      listings: [
        {
          key: "2606.01234",
          abstract: "A.",
          authors: [{ name: "Ann Lee" }],
          announceType: "new",
          version: 1,
        },
      ],
    });
  });

  test("is told from the search API, which is Atom too", () => {
    expect(arxivAtom.detects(feed, { bytes: Buffer.from(feed) })).toBe(true);
    const api = `<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query: search_query=all:x</title><id>http://arxiv.org/api/abc</id></feed>`;
    expect(arxivAtom.detects(api, { bytes: Buffer.from(api) })).toBe(false);
  });
});

test.each([
  ["https://rss.arxiv.org/rss/cs.CL", true, false],
  ["http://export.arxiv.org/rss/math", true, false],
  ["https://rss.arxiv.org/atom/cs.CL+cs.AI", false, true],
  ["https://arxiv.org/list/cs.CL/new", false, false],
  ["https://rss.arxiv.org.example/rss/cs.CL", false, false],
])("the address %s belongs where it belongs", (address, isRss, isAtom) => {
  expect([arxivRss.recognises?.(new URL(address)), arxivAtom.recognises?.(new URL(address))]).toEqual([
    isRss,
    isAtom,
  ]);
});
