import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { PermanentError } from "@paperwire/core";
import { describe, expect, test } from "vitest";
import { readPayload } from "./read.ts";
import { maxPayloadBytes } from "./unpack.ts";

const feed =
  "<rss version='2.0'><channel><title>F</title><item><guid>1</guid><title>t</title></item></channel></rss>";
const refusal = (bytes: Uint8Array, url?: string) => {
  try {
    readPayload({ bytes, ...(url !== undefined && { url }) });
  } catch (error) {
    if (error instanceof PermanentError) return error.message;
    throw error;
  }
  return undefined;
};

test("a payload is read by the kind it is, gzip or not", () => {
  for (const bytes of [Buffer.from(feed), gzipSync(feed), gzipSync(gzipSync(feed))]) {
    expect(readPayload({ bytes })).toMatchObject({
      kind: "feed",
      reading: { title: "F", listings: [{ key: "1" }] },
    });
  }
});

test("a kind can be named, if there is one of that name", () => {
  expect(readPayload({ bytes: Buffer.from(feed) }, "feed").kind).toBe("feed");
  expect(() => readPayload({ bytes: Buffer.from(feed) }, "fed")).toThrow(
    /There is no kind of source called "fed"; there are .*feed/,
  );
});

test("a page is read by the kind whose page it is", () => {
  const recorded = new URL("../../../test/recorded/arxiv-listing/", import.meta.url);
  const bytes = readFileSync(new URL("listing.html", recorded));
  expect(readPayload({ bytes, url: "https://arxiv.org/list/cs.CL/new" }).kind).toBe("arxiv-listing");
});

describe("what is no payload", () => {
  const page = `<!-- c --><!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>x</body></html>`;
  test.each([
    ["nothing", "", "The document is empty (0 bytes)."],
    ["white space", " \n\t", "The document is empty: it has white space and nothing else."],
    [
      "a web page",
      "<html><body>Just a moment…</body></html>",
      "The document is a web page, not a feed, and it names no feed.",
    ],
    [
      "a page with a feed",
      page,
      "The document is a web page, not a feed. It offers this feed: https://example.org/feed.xml.",
    ],
    ["text", "Too many requests", "The document is plain text, not a feed."],
    [
      "an error in JSON",
      '{"error":"Too Many Requests"}',
      "The document is no listing; it says: “Too Many Requests”.",
    ],
    ["other JSON", '{"a":1}', "The document is of no kind that Paperwire knows."],
    ["a PDF", "%PDF-1.7\n1 0 obj", "The document is a binary file, not a feed."],
  ])("%s is refused with a sentence that helps", (_, text, sentence) => {
    expect(refusal(Buffer.from(text), "https://example.org/blog/")).toBe(sentence);
  });

  test("a bomb, a damaged archive and a file beyond the limit are told apart", () => {
    expect(refusal(gzipSync(Buffer.alloc(maxPayloadBytes + 1)))).toBe(
      "The document has more than 16 MB and is not read.",
    );
    expect(refusal(Buffer.alloc(maxPayloadBytes + 1, 0x20))).toBe(
      "The document has more than 16 MB and is not read.",
    );
    expect(refusal(gzipSync(feed).subarray(0, 30))).toBe(
      "The document is compressed with gzip, and damaged or cut off.",
    );
  });
});
