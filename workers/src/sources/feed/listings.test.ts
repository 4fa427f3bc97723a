import { describe, expect, test } from "vitest";
import { toReading } from "./listings.ts";
import { maxEntries, readFeed } from "./read-feed.ts";

const read = (items: string, end = "</channel></rss>") =>
  toReading(
    readFeed({
      bytes: Buffer.from(
        `<rss version="2.0" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel><language>en</language>${items}${end}`,
      ),
    }),
  );

describe("an entry's key", () => {
  test("is its guid, then its link, then what it says", () => {
    const { listings } = read(
      "<item><guid>g</guid><title>a</title></item><item><link>https://example.org/b</link><title>b</title></item><item><title>c</title></item>",
    );
    expect(listings.map(({ key }) => key.replace(/[0-9a-f]{64}/, "…"))).toEqual([
      "g",
      "https://example.org/b",
      "sha256:…",
    ]);
    expect(read("<item><title>c</title></item>").listings[0]?.key).toBe(listings[2]?.key);
  });

  test("is guid and link where two entries share the guid; what is wholly the same stands once", () => {
    const item = (n: number) =>
      `<item><guid>g</guid><link>https://example.org/${n}</link><title>${n}</title></item>`;
    const { listings, warnings } = read(item(1) + item(2) + item(2));
    expect(new Set(listings.map(({ key }) => key)).size).toBe(2);
    expect(warnings.map(({ code }) => code)).toEqual(["duplicate-key"]);
    expect(read(item(2) + item(1)).listings[1]?.key).toBe(listings[0]?.key);
  });

  test("is short however long the guid", () => {
    expect(
      read(`<item><guid>${"g".repeat(5000)}</guid><title>t</title></item>`).listings[0]?.key,
    ).toHaveLength(71);
  });
});

describe("a listing", () => {
  test("is plain text with resolved identifiers", () => {
    const { listings, warnings } = read(
      `<item><guid>1</guid><title>&lt;i&gt;E. coli&lt;/i&gt; &amp;amp; Erd\\H{o}s</title><link>https://doi.org/10.1000/ABC</link>
       <description>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two -- $x^2$&lt;/p&gt;</description><pubDate>Mon, 08 Jun 2026 00:00:00 -0400</pubDate>
       <category>a</category><category>a</category><prism:publicationName>J. Test</prism:publicationName></item>`,
    );
    expect(warnings).toEqual([]);
    expect(listings).toEqual([
      {
        key: "1",
        url: "https://doi.org/10.1000/ABC",
        title: "E. coli & Erdős",
        abstract: "One two -- $x^2$",
        authors: [],
        published: "2026-06-08T04:00:00Z",
        categories: ["a"],
        doi: "10.1000/abc",
        language: "en",
        venue: "J. Test",
      },
    ]);
  });

  test("has an arXiv id only where its own link is an arXiv page", () => {
    const item = (link: string) =>
      read(`<item><title>About arXiv:2606.01234</title><link>${link}</link></item>`).listings[0];
    expect(item("https://arxiv.org/abs/2606.01234v2")).toMatchObject({ arxivId: "2606.01234", version: 2 });
    expect(item("https://blog.example/arxiv.org/abs/2606.01234")?.arxivId).toBeUndefined();
  });

  test("without a title is kept with an empty one, a date that is none is left out, and both are said", () => {
    const { listings, warnings } = read(
      "<item><guid>1</guid><pubDate>Thu, 32 Foo 2026</pubDate><description>d</description></item>",
    );
    expect(listings).toEqual([
      { key: "1", title: "", abstract: "d", authors: [], categories: [], language: "en" },
    ]);
    expect(warnings).toEqual([
      { code: "no-title", message: "The entry has no title.", at: "1" },
      { code: "bad-date", message: "“Thu, 32 Foo 2026” is no date.", at: "1" },
    ]);
  });

  test.each([
    ["Ann Lee, Bo Chen and Cy Diaz", ["Ann Lee", "Bo Chen", "Cy Diaz"]],
    ["LAPALU, N., Simon, A. B.", ["N. LAPALU", "A. B. Simon"]],
    ["Lee, Ann; Chen, Bo", ["Ann Lee", "Bo Chen"]],
    ["Ann Lee, PhD", ["Ann Lee, PhD"]],
    ["The Editors", ["The Editors"]],
  ])("names the authors of %s", (written, names) => {
    expect(
      read(`<item><title>t</title><dc:creator>${written}</dc:creator></item>`).listings[0]?.authors.map(
        ({ name }) => name,
      ),
    ).toEqual(names);
  });

  test("has no address that is a script", () => {
    expect(
      read("<item><guid>1</guid><title>t</title><link>javascript:alert(1)</link></item>").listings[0]?.url,
    ).toBeUndefined();
  });

  test("is cut where its texts are too long, which is said", () => {
    const { listings, warnings } = read(
      `<item><guid>1</guid><title>${"t".repeat(2000)}</title><description>${"d".repeat(200_000)}</description></item>`,
    );
    expect([listings[0]?.title.length, listings[0]?.abstract?.length]).toEqual([1000, 100_000]);
    expect(warnings.map(({ code }) => code)).toEqual(["cut", "cut"]);
  });
});

describe("a document that ends in the middle", () => {
  test("gives what could be read, and of the last entry only what has its id", () => {
    const whole = "<item><guid>1</guid><title>a</title></item>";
    expect(read(`${whole}<item><title>b</title><link>https://example.org/b</lin`, "")).toMatchObject({
      listings: [{ key: "1" }],
      warnings: [
        { code: "truncated-xml", message: "The document ends in the middle; 1 entries could be read." },
      ],
    });
    expect(read(`${whole}<item><guid>2</guid><title>b</title>`, "").listings.map(({ key }) => key)).toEqual([
      "1",
      "2",
    ]);
  });

  test("or is too large says so", () => {
    const { listings, warnings } = read(
      Array.from({ length: maxEntries + 1 }, (_, n) => `<item><guid>${n}</guid><title>t</title></item>`).join(
        "",
      ),
    );
    expect([listings.length, warnings.map(({ code }) => code)]).toEqual([maxEntries, ["cut"]]);
  });
});
