import { stemOf, tokenise } from "../text-analysis.ts";
import type { Query, TextField, Words } from "./ast.ts";
import { labelKeys, labelsOf, type QueryPaper } from "./labels.ts";

/** What queries see of a paper, worked out once. */
export interface PaperTerms {
  /** Stems in reading order. */
  readonly title: readonly string[];
  readonly abstract: readonly string[];
  readonly labels: ReadonlySet<string>;
}

/** Whether the paper satisfies the query: the definition that every faster way must agree with. */
export function evaluate(query: Query, paper: QueryPaper): boolean {
  return holds(query, termsOf(paper));
}

export function termsOf(paper: QueryPaper): PaperTerms {
  return { title: tokenise(paper.title), abstract: tokenise(paper.abstract ?? ""), labels: labelsOf(paper) };
}

export function holds(query: Query, terms: PaperTerms): boolean {
  switch (query.kind) {
    case "and":
      return query.parts.every((part) => holds(part, terms));
    case "or":
      return query.parts.some((part) => holds(part, terms));
    case "not":
      return !holds(query.part, terms);
    case "words":
      return placeOf(query, terms) !== undefined;
    default:
      return labelKeys(query).some((key) => terms.labels.has(key));
  }
}

/** Where the words stand first: the title before the abstract, `at` counting words from 0. */
export function placeOf(
  query: Words,
  terms: PaperTerms,
): { readonly where: TextField; readonly at: number } | undefined {
  const stems = query.words.map(stemOf);
  for (const where of ["title", "abstract"] as const) {
    if (query.in !== undefined && query.in !== where) continue;
    const at = find(terms[where], stems);
    if (at >= 0) return { where, at };
  }
  return undefined;
}

function find(text: readonly string[], stems: readonly string[]): number {
  for (let at = 0; at + stems.length <= text.length; at++) {
    if (stems.every((stem, i) => text[at + i] === stem)) return at;
  }
  return -1;
}
