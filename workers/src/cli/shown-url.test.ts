import { expect, test } from "vitest";
import { shownUrl } from "./shown-url.ts";

test.for([
  [
    "https://api.openalex.org/works?filter=a:b&api_key=K3Y&per-page=200",
    "https://api.openalex.org/works?filter=a:b&api_key=…&per-page=200",
  ],
  ["https://u:p@example.org/feed", "https://example.org/feed"],
  ["https://example.org/feed?monkey=1&Token=x#top", "https://example.org/feed?monkey=1&Token=…#top"],
  ["https://rss.arxiv.org/rss/cs.CL", "https://rss.arxiv.org/rss/cs.CL"],
  ["file-x", "file-x"],
])("%s is shown as %s", ([url = "", shown]) => {
  expect(shownUrl(url)).toBe(shown);
});
