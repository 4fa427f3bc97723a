import type { Evidence } from "../digest/digest.ts";
import { canonicalCategory } from "../listing/taxonomy.ts";
import { wordsOf } from "../text-analysis.ts";
import type { Label, Query, Words } from "./ast.ts";
import { followedAs, namedAs } from "./author-labels.ts";
import { holds, type PaperTerms, placeOf, termsOf } from "./evaluate.ts";
import { labelKeys, type QueryPaper } from "./labels.ts";
import { printQuery } from "./print.ts";

/**
 * What in the paper satisfied the query, in the paper's own spelling: authors as it names them, the category it
 * has (`cs.CL` where `cs` was asked for), words as they stand in the title or else the abstract. In the query's
 * order, without repetition; of alternatives all that hold. Empty when the query is not satisfied. What must be
 * absent is no evidence.
 */
export function explain(query: Query, paper: QueryPaper): Evidence[] {
  const terms = termsOf(paper);
  if (!holds(query, terms)) return [];
  const found = new Map<string, Evidence>();
  for (const evidence of evidenceOf(query, paper, terms)) found.set(JSON.stringify(evidence), evidence);
  return [...found.values()];
}

/**
 * Why the paper does not satisfy the query: the parts that fail, as text in the subscription language (a `-`
 * before what should be absent and is there). Empty when it does.
 */
export function missingParts(query: Query, paper: QueryPaper): string[] {
  return failuresOf(query, termsOf(paper)).map(printQuery);
}

function evidenceOf(query: Query, paper: QueryPaper, terms: PaperTerms): Evidence[] {
  switch (query.kind) {
    case "and":
    case "or":
      return query.parts
        .filter((part) => holds(part, terms))
        .flatMap((part) => evidenceOf(part, paper, terms));
    case "not":
      return [];
    case "words":
      return wordsEvidence(query, paper, terms);
    default:
      return labelEvidence(query, paper);
  }
}

function failuresOf(query: Query, terms: PaperTerms): Query[] {
  if (holds(query, terms)) return [];
  return query.kind === "and" ? query.parts.flatMap((part) => failuresOf(part, terms)) : [query];
}

function wordsEvidence(query: Words, paper: QueryPaper, terms: PaperTerms): Evidence[] {
  const place = placeOf(query, terms);
  if (place === undefined) return [];
  const text = place.where === "title" ? paper.title : (paper.abstract ?? "");
  const words = wordsOf(text).slice(place.at, place.at + query.words.length);
  return [{ kind: "words", value: asWritten(words, text), where: place.where }];
}

/** Folded words in the spelling of the text; as they are where folding changed more than case. */
function asWritten(words: readonly string[], text: string): string {
  const pattern = words.join("[^\\p{L}\\p{N}]{1,4}");
  const [found] = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "iu").exec(text) ?? [];
  return found ?? words.join(" ");
}

function labelEvidence(label: Label, paper: QueryPaper): Evidence[] {
  switch (label.kind) {
    case "author": {
      const wanted = new Set(followedAs(label.value));
      const named = paper.authors.filter(({ name }) => namedAs(name).some((key) => wanted.has(key)));
      return named.map(({ name }) => ({ kind: "author", value: name }));
    }
    case "category":
      return carriers(label, paper.categories).map((value) => ({ kind: "category", value }));
    case "topic": {
      const topics = carriers(label, paper.topics ?? []);
      const all = topics.length > 0 ? topics : carriers(label, paper.categories);
      return all.map((value) => ({ kind: "topic", value }));
    }
    case "source":
      return [{ kind: "source", value: label.value }];
    case "id":
      return [{ kind: "text", value: `it is ${label.value}` }];
    case "like": {
      const found = (paper.like ?? []).find((one) => one.value.toLowerCase() === label.value);
      if (found === undefined) return [];
      const { title, closeness, through = [] } = found;
      if (title !== undefined) return [{ kind: "like", value: title, closeness }];
      return [{ kind: "close", value: label.value, closeness, through }];
    }
    default:
      return label.kind satisfies never;
  }
}

/** Those of the paper's codes because of which it has the label. */
function carriers(label: Label, codes: readonly string[]): string[] {
  const [key = ""] = labelKeys({ ...label, kind: "category" });
  const alone = (code: string) => termsOf({ title: "", authors: [], categories: [code] }).labels;
  const carrying = codes.filter((code) => alone(code).has(key)).map(canonicalCategory);
  return [...new Set(carrying)];
}
