import { dataFolder, filesOf, jsonLinesOf, linesOf } from "../identity/shared-data.ts";

/** One work, as all its listings are made from it. */
export interface Work {
  readonly arxivId: string;
  readonly title: string;
  readonly abstract: string | undefined;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly doi: string | undefined;
}

interface RecentRow {
  readonly id: string;
  readonly title: string;
  readonly authors: string[];
  readonly abstract?: string;
  readonly categories: string[];
  readonly first_listed: string;
}

interface BroadRow {
  readonly id: string;
  readonly title: string;
  readonly authors: string;
  readonly abstract: string;
  readonly categories: string[];
  readonly created: string;
  readonly doi: string | null;
}

/** Papers of both corpora with their abstracts, each id once. */
export function worksWithAbstracts(): Work[] {
  const recent = filesOf(`${dataFolder}/corpora/arxiv-cs-2025-2026`, ".ndjson.gz")
    .filter((file) => !file.includes("no-abstracts"))
    .flatMap((file) => jsonLinesOf<RecentRow>(file).map(ofRecent));
  const broad = jsonLinesOf<BroadRow>(`${dataFolder}/corpora/arxiv-broad-1993-2019/papers.ndjson.gz`).map(
    ofBroad,
  );
  return distinct([...broad, ...recent]);
}

/** Titles without abstracts, no id that `known` has; authors are borrowed from `known`, because the list names none. */
export function worksWithTitles(known: readonly Work[]): Work[] {
  const ids = new Set(known.map((work) => work.arxivId));
  const rows = linesOf(`${dataFolder}/corpora/arxiv-broad-1993-2019/titles-218k.tsv.gz`).slice(1);
  const works = rows.map((line, at): Work => {
    const [arxivId = "", date = "", , categories = "", doi = "", title = ""] = line.split("\t");
    const authors = known[(at * 7919) % known.length]?.authors ?? [];
    return {
      arxivId,
      title,
      abstract: undefined,
      authors,
      categories: categories.split(","),
      date,
      doi: doi.toLowerCase() || undefined,
    };
  });
  return distinct(works.filter((work) => !ids.has(work.arxivId) && work.title !== ""));
}

function ofRecent(row: RecentRow): Work {
  return {
    arxivId: row.id,
    title: row.title,
    abstract: row.abstract,
    authors: row.authors,
    categories: row.categories,
    date: row.first_listed,
    doi: undefined,
  };
}

function ofBroad(row: BroadRow): Work {
  return {
    arxivId: row.id,
    title: row.title,
    abstract: row.abstract.trim(),
    authors: row.authors.split(/\s*,\s*|\s+and\s+/).filter((name) => name !== ""),
    categories: row.categories,
    date: row.created,
    doi: row.doi?.split(/\s/)[0]?.toLowerCase(),
  };
}

function distinct(works: readonly Work[]): Work[] {
  return [...new Map(works.map((work) => [work.arxivId, work])).values()];
}
