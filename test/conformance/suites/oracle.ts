import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Expectation } from "./expectation.ts";

interface OracleFeed {
  readonly feed: Readonly<Record<"title" | "link" | "subtitle" | "language" | "id", string | null>>;
  readonly n: number;
  readonly bozo: boolean;
  readonly entries: readonly {
    readonly id: string | null;
    readonly link: string | null;
    readonly title: string | null;
    readonly author: string | null;
    readonly authors: readonly (string | null)[];
    readonly published: number | null;
    readonly updated: number | null;
    readonly categories: readonly (string | null)[];
  }[];
}

/**
 * What Python feedparser reads in the files of a suite that has no expectations of its own. A value it
 * did not find is not expected to be absent: it knows fewer modules.
 */
export function oracleExpectations(
  path: string,
  fileOf: (name: string) => string = (name) => name,
): Expectation[] {
  const oracle: { results: Readonly<Record<string, OracleFeed>> } = JSON.parse(
    gunzipSync(readFileSync(path)).toString("utf8"),
  );
  return Object.entries(oracle.results).flatMap(([name, { feed, n, bozo, entries }]) => {
    const file = fileOf(name);
    if (bozo && n === 0)
      return [
        { file, path: "entries.length", excluded: "feedparser stops at the first fault of the document" },
      ];
    const expectations: Expectation[] = [
      { file, path: "entries.length", field: "entries", expected: n },
      ...said(file, "feed.title", "title", feed.title),
      ...said(file, "feed.link", "link", feed.link),
      ...said(file, "feed.subtitle", "summary", feed.subtitle),
      ...said(file, "feed.language", "language", feed.language),
    ];
    entries.forEach((entry, at) => {
      // It keeps a name once for every module that gives it.
      const authors = [...new Set(entry.authors.filter((name) => name !== null))];
      const path = `entries[${at}]`;
      expectations.push(
        ...said(file, `${path}.id`, "id", entry.id, at),
        ...said(file, `${path}.link`, "link", entry.link, at),
        ...said(file, `${path}.title`, "title", entry.title, at),
        ...(authors.length > 1
          ? [{ file, path: `${path}.authors`, field: "authors" as const, expected: authors, entry: at }]
          : said(file, `${path}.author`, "author", entry.author, at)),
        ...said(file, `${path}.published`, "published", instant(entry.published), at),
        ...said(file, `${path}.updated`, "updated", instant(entry.updated), at),
        ...(entry.categories.length > 0
          ? [
              {
                file,
                path: `${path}.categories`,
                field: "categories" as const,
                expected: entry.categories.filter((term) => term !== null),
                entry: at,
              },
            ]
          : []),
      );
    });
    return expectations;
  });
}

function said(
  file: string,
  path: string,
  field: NonNullable<Expectation["field"]>,
  expected: string | null,
  entry?: number,
): Expectation[] {
  if (expected === null || expected === "") return [];
  return [{ file, path, field, expected, ...(entry !== undefined && { entry }) }];
}

function instant(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
