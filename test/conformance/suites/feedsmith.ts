import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expectationsOf, isRecord, type JsonModel } from "./json-model.ts";
import type { Suite } from "./suite.ts";

const atom: JsonModel = {
  entries: "entries",
  feed: {
    title: "title",
    subtitle: "summary",
    id: "id",
    updated: "updated",
    rights: "rights",
    authors: "authors",
    categories: "categories",
    links: "link",
  },
  entry: {
    title: "title",
    summary: "summary",
    content: "content",
    id: "id",
    published: "published",
    updated: "updated",
    rights: "rights",
    authors: "authors",
    categories: "categories",
    links: "link",
  },
};

const rss: JsonModel = {
  entries: "items",
  feed: {
    title: "title",
    description: "summary",
    link: "link",
    language: "language",
    pubDate: "published",
    lastBuildDate: "updated",
    managingEditor: "author",
    copyright: "rights",
    categories: "categories",
  },
  entry: {
    title: "title",
    description: "summary",
    link: "link",
    guid: "id",
    pubDate: "published",
    authors: "authors",
    author: "author",
    categories: "categories",
  },
};

/** feedsmith: `references/X.json` beside `references/X.xml`, one model per format. */
export const feedsmith: Suite = {
  id: "feedsmith",
  root: "feedsmith/src/feeds",
  expectations(suites) {
    return ["atom", "rdf", "rss"].flatMap((format) => {
      const folder = `${suites}/${this.root}/${format}/references`;
      return readdirSync(folder)
        .filter((name) => name.endsWith(".json") && existsSync(`${folder}/${name.replace(/json$/, "xml")}`))
        .flatMap((name) => {
          const expected: unknown = JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
          const file = `${format}/references/${name.replace(/json$/, "xml")}`;
          return expectationsOf(file, isRecord(expected) ? expected : {}, format === "atom" ? atom : rss);
        });
    });
  },
};
