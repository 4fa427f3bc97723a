import { isStopWord, stemOf } from "../text-analysis.ts";
import type { Label, Query, Words } from "./ast.ts";
import { labelKeys } from "./labels.ts";

/** The query as text that `parseQuery` reads back into the same query. Mixed operators get their parentheses. */
export function printQuery(query: Query): string {
  switch (query.kind) {
    case "and":
      return query.parts.map(printPart).join(" ");
    case "or":
      return query.parts.map(printPart).join(" OR ");
    case "not":
      return `-${printPart(query.part)}`;
    case "words":
      return printWords(query);
    default:
      return printLabel(query);
  }
}

/**
 * Equal for queries that match the same papers by construction: order, repetition, spelling and word endings do
 * not count. Hash it to find queries that subscriptions share. Not for reading back.
 */
export function canonicalQuery(query: Query): string {
  switch (query.kind) {
    case "and":
    case "or": {
      const parts = [...new Set(query.parts.map(canonicalQuery))].sort();
      return parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(query.kind === "and" ? " & " : " | ")})`;
    }
    case "not":
      return `!${canonicalQuery(query.part)}`;
    case "words":
      return `${query.in ?? ""}"${query.words.map(stemOf).join(" ")}"`;
    default:
      return `<${labelKeys(query).join("|")}>`;
  }
}

function printPart(part: Query): string {
  return part.kind === "and" || part.kind === "or" ? `(${printQuery(part)})` : printQuery(part);
}

function printWords({ words, in: field }: Words): string {
  const [only = "", ...more] = words;
  const text = more.length > 0 || isStopWord(only) ? `"${words.join(" ")}"` : only;
  return field === undefined ? text : `${field}:${text}`;
}

const SHORT: Readonly<Record<Label["kind"], string>> = {
  category: "cat",
  author: "author",
  topic: "topic",
  source: "source",
  id: "id",
  like: "like",
};

function printLabel({ kind, value }: Label): string {
  return `${SHORT[kind]}:${/^[\p{L}\p{N}._/:-]+$/u.test(value) ? value : `"${value}"`}`;
}
