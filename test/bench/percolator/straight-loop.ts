import { stemOf } from "@paperwire/core";
import type { Query } from "@paperwire/core/query/ast.ts";
import type { PaperTerms } from "@paperwire/core/query/evaluate.ts";
import { labelKeys } from "@paperwire/core/query/labels.ts";

/** A query with its words stemmed and its labels looked up beforehand. */
export type Ready =
  | { readonly kind: "and" | "or"; readonly parts: readonly Ready[] }
  | { readonly kind: "not"; readonly part: Ready }
  | { readonly kind: "stem" | "phrase" | "label"; readonly text: string };

/** The baseline: what one writes first, every query tried on every paper with set look-ups and `includes`. */
export function straightLoop(queries: readonly Ready[], terms: PaperTerms): number[] {
  const stems = new Set([...terms.title, ...terms.abstract]);
  const text = ` ${terms.title.join(" ")} | ${terms.abstract.join(" ")} `;
  const holds = (query: Ready): boolean => {
    switch (query.kind) {
      case "and":
        return query.parts.every(holds);
      case "or":
        return query.parts.some(holds);
      case "not":
        return !holds(query.part);
      case "stem":
        return stems.has(query.text);
      case "phrase":
        return text.includes(query.text);
      default:
        return terms.labels.has(query.text);
    }
  };
  const found: number[] = [];
  queries.forEach((query, id) => {
    if (holds(query)) found.push(id);
  });
  return found;
}

export function makeReady(query: Query): Ready {
  switch (query.kind) {
    case "and":
    case "or":
      return { kind: query.kind, parts: query.parts.map(makeReady) };
    case "not":
      return { kind: "not", part: makeReady(query.part) };
    case "words": {
      const [only = "", ...more] = query.words.map(stemOf);
      return more.length === 0
        ? { kind: "stem", text: only }
        : { kind: "phrase", text: ` ${[only, ...more].join(" ")} ` };
    }
    default: {
      const parts = labelKeys(query).map((text): Ready => ({ kind: "label", text }));
      return parts.length === 1 && parts[0] ? parts[0] : { kind: "or", parts };
    }
  }
}
