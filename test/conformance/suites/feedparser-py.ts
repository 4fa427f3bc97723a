import { readFileSync } from "node:fs";
import type { Expectation, Field } from "./expectation.ts";
import type { Suite } from "./suite.ts";

type Path = readonly (string | number)[];

interface Case {
  readonly file: string;
  readonly assertions: readonly { readonly path: Path; readonly op: string; readonly value?: unknown }[];
}

/** Python feedparser: one expression per file over its own result model. */
export const feedparserPy: Suite = {
  id: "feedparser-py",
  root: "feedparser-py/tests",
  expectations(suites) {
    const cases: Case[] = JSON.parse(readFileSync(`${suites}/feedparser-py/expectations.json`, "utf8"));
    return cases.flatMap(({ file, assertions }) =>
      assertions.map(({ path, op, value }): Expectation => {
        const written = path
          .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
          .join("")
          .replace(/^\./, "");
        const excluded = exclusion(file, path, op);
        if (excluded !== undefined) return { file, path: written, excluded };
        return { file, path: written, ...target(path, op, value) };
      }),
    );
  },
  headers(text) {
    const header = (name: string) =>
      new RegExp(`^Header:\\s*${name}\\s*:\\s*(.+)$`, "im").exec(text)?.[1]?.trim();
    const base = header("Content-Location");
    const server = "http://127.0.0.1:8097/";
    const contentType = header("Content-type");
    return {
      url: base !== undefined && /^(?:https?:)?\//.test(base) ? new URL(base, server).href : server,
      ...(contentType !== undefined && { contentType }),
    };
  },
};

function exclusion(file: string, path: Path, op: string): string | undefined {
  const names = path.filter((part) => typeof part === "string");
  const [first = "", second = "", third = ""] = names;
  if (first === "bozo") return "feedparser's own flag for malformed XML";
  if (first === "encoding" || first === "version")
    return "name of the encoding or version, no field of a listing";
  if (["etag", "modified", "modified_parsed", "headers", "status"].includes(first))
    return "value of an HTTP header";
  if (/(?:^|\/)http\//.test(file) && third === "" && second === "language") return "value of an HTTP header";
  if (op === "!=") return "any value will do";
  if (op === "len" && first === "entries" && second === "") return undefined;
  const name = first === "feed" ? second : first === "entries" ? second : first;
  if (names.includes("language") && names.length > 2) return "language of one text construct";
  if (/_detail$/.test(name) && (third === "base" || third === "type"))
    return "base or media type of one text construct";
  if (name === "content" && third !== "value") return "base or media type of one text construct";
  if (name === "author_detail" || name === "authors")
    return third === "name" || third === "email" ? undefined : "address of an author's page";
  if (name === "tags") return third === "term" || third === "" ? undefined : "scheme or label of a category";
  return fields.has(name) ? undefined : `\`${name}\` is no field Paperwire keeps`;
}

/** feedparser's names, and the old ones it maps to them. */
const fields = new Map<string, Field>([
  ["title", "title"],
  ["title_detail", "title"],
  ["link", "link"],
  ["description", "summary"],
  ["summary", "summary"],
  ["summary_detail", "summary"],
  ["subtitle", "summary"],
  ["subtitle_detail", "summary"],
  ["tagline", "summary"],
  ["tagline_detail", "summary"],
  ["info", "summary"],
  ["info_detail", "summary"],
  ["content", "content"],
  ["language", "language"],
  ["id", "id"],
  ["guid", "id"],
  ["author", "author"],
  ["author_detail", "author"],
  ["authors", "author"],
  ["category", "category"],
  ["tags", "category"],
  ["published", "published"],
  ["published_parsed", "published"],
  ["updated", "updated"],
  ["updated_parsed", "updated"],
  ["rights", "rights"],
  ["rights_detail", "rights"],
  ["copyright", "rights"],
  ["copyright_detail", "rights"],
]);

function target(path: Path, op: string, value: unknown): Partial<Expectation> {
  const isEntry = path[0] === "entries";
  const entry = isEntry && typeof path[1] === "number" ? path[1] : undefined;
  const name = String(isEntry ? path[2] : path[1]);
  if (op === "len" && path.length === 1) return { field: "entries", expected: Number(value) };
  if (op === "len")
    return { field: "categories", expected: Number(value), ...(entry !== undefined && { entry }) };
  const index = path.slice(isEntry ? 2 : 1).find((part) => typeof part === "number");
  const field = fields.get(name);
  return {
    ...(field !== undefined && { field }),
    ...(entry !== undefined && { entry }),
    ...(index !== undefined && { index }),
    expected: op === "falsy" || op === "lacks" ? null : expectedText(name, value),
  };
}

function expectedText(name: string, value: unknown): string | readonly string[] | null {
  if (name.endsWith("_parsed") && Array.isArray(value)) {
    const [year, month, day, hour, minute, second] = value.map(Number);
    return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second)).toISOString();
  }
  return value === null || value === undefined ? null : String(value);
}
