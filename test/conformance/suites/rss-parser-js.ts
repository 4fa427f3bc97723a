import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expectationsOf, isRecord, type JsonModel } from "./json-model.ts";
import type { Suite } from "./suite.ts";

const model: JsonModel = {
  entries: "items",
  feed: {
    title: "title",
    description: "summary",
    link: "link",
    language: "language",
    lastBuildDate: "updated",
    pubDate: "published",
    copyright: "rights",
    managingEditor: "author",
    author: "author",
  },
  entry: {
    title: "title",
    link: "link",
    guid: "id",
    id: "id",
    isoDate: "published",
    pubDate: "published",
    creator: "author",
    author: "author",
    categories: "categories",
    summary: "summary",
    content: "content",
    contentSnippet: "content",
    "content:encoded": "content",
    language: "language",
  },
};

/** rss-parser: `output/X.json` for `input/X.rss` or `input/X.atom`. */
export const rssParserJs: Suite = {
  id: "rss-parser-js",
  root: "rss-parser-js/test/input",
  expectations(suites) {
    const output = `${suites}/rss-parser-js/test/output`;
    return readdirSync(output).flatMap((name) => {
      const base = name.replace(/\.json$/, "");
      const input = [`${base}.rss`, `${base}.atom`].find((file) =>
        existsSync(`${suites}/${this.root}/${file}`),
      );
      if (input === undefined) return [];
      const expected: unknown = JSON.parse(readFileSync(`${output}/${name}`, "utf8"));
      return expectationsOf(input, isRecord(expected) ? (expected.feed ?? expected) : expected, model);
    });
  },
};
