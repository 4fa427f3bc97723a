import type { Authority } from "../../../packages/core/src/identity/authority.ts";
import { broadPapers, recentPapers } from "./corpora.ts";
import type { ArchiveListing } from "./memory-archive.ts";
import { dataFolder, filesOf, jsonLinesOf, linesOf } from "./shared-data.ts";

const arxiv: Authority = { schemes: ["arxiv"], doiPrefixes: ["10.48550"], links: true };
const plain: Authority = {};

interface CrawlRow {
  readonly id: string;
  readonly title: string;
  readonly authors: string[];
  readonly summary: string;
}

interface DailyRow {
  readonly paper?: {
    readonly id?: string;
    readonly title?: string;
    readonly summary?: string;
    readonly authors?: { readonly name: string }[];
  };
}

interface VenueRow {
  readonly id: string | number;
  readonly title: string;
  readonly author?: string;
  readonly abstract?: string;
}

/** Both corpora, oldest papers first. */
export function corpusListings(): ArchiveListing[] {
  return [...broadPapers(), ...recentPapers()].map(({ id: _, ...record }) => ({
    source: "arxiv",
    authority: arxiv,
    record,
  }));
}

/** Every line of the raw crawl days, repeats and cross-lists included. */
export function crawlListings(): ArchiveListing[] {
  return filesOf(`${dataFolder}/arxiv/daily-crawl-raw`, ".jsonl.gz").flatMap((file) =>
    jsonLinesOf<CrawlRow>(file).map((row) => ({
      source: "arxiv",
      authority: arxiv,
      record: {
        title: row.title,
        authors: row.authors,
        abstract: row.summary,
        year: 2026,
        keys: [`arxiv:${row.id}`],
      },
    })),
  );
}

/** Every row of the Hugging Face days; days in another shape are left out and counted. */
export function dailyListings(): { listings: ArchiveListing[]; skippedDays: number } {
  const listings: ArchiveListing[] = [];
  let skippedDays = 0;
  for (const file of filesOf(`${dataFolder}/hf/daily_papers`, ".json.gz")) {
    const rows = rowsOf(linesOf(file).join("\n"));
    if (rows === undefined) skippedDays += 1;
    for (const { paper } of rows ?? []) {
      if (paper?.id === undefined || paper.title === undefined) continue;
      const authors = (paper.authors ?? []).map((author) => author.name);
      const record = {
        title: paper.title,
        authors,
        keys: [`arxiv:${paper.id}`],
        ...(paper.summary ? { abstract: paper.summary } : {}),
      };
      listings.push({ source: "hf", authority: plain, record });
    }
  }
  return { listings, skippedDays };
}

/** Eight conferences' own lists, which name no arXiv id: whatever joins an arXiv paper does so by likeness. */
export function venueListings(): ArchiveListing[] {
  return filesOf(`${dataFolder}/sources/venues-paperlists`, ".json.gz").flatMap((file) => {
    const venue = file.split("/").at(-1)?.replace(".json.gz", "") ?? "";
    const rows = JSON.parse(linesOf(file).join("\n")) as VenueRow[];
    return rows
      .filter((row) => row.title)
      .map((row) => ({
        source: venue,
        authority: plain,
        record: {
          title: row.title,
          authors: (row.author ?? "").split(/\s*;\s*/).filter((name) => name !== ""),
          venue,
          year: Number(venue.slice(-4)) || 2000 + Number(venue.slice(-2)),
          keys: [`url:${venue}:${row.id}`],
          ...(row.abstract ? { abstract: row.abstract } : {}),
        },
      }));
  });
}

function rowsOf(text: string): DailyRow[] | undefined {
  try {
    const rows: unknown = JSON.parse(text);
    return Array.isArray(rows) && rows.every((row) => typeof row === "object" && row !== null)
      ? (rows as DailyRow[])
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
