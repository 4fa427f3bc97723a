import type { PaperRecord } from "../../../packages/core/src/identity/record.ts";
import { hash32 } from "../../../packages/core/src/identity/text-sets.ts";
import { dataFolder, filesOf, jsonLinesOf } from "./shared-data.ts";

export interface ArxivPaper extends PaperRecord {
  readonly id: string;
  readonly year: number;
}

/** Four papers in five train the product's model; the fifth is kept for measuring. */
export function isForTraining(paper: ArxivPaper): boolean {
  return hash32(paper.id) % 5 !== 0;
}

interface RecentRow {
  readonly id: string;
  readonly title: string;
  readonly authors: string[];
  readonly abstract?: string;
  readonly first_listed: string;
}

interface BroadRow {
  readonly id: string;
  readonly title: string;
  readonly authors: string;
  readonly abstract?: string;
  readonly created: string;
  readonly doi: string | null;
}

/** arXiv papers of computer science listed from March 2025 on, one record per id. */
export function recentPapers(): ArxivPaper[] {
  const papers = new Map<string, ArxivPaper>();
  for (const file of filesOf(`${dataFolder}/corpora/arxiv-cs-2025-2026`, ".ndjson.gz")) {
    for (const row of jsonLinesOf<RecentRow>(file)) {
      const { id, title, authors, abstract } = row;
      papers.set(id, {
        id,
        title,
        authors,
        year: Number(row.first_listed.slice(0, 4)),
        ...(abstract ? { abstract } : {}),
        keys: [`arxiv:${id}`],
      });
    }
  }
  return [...papers.values()];
}

/** arXiv papers of all fields from 1993 to 2019, with the DOI where arXiv knows one. */
export function broadPapers(): ArxivPaper[] {
  return jsonLinesOf<BroadRow>(`${dataFolder}/corpora/arxiv-broad-1993-2019/papers.ndjson.gz`).map((row) => ({
    id: row.id,
    title: row.title,
    authors: row.authors.split(/\s*,\s*|\s+and\s+/).filter((name) => name !== ""),
    year: Number(row.created.slice(0, 4)),
    ...(row.abstract ? { abstract: row.abstract } : {}),
    keys: [`arxiv:${row.id}`, ...(row.doi ? [`doi:${row.doi.toLowerCase()}`] : [])],
  }));
}
