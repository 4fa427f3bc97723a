import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expectationsOf, type JsonModel } from "./json-model.ts";
import type { Suite } from "./suite.ts";

const detail = "part of a field that Paperwire keeps as one text";

/** gofeed's unified model (`translator/`). */
const unified: JsonModel = {
  entries: "items",
  feed: {
    title: "title",
    description: "summary",
    link: "link",
    language: "language",
    updated: "updated",
    updatedParsed: "updated",
    published: "published",
    publishedParsed: "published",
    author: "author",
    authors: "authors",
    categories: "categories",
    copyright: "rights",
  },
  entry: {
    title: "title",
    description: "summary",
    content: "content",
    link: "link",
    guid: "id",
    updated: "updated",
    updatedParsed: "updated",
    published: "published",
    publishedParsed: "published",
    author: "author",
    authors: "authors",
    categories: "categories",
  },
};

/** Its model of Atom as written (`parser/atom`). */
const atom: JsonModel = {
  entries: "entries",
  feed: {
    title: "title",
    subtitle: "summary",
    id: "id",
    updated: "updated",
    updatedParsed: "updated",
    rights: "rights",
    authors: "authors",
    categories: "categories",
    language: "language",
  },
  entry: {
    title: "title",
    summary: "summary",
    content: "content",
    id: "id",
    updated: "updated",
    updatedParsed: "updated",
    published: "published",
    publishedParsed: "published",
    rights: "rights",
    authors: "authors",
    categories: "categories",
    source: detail,
  },
};

/** Its model of RSS as written (`parser/rss`). */
const rss: JsonModel = {
  entries: "items",
  feed: {
    title: "title",
    description: "summary",
    link: "link",
    language: "language",
    pubDate: "published",
    pubDateParsed: "published",
    lastBuildDate: "updated",
    lastBuildDateParsed: "updated",
    managingEditor: "author",
    categories: "categories",
    copyright: "rights",
  },
  entry: {
    title: "title",
    description: "summary",
    content: "content",
    link: "link",
    guid: "id",
    pubDate: "published",
    pubDateParsed: "published",
    author: "author",
    categories: "categories",
  },
};

const folders: readonly (readonly [string, JsonModel])[] = [
  ["translator/rss", unified],
  ["translator/atom", unified],
  ["extensions/itunes", unified],
  ["extensions/media", unified],
  ["parser/rss", rss],
  ["parser/atom", atom],
];

/** gofeed: `X.json` beside `X.xml`; for JSON Feed `X_expected.json` beside `X.json`. */
export const gofeed: Suite = {
  id: "gofeed",
  root: "gofeed/testdata",
  expectations(suites) {
    const root = `${suites}/gofeed/testdata`;
    const read = (path: string): unknown => JSON.parse(readFileSync(`${root}/${path}`, "utf8"));
    const xml = folders.flatMap(([folder, model]) =>
      readdirSync(`${root}/${folder}`)
        .filter(
          (name) => name.endsWith(".xml") && existsSync(`${root}/${folder}/${name.replace(/xml$/, "json")}`),
        )
        .flatMap((name) =>
          expectationsOf(`${folder}/${name}`, read(`${folder}/${name.replace(/xml$/, "json")}`), model),
        ),
    );
    const json = readdirSync(`${root}/translator/json`)
      .filter((name) => name.endsWith("_expected.json"))
      .flatMap((name) =>
        expectationsOf(
          `translator/json/${name.replace("_expected", "")}`,
          read(`translator/json/${name}`),
          unified,
        ),
      );
    return [...xml, ...json];
  },
};
