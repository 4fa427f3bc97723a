import { expect, test } from "vitest";
import { feedLinks } from "./autodiscover.ts";

test("declared feeds come first, then links that look like feeds, each once", () => {
  const html = `<html><head><base href="https://example.org/blog/"><title>T</title>
    <link rel="stylesheet alternate" type="application/rss+xml" href="no.css">
    <link REL="Alternate" TYPE="Application/Atom+XML; charset=utf-8" HREF="atom.xml" title=" All  posts ">
    <link rel="alternate" type="text/html" hreflang="de" href="de.html">
    <link rel="alternate" type="application/feed+json" href="//cdn.example.org/feed.json">
    </head><body><a href="/about">About our RSS policy</a><a href="/feed/">Follow</a><a href="atom.xml">Atom</a>
    <a href="javascript:rss()">RSS</a><a href="/subscribe?format=rss">RSS <b>feed</b></a></body></html>`;
  expect(feedLinks(html, "https://example.org/")).toEqual([
    { url: "https://example.org/blog/atom.xml", title: "All posts", type: "application/atom+xml" },
    { url: "https://cdn.example.org/feed.json", type: "application/feed+json" },
    { url: "https://example.org/feed/", title: "Follow" },
    { url: "https://example.org/subscribe?format=rss", title: "RSS feed" },
  ]);
});

test("a page without an address offers only absolute links, and a page without feeds none", () => {
  expect(feedLinks(`<link rel="alternate" type="application/rss+xml" href="/feed">`)).toEqual([]);
  expect(feedLinks("<p>nothing", "https://example.org/")).toEqual([]);
});
