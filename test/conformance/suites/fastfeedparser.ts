import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expectationsOf, isRecord, type JsonModel } from "./json-model.ts";
import type { Suite } from "./suite.ts";

const model: JsonModel = {
  entries: "entries",
  feed: {
    title: "title",
    subtitle: "summary",
    description: "summary",
    link: "link",
    language: "language",
    id: "id",
    updated: "updated",
    published: "published",
    author: "author",
    authors: "authors",
  },
  entry: {
    title: "title",
    link: "link",
    id: "id",
    published: "published",
    updated: "updated",
    author: "author",
    authors: "authors",
    tags: "categories",
    description: "summary",
    summary: "summary",
    content: "content",
  },
};

/** fastfeedparser: `X.json` beside `X.xml` (or `X.expected.json` beside the JSON feed `X.json`). */
export const fastfeedparser: Suite = {
  id: "fastfeedparser",
  root: "fastfeedparser/tests/integration",
  expectations(suites) {
    const root = `${suites}/${this.root}`;
    return readdirSync(root).flatMap((name) => {
      const base = name.replace(/\.(?:expected\.)?json$/, "");
      const input = name.endsWith(".expected.json") ? `${base}.json` : `${base}.xml`;
      if (!name.endsWith(".json") || !existsSync(`${root}/${input}`)) return [];
      const bytes = readFileSync(`${root}/${name}`);
      const { feed, entries } = documentOf(JSON.parse(bytes.toString("utf8")));
      return expectationsOf(input, { ...feed, entries }, model);
    });
  },
};

function documentOf(expected: unknown): { feed: Readonly<Record<string, unknown>>; entries: unknown } {
  if (!isRecord(expected)) return { feed: {}, entries: [] };
  const { entries, feed, ...rest } = expected;
  return { feed: isRecord(feed) ? feed : rest, entries };
}
