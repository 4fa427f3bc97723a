import { PermanentError } from "@paperwire/core";
import { describe, expect, test } from "vitest";
import { readFeed } from "./read-feed.ts";
import { plainOf } from "./text-construct.ts";

const read = (text: string, url?: string) =>
  readFeed({ bytes: Buffer.from(text), ...(url !== undefined && { url }) });
const rss = (item: string, channel = "") =>
  read(`<rss version="2.0"><channel>${channel}<item>${item}</item></channel></rss>`).entries[0];
const atom = (entry: string) =>
  read(`<feed xmlns="http://www.w3.org/2005/Atom"><entry>${entry}</entry></feed>`).entries[0];

describe("RSS", () => {
  test("2.0 says what it says", () => {
    const feed = read(
      `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
       <title>A &amp;amp; B</title><link>https://example.org/</link><description>D</description><language>en-gb</language>
       <ttl>90</ttl><skipHours><hour>24</hour><hour>3</hour><hour>x</hour></skipHours><skipDays><day>sunday</day></skipDays>
       <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
       <atom:link rel="self" href="https://example.org/feed"/><atom:link rel="hub" href="https://hub.example/"/><atom:link rel="next" href="?p=2"/>
       </channel></rss>`,
      "https://example.org/feed",
    );
    expect(feed).toMatchObject({
      format: "rss",
      version: "2.0",
      link: "https://example.org/",
      language: "en-gb",
      rhythm: { ttlMinutes: 720, skipHours: [0, 3], skipDays: ["Sunday"] },
      hub: { url: "https://hub.example/", topic: "https://example.org/feed" },
      next: "https://example.org/feed?p=2",
      entries: [],
    });
    expect(plainOf(feed.title)).toBe("A & B");
  });

  test("1.0 keeps its items beside the channel, with prism and dc", () => {
    const feed = read(
      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
       <channel rdf:about="http://example.org/"><title>J</title></channel>
       <item rdf:about="http://example.org/1"><title>One</title><dc:creator>Ann Lee</dc:creator><dc:date>2026-01-02</dc:date><dc:subject>x</dc:subject></item></rdf:RDF>`,
    );
    expect(feed).toMatchObject({ format: "rdf", link: "http://example.org/" });
    expect(feed.entries).toMatchObject([
      {
        id: "http://example.org/1",
        link: "http://example.org/1",
        authors: [{ name: "Ann Lee" }],
        published: "2026-01-02",
        categories: [{ term: "x" }],
      },
    ]);
  });

  test.each([
    ["<guid>https://example.org/a</guid>", "https://example.org/a"],
    ['<guid isPermaLink="false">https://example.org/a</guid>', undefined],
    ["<guid>a-1</guid>", undefined],
    ["<guid>https://example.org/a</guid><link>https://example.org/b</link>", "https://example.org/b"],
  ])("of %s links to %s", (item, link) => {
    expect(rss(item)?.link).toBe(link);
  });

  test.each([
    ["ann@example.org (Ann Lee)", { name: "Ann Lee", email: "ann@example.org" }],
    ["Ann Lee <ann@example.org>", { name: "Ann Lee", email: "ann@example.org" }],
    ["ann@example.org", { email: "ann@example.org" }],
    ["Ann Lee", { name: "Ann Lee" }],
  ])("takes the author %s apart", (written, person) => {
    expect(rss(`<author>${written.replace("<", "&lt;")}</author>`)?.authors).toEqual([person]);
  });

  test("prefers a name to a bare address", () => {
    expect(rss("<author>editor@example.org</author><dc:creator>Ann Lee</dc:creator>")?.authors).toEqual([
      { name: "Ann Lee" },
    ]);
  });

  test("is read when its items are not closed", () => {
    expect(
      read("<rss><channel><item><title>1</title><item><title>2</title></channel></rss>").entries.map(
        (entry) => plainOf(entry.title),
      ),
    ).toEqual(["1", "2"]);
  });
});

describe("Atom", () => {
  test.each([
    ["<title>1 &lt; 2 &amp;amp; 3</title>", "1 < 2 &amp; 3"],
    ['<title type="html">1 &amp;lt; 2 &lt;b&gt;x&lt;/b&gt;</title>', "1 < 2 x"],
    [
      '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &lt;c></div></title>',
      "a b <c>",
    ],
    ['<title mode="base64" type="text/html">PGI+eDwvYj4gJmFtcDs=</title>', "x &"],
    ['<title mode="escaped" type="text/html">&lt;b&gt;x&lt;/b&gt;</title>', "x"],
  ])("reads %s as %s", (entry, title) => {
    expect(plainOf(atom(entry)?.title)).toBe(title);
  });

  test("keeps every author, and every relation of a link", () => {
    const entry = atom(
      `<author><name>Ann</name><email>a@example.org</email></author><author><name>Bo</name></author>
       <link rel="edit" href="https://example.org/e"/><link type="application/pdf" href="https://example.org/p"/><link type="text/html" href="https://example.org/h"/>`,
    );
    expect(entry?.authors).toEqual([{ name: "Ann", email: "a@example.org" }, { name: "Bo" }]);
    expect(entry?.link).toBe("https://example.org/h");
    expect(entry?.links.map(({ rel }) => rel)).toEqual(["edit", "alternate", "alternate"]);
  });

  test("0.3 has its own names, and an entry may stand alone", () => {
    const feed = read(
      `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><tagline>T</tagline><modified>2003-01-01</modified><entry><issued>2003-01-02</issued></entry></feed>`,
    );
    expect(feed).toMatchObject({
      version: "0.3",
      updated: "2003-01-01",
      entries: [{ published: "2003-01-02" }],
    });
    expect(read(`<entry xmlns="http://www.w3.org/2005/Atom"><id>1</id></entry>`).entries).toMatchObject([
      { id: "1" },
    ]);
  });
});

describe("JSON Feed", () => {
  test("1.1 is read, with fields of a wrong type left out", () => {
    const feed = read(
      JSON.stringify({
        version: "https://jsonfeed.org/version/1.1",
        title: "J",
        home_page_url: "https://example.org/",
        feed_url: "https://example.org/feed.json",
        next_url: "feed.json?p=2",
        items: [
          {
            id: 7,
            url: "/a",
            title: "A",
            content_html: "<p>x</p>",
            summary: 5,
            date_published: "2026-01-02T03:04:05Z",
            authors: [{ name: "Ann" }, {}],
            tags: ["t", "t"],
          },
          "no item",
        ],
      }),
    );
    expect(feed).toMatchObject({
      format: "json",
      version: "1.1",
      next: "https://example.org/feed.json?p=2",
      entries: [
        {
          id: "7",
          link: "https://example.org/a",
          content: { value: "<p>x</p>", type: "html" },
          authors: [{ name: "Ann" }],
          categories: [{ term: "t" }],
        },
      ],
    });
    expect(feed.entries).toHaveLength(1);
  });

  test("with line breaks inside its texts is still read", () => {
    expect(
      read('{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"a\nb"}]}').entries,
    ).toHaveLength(1);
  });
});

test.each([
  ["", "The document is empty."],
  ["<html><body>x</body></html>", "The document is a web page, not a feed."],
  ["<opml/>", "The document is XML, but <opml> opens no kind of feed."],
  ["{", "The document begins like JSON but is not well formed."],
  ['{"error":"x"}', "The document is JSON but not a JSON Feed: it has no list of items."],
  ["plain", "The document is neither XML nor JSON."],
])("%j is refused with a sentence", (text, sentence) => {
  expect(() => read(text)).toThrow(new PermanentError(sentence));
});
