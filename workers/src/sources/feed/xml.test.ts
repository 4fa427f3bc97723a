import { PermanentError } from "@paperwire/core";
import { describe, expect, test } from "vitest";
import { childrenOf, childText, innerHtml, languageOf, resolveAt } from "./element.ts";
import { parseXml, type XmlElement } from "./xml.ts";

const limits = { entries: 100, depth: 50, elements: 1000 };
const rootOf = (text: string): XmlElement => {
  const { root } = parseXml(text, limits);
  if (root === undefined) throw new Error("no root");
  return root;
};

describe("a malformed document is read as far as it makes sense", () => {
  test.each([
    ["unclosed elements close with their parent", "<a><b>x<c>y</b><d>z</d></a>", "x<c>y</c>", "z"],
    ["an end tag of nothing closes nothing", "<a><b>x</nothing>y</b><d>z</d></a>", "xy", "z"],
    ["an end tag in another case closes", "<a><b>x</B><d>z</d></a>", "x", "z"],
    [
      "bare < and & are text",
      "<a><b>1 < 2 & 3 <4> AT&T</b><d>z</d></a>",
      "1 &lt; 2 &amp; 3 &lt;4&gt; AT&amp;T",
      "z",
    ],
    [
      "unknown references stay",
      "<a><b>&unknown; &nbsp;&eacute;&#233;&#150;</b><d>z</d></a>",
      "&amp;unknown; \u00a0éé–",
      "z",
    ],
    [
      "CDATA is text as it stands",
      "<a><b><![CDATA[<i>&amp;</i>]]></b><d>z</d></a>",
      "&lt;i&gt;&amp;amp;&lt;/i&gt;",
      "z",
    ],
    [
      "comments and instructions are nothing",
      "<a><b>x<!-- <d>n</d> -->y<?php > ?></b><d>z</d></a>",
      "xy",
      "z",
    ],
  ])("%s", (_, text, inner, after) => {
    const [b] = childrenOf(rootOf(text), "b");
    expect(b === undefined ? undefined : innerHtml(b)).toBe(inner);
    expect(childText(rootOf(text), "d")).toBe(after);
  });

  test("attributes may lack quotes, values and spaces; the first of two counts", () => {
    const root = rootOf(`<a one=1 two='"2"' three four="4"five="5" ONE="no" six="a > b"/>`);
    expect({ ...root.attributes }).toEqual({
      one: "1",
      two: '"2"',
      three: "",
      four: "4",
      five: "5",
      six: "a > b",
    });
  });

  test("what is missing at the end is noted with what was open", () => {
    expect(parseXml("<rss><channel><item><title>x", limits)).toMatchObject({
      truncated: true,
      open: { name: "title" },
    });
    expect(parseXml("<rss><channel/></rss>", limits)).toMatchObject({ truncated: false, open: undefined });
    expect(parseXml("<rss/>junk", limits).truncated).toBe(false);
  });
});

describe("names", () => {
  test("are the reader's own, whatever prefixes the document chose", () => {
    const root = rootOf(
      `<rss xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:x="http://www.w3.org/2005/Atom"><d:Creator>A</d:Creator><x:link/><media:title>M</media:title><foo:bar/></rss>`,
    );
    expect(root.children.map((node) => (typeof node === "string" ? node : node.name))).toEqual([
      "dc:creator",
      "atom:link",
      "media:title",
      "bar",
    ]);
  });

  test("have no prefix in their own format, even if the document wrote one", () => {
    const root = rootOf(`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title></a:feed>`);
    expect([root.name, childText(root, "title")]).toEqual(["feed", "T"]);
  });

  test("a binding ends with its element", () => {
    const root = rootOf(`<rss><b xmlns:p="http://purl.org/dc/terms/"><p:issued/></b><p:issued/></rss>`);
    expect(childrenOf(root, "b").flatMap((b) => childrenOf(b, "dcterms:issued"))).toHaveLength(1);
    expect(childrenOf(root, "dcterms:issued")).toHaveLength(0);
  });
});

test("xml:base and xml:lang hold for what is inside; scripts are no addresses", () => {
  const root = rootOf(
    `<feed xml:base="http://example.org/a/" xml:lang="de"><entry xml:base="b/"><link/></entry></feed>`,
  );
  const [entry] = childrenOf(root, "entry");
  const [link] = entry === undefined ? [] : childrenOf(entry, "link");
  if (link === undefined) throw new Error("no link");
  expect(resolveAt(link, "c?d=1", undefined)).toBe("http://example.org/a/b/c?d=1");
  expect(resolveAt(link, "//other.example/x", undefined)).toBe("http://other.example/x");
  expect(resolveAt(link, "java\nscript:alert(1)", undefined)).toBeUndefined();
  expect(languageOf(link)).toBe("de");
});

describe("limits", () => {
  test("of entries, depth and elements end the reading with a note", () => {
    expect(parseXml(`<rss>${"<item/>".repeat(101)}</rss>`, limits)).toMatchObject({
      cut: true,
      truncated: false,
    });
    expect(parseXml("<a>".repeat(51), limits).cut).toBe(true);
    expect(parseXml(`<a>${"<b/>".repeat(1000)}</a>`, limits).cut).toBe(true);
    expect(parseXml(`<rss>${"<item/>".repeat(100)}</rss>`, limits).cut).toBe(false);
  });

  test("entries that are handed over are not kept, and one that was cut off is not handed over", () => {
    const seen: (string | undefined)[] = [];
    const { root, open } = parseXml(
      "<rss><item><guid>1</guid></item><item><guid>2</guid><item><guid>3</guid>",
      limits,
      (entry) => seen.push(childText(entry, "guid")),
    );
    expect([seen, root?.children.length, open?.name]).toEqual([["1"], 0, "item"]);
  });
});

describe("document type declarations", () => {
  const withType = (subset: string, text = "&x;") =>
    `<?xml version="1.0"?><!-- c --><!DOCTYPE rss ${subset}><rss><title>${text}</title></rss>`;

  test("may name what is never fetched, and abbreviate plain text", () => {
    expect(
      childText(
        rootOf(withType('PUBLIC "-//N//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd"', "t")),
        "title",
      ),
    ).toBe("t");
    expect(
      childText(rootOf(withType('[<!ENTITY x "World &#38; all"> <!-- ]> --> <!ENTITY y "">]')), "title"),
    ).toBe("World & all");
    expect(
      childText(
        rootOf(
          withType(
            '[<!ENTITY % HTMLlat1 PUBLIC "-//W3C//x" "http://www.w3.org/x.ent"> %HTMLlat1;]',
            "&eacute;",
          ),
        ),
        "title",
      ),
    ).toBe("é");
  });

  test.each([
    ["a nested entity", '[<!ENTITY a "b"><!ENTITY x "&a;&a;">]'],
    ["a file", '[<!ENTITY x SYSTEM "file:///etc/passwd">]'],
    ["an address", '[<!ENTITY x PUBLIC "p" "http://127.0.0.1:9/">]'],
    ["a parameter entity with a value", "[<!ENTITY % p \"<!ENTITY x SYSTEM 'file:///etc/passwd'>\"> %p;]"],
    ["a long entity", `[<!ENTITY x "${"a".repeat(501)}">]`],
    ["no end", '[<!ENTITY x "a"'],
  ])("with %s are refused", (_, subset) => {
    expect(() => parseXml(withType(subset), limits)).toThrow(PermanentError);
  });
});
