import { splitAuthors } from "@paperwire/core";
import type { QueryPaper } from "@paperwire/core/query/labels.ts";
import { dataFolder, jsonLinesOf } from "../identity/shared-data.ts";

interface Row {
  readonly title: string;
  readonly abstract?: string | null;
  readonly authors: string | readonly string[];
  readonly categories: readonly string[];
}

/** Recorded papers with abstracts: what subscriptions are drawn from, and later ones that come in. */
export function readCorpus(): { sources: QueryPaper[]; incoming: QueryPaper[] } {
  const read = (name: string) => jsonLinesOf<Row>(`${dataFolder}/corpora/${name}.ndjson.gz`).map(toPaper);
  const months = (names: readonly string[]) => names.flatMap((name) => read(`arxiv-cs-2025-2026/${name}`));
  return {
    sources: [
      ...read("arxiv-broad-1993-2019/papers"),
      ...months(["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]),
    ],
    incoming: months(["2026-04", "2026-05"]),
  };
}

function toPaper({ title, abstract, authors, categories }: Row): QueryPaper {
  const named = typeof authors === "string" ? splitAuthors(authors) : authors.map((name) => ({ name }));
  return { title, ...(abstract ? { abstract } : {}), authors: named, categories };
}
