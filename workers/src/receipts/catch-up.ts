import { announcementOn, archiveCodes, isCategory, retired } from "@paperwire/core";
import type { Source } from "@paperwire/db/sources.ts";
import { arxivApi } from "../sources/arxiv-api.ts";
import { everything } from "./scope.ts";

/** What missed days are harvested through: arXiv's API answers for any span of submissions. */
export const catchUpKind = arxivApi;
/** As receipts name it. */
export const catchUpName = "the arXiv API";

/**
 * The first page of a harvest of what the days from `from` to `to` announced in the categories, beside the
 * source: at arXiv's own API, at the same path of the source's host where that is a mirror. Undefined where
 * the source has no categories, or the days no announcement.
 */
export function catchUpUrl(
  source: Pick<Source, "url">,
  categories: readonly string[],
  from: string,
  to: string,
): string | undefined {
  const first = announcementOn(from);
  const last = announcementOn(to);
  const asked = categories.filter((code) => code !== everything);
  if (first === undefined || last === undefined || asked.length === 0 || !URL.canParse(source.url))
    return undefined;
  const { hostname, origin, protocol } = new URL(source.url);
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  const isOwn = hostname === "arxiv.org" || hostname.endsWith(".arxiv.org");
  const url = new URL("/api/query", isOwn ? "https://export.arxiv.org" : origin);
  url.searchParams.set(
    "search_query",
    asked.map((code) => `cat:${isArchive(code) ? `${code}.*` : code}`).join(" OR "),
  );
  return arxivApi.requests?.(url, { from: first.submittedFrom, to: last.submittedTo })[0];
}

/** An archive with categories below it: `cs`, not `hep-th`. */
function isArchive(code: string): boolean {
  return archiveCodes.includes(code) && (!isCategory(code) || retired.includes(code));
}
