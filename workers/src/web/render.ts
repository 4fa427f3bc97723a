import { readFileSync } from "node:fs";
import Handlebars from "handlebars";

const folder = new URL("./templates/", import.meta.url);
const engine = Handlebars.create();

export const pageNames = ["list", "paper", "topics", "message", "preferences", "outbox"] as const;
export type PageName = (typeof pageNames)[number];

const templates = Object.fromEntries(
  ["layout", ...pageNames].map((name) => [
    name,
    // Values are escaped by the engine; `strict` makes a misspelt one an error in the tests.
    engine.compile(readFileSync(new URL(`${name}.hbs`, folder), "utf8")),
  ]),
);

export const styleSheet = readFileSync(new URL("style.css", folder), "utf8");

export interface Page {
  readonly title: string;
  /** Not for search engines: pages behind a token. */
  readonly private?: boolean;
  readonly q?: string;
  /** Address of the same list as a feed, without ending. */
  readonly feed?: string;
}

/** A whole page. Everything in `view` is text and is escaped. */
export function renderPage(name: PageName, page: Page, view: Readonly<Record<string, unknown>>): string {
  const body = templates[name]?.(view) ?? "";
  return templates.layout?.({ ...page, body }) ?? "";
}
