import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expectationsOf, isRecord, type JsonModel } from "./json-model.ts";
import type { Suite } from "./suite.ts";

const model: JsonModel = {
  entries: "entries",
  stripped: ["description", "summary"],
  isNullSilent: true,
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
    author_detail: "author",
    authors: "authors",
    title_detail: "title",
    subtitle_detail: "summary",
  },
  entry: {
    title: "title",
    link: "link",
    id: "id",
    published: "published",
    updated: "updated",
    author: "author",
    author_detail: "author",
    authors: "authors",
    tags: "categories",
    description: "summary",
    summary: "summary",
    content: "content",
  },
};

const styledModel: JsonModel = {
  ...model,
  entry: { ...model.entry, description: "fastfeedparser takes the content of `style` for text" },
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
      const isStyled = /<style/.test(readFileSync(`${root}/${input}`, "utf8"));
      return expectationsOf(
        input,
        { ...feed, entries: entries.map(withoutWrapper) },
        isStyled ? styledModel : model,
      );
    });
  },
};

function documentOf(expected: unknown): {
  feed: Readonly<Record<string, unknown>>;
  entries: readonly unknown[];
} {
  if (!isRecord(expected)) return { feed: {}, entries: [] };
  const { entries, feed, ...rest } = expected;
  return { feed: isRecord(feed) ? feed : rest, entries: Array.isArray(entries) ? entries : [] };
}

/** Of inline XHTML it keeps the `content` element itself as text. */
function withoutWrapper(entry: unknown): unknown {
  if (!isRecord(entry) || !Array.isArray(entry.content)) return entry;
  const content = entry.content.map((one: unknown) =>
    isRecord(one) && typeof one.value === "string"
      ? { ...one, value: one.value.replace(/^<content\b[^>]*>|<\/content>\s*$/g, "") }
      : one,
  );
  return { ...entry, content };
}
