import { canonicalCategory, categoryName } from "./listing/taxonomy.ts";
import type { Query } from "./query/ast.ts";
import type { ReceiptState } from "./receipts.ts";

/** Most that a digest waits for the sources that its reader needs. */
const longestHoldMs = 90 * 60_000;
const recheckMs = 10 * 60_000;

/**
 * Until when the digest of a reader waits who is due while today's list of a category they need is not in yet;
 * undefined when it should be composed now. Ten minutes at a time, ninety at most after the hour they chose.
 */
export function holdUntil(
  now: Date,
  dueAt: Date,
  needed: readonly { readonly state: ReceiptState; readonly expectedAt: Date | undefined }[],
): Date | undefined {
  const last = dueAt.getTime() + longestHoldMs;
  if (now.getTime() >= last || now.getTime() < dueAt.getTime()) return undefined;
  const waits = needed.some(
    ({ state, expectedAt: at }) =>
      at !== undefined && (state === "stale" || state === "unknown" || state === "failed"),
  );
  return waits ? new Date(Math.min(now.getTime() + recheckMs, last)) : undefined;
}

/** The arXiv categories and archives that a query names, in their canonical form; those behind a `not` are not needed. */
export function neededCategories(query: Query): string[] {
  switch (query.kind) {
    case "and":
    case "or":
      return [...new Set(query.parts.flatMap(neededCategories))];
    case "category":
    case "topic":
      return categoryName(query.value) === undefined ? [] : [canonicalCategory(query.value)];
    default:
      return [];
  }
}
