import {
  archiveCodes,
  archiveOf,
  canonicalCategory,
  isCategory,
  type Listing,
  type Reading,
} from "@paperwire/core";
import { sourceKinds } from "../sources/index.ts";
import type { SourceKind } from "../sources/source.ts";

/** Where a source has no categories of its own, all of it counts together. */
export const everything = "all";

/** Kinds that follow arXiv's calendar, whose lists can be compared with each other. */
export const arxivKinds: readonly string[] = sourceKinds
  .filter((kind) => kind.calendar === "arxiv")
  .map((kind) => kind.id);

/** Those of them whose payloads are the list of one day. */
export const datedKinds: readonly string[] = sourceKinds
  .filter((kind) => kind.calendar === "arxiv" && kind.requests === undefined)
  .map((kind) => kind.id);

/** How the days of a kind are counted. */
export function formOf(kind: SourceKind): "dated" | "harvest" | "rolling" {
  if (kind.requests !== undefined) return "harvest";
  return kind.calendar === "arxiv" ? "dated" : "rolling";
}

/**
 * The arXiv categories and archives that a source asks for, in their canonical form: by its address (`/rss/cs.CL`,
 * `/list/cs.CL/new`, `search_query=cat:cs.CL`, `set=cs:cs:CL`), else by what the payload says of itself.
 * Empty where it asks for everything, or for something else than categories.
 */
export function scopeOf(url: string, reading?: Pick<Reading, "url" | "title">): string[] {
  const named = /^(.+?) updates on (?:the )?arxiv\.org/i.exec(reading?.title ?? "")?.[1];
  const found = [
    ...scopeOfAddress(url),
    ...(reading?.url === undefined ? [] : scopeOfAddress(reading.url)),
    ...codesIn(named ?? ""),
  ];
  const own = scopeOfAddress(url);
  return [...new Set(own.length > 0 ? own : found)];
}

function scopeOfAddress(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { pathname, searchParams } = new URL(address);
  const search = searchParams.get("search_query");
  if (search !== null) {
    // Only a search for categories and nothing else covers them.
    const terms = search
      .replace(/[()]/g, " ")
      .trim()
      .split(/\s+OR\s+/);
    const codes = terms.map((term) => /^cat:"?([\w.-]+?)(?:\.\*)?"?$/.exec(term.trim())?.[1]);
    return codes.every((code) => code !== undefined) ? codesIn(codes.join("+")) : [];
  }
  const set = searchParams.get("set")?.split(":");
  if (set !== undefined) return codesIn(set.length > 2 ? set.slice(1).join(".") : (set.at(-1) ?? ""));
  const path = pathname
    .split("/")
    .map((part) => decodeURIComponent(part.replace(/%(?![0-9a-f]{2})/gi, "%25")));
  return path.flatMap((part) => codesIn(part.replace(/\.(?:xml|rss|atom|html)$/i, ""))).slice(0, 200);
}

/** `cs.ai+q-bio.NC` → both, if every part is one of arXiv's. */
function codesIn(text: string): string[] {
  const parts = text.split("+").map((part) => part.trim());
  const isCode = (part: string) => isCategory(part) || archiveCodes.includes(part.toLowerCase());
  return text !== "" && parts.every(isCode) ? parts.map(codeOf) : [];
}

function codeOf(part: string): string {
  return isCategory(part) ? canonicalCategory(part) : part.toLowerCase();
}

/** The categories under which a listing is counted: those asked for that it has, all its own in a harvest of everything. */
export function countedUnder(
  listing: Listing,
  scope: readonly string[],
  form: ReturnType<typeof formOf>,
): string[] {
  const [first] = scope;
  if (first !== undefined && scope.length === 1) return [first];
  const own = [...new Set(listing.categories.map(canonicalCategory))];
  if (first === undefined) {
    const arxiv = form === "harvest" && listing.arxivId !== undefined ? own.filter(isCategory) : [];
    return arxiv.length > 0 ? arxiv : [everything];
  }
  const asked = scope.filter((code) =>
    own.some((category) => category === code || archiveOf(category) === code),
  );
  return asked.length > 0 ? asked : [first];
}
