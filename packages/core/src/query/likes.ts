import type { Query } from "./ast.ts";

/** What a query names after `like:`, also behind a `not`; each once, in its order. */
export function likesOf(query: Query): string[] {
  switch (query.kind) {
    case "and":
    case "or":
      return [...new Set(query.parts.flatMap(likesOf))];
    case "not":
      return likesOf(query.part);
    case "like":
      return [query.value];
    default:
      return [];
  }
}
