import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expectationsOf, isRecord, type JsonModel } from "./json-model.ts";
import type { Suite } from "./suite.ts";

const model: JsonModel = {
  entries: "items",
  stripped: ["contentSnippet", "content:encodedSnippet"],
  isNullSilent: true,
  feed: {
    title: "title",
    description: "summary",
    link: "link",
    language: "language",
    lastBuildDate: "updated",
    pubDate: "published",
    copyright: "rights",
    rights: "rights",
    "dc:language": "language",
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
    "dc:creator": "author",
    "dc:date": "published",
    date: "published",
    rights: "rights",
    author: "author",
    categories: "categories",
    summary: "summary",
    content: "content",
    contentSnippet: "content",
    "content:encoded": "content",
    "content:encodedSnippet": "content",
    language: "language",
  },
};

const inlineMarkup = /<(?:content|summary)\b[^>]*type="(?:xhtml|application\/xhtml)|<description>\s*<[a-z]/;
const outOfOrder = "rss-parser writes inline markup back with text and elements out of order";
const inlineModel: JsonModel = {
  ...model,
  entry: { ...model.entry, content: outOfOrder, contentSnippet: outOfOrder, summary: outOfOrder },
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
      const isInline = inlineMarkup.test(readFileSync(`${suites}/${this.root}/${input}`, "utf8"));
      return expectationsOf(
        input,
        isRecord(expected) ? (expected.feed ?? expected) : expected,
        isInline ? inlineModel : model,
      );
    });
  },
};
