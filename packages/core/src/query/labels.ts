import { parseArxivId, parseDoi } from "../listing/identifiers.ts";
import type { Author } from "../listing/listing.ts";
import { archiveOf, canonicalCategory } from "../listing/taxonomy.ts";
import type { Label } from "./ast.ts";
import { followedAs, namedAs } from "./author-labels.ts";

/** What a subscription can see of a paper. */
export interface QueryPaper {
  readonly title: string;
  readonly abstract?: string;
  readonly authors: readonly Pick<Author, "name">[];
  /** From every home, in any spelling. */
  readonly categories: readonly string[];
  /** Codes and slugs that classifiers gave. */
  readonly topics?: readonly string[];
  /** Ids of the sources that list it. */
  readonly sources?: readonly string[];
  /** `arxiv:2606.01234`, `doi:10.1000/1`, … */
  readonly keys?: readonly string[];
  /** Of what subscriptions name after `like:`, that to which the paper is close enough. */
  readonly like?: readonly Likeness[];
}

/** That a paper is close in meaning to something. */
export interface Likeness {
  /** As the query writes it: a phrase, or the key or id of a paper. */
  readonly value: string;
  /** Cosine of the two directions, up to 1. */
  readonly closeness: number;
  /** The title, where it is a paper. */
  readonly title?: string;
  /** Key phrases of the paper that bring it there, closest first. */
  readonly through?: readonly string[];
}

/** The forms of a query's label, of which a paper must have one among its `labelsOf`. */
export function labelKeys({ kind, value }: Label): string[] {
  switch (kind) {
    case "author":
      return followedAs(value).map((key) => `author:${key}`);
    case "category":
    case "topic":
      return [`${kind}:${canonicalCategory(value).toLowerCase()}`];
    default:
      return [`${kind}:${value.toLowerCase()}`];
  }
}

/**
 * Everything a paper can be found by except its words. A category brings its archive, in the spelling of the
 * source and in today's (`cs.NA` → `math.na`, `math`, `cs`), and counts as a topic; an author all of `namedAs`.
 */
export function labelsOf(paper: QueryPaper): Set<string> {
  const labels = new Set<string>();
  for (const category of paper.categories) {
    for (const code of codesOf(category)) labels.add(`category:${code}`).add(`topic:${code}`);
  }
  for (const topic of paper.topics ?? []) for (const code of codesOf(topic)) labels.add(`topic:${code}`);
  for (const { name } of paper.authors) {
    for (const key of namedAs(name)) labels.add(`author:${key}`);
  }
  for (const source of paper.sources ?? []) labels.add(`source:${source.toLowerCase()}`);
  for (const key of paper.keys ?? []) labels.add(`id:${key.toLowerCase()}`);
  for (const { value } of paper.like ?? []) labels.add(`like:${value.toLowerCase()}`);
  return labels;
}

/** `2606.01234v2`, an arXiv address, a DOI in any form, or `scheme:value`; undefined for anything else. */
export function paperKeyOf(text: string): string | undefined {
  const arxiv = parseArxivId(text);
  if (arxiv !== undefined) return `arxiv:${arxiv.id}`;
  const doi = parseDoi(text);
  if (doi !== undefined) return `doi:${doi}`;
  return /^[a-z0-9]+:\S+$/i.test(text) ? text.toLowerCase() : undefined;
}

function codesOf(category: string): Set<string> {
  const known = codes.get(category);
  if (known !== undefined) return known;
  const canonical = canonicalCategory(category);
  const found = new Set([canonical.toLowerCase()]);
  for (const archive of [archiveOf(canonical), archiveOf(category)])
    if (archive) found.add(archive.toLowerCase());
  if (codes.size >= MAX_CODES) codes.clear();
  codes.set(category, found);
  return found;
}

const MAX_CODES = 10_000;
/** A pure function's memory: bounded, and the same answer with or without it. */
const codes = new Map<string, Set<string>>();
