import { parseArxivId } from "./identifiers.ts";
import { type AnnounceType, announceTypes } from "./listing.ts";

export interface ArxivDescription {
  readonly arxivId?: string;
  readonly version?: number;
  readonly announceType?: AnnounceType;
  readonly abstract: string;
}

/**
 * The description of an entry in arXiv's feeds: `arXiv:IDvN Announce Type: T \nAbstract: …` (since March 2024,
 * the line break may have become spaces) or the bare abstract (before). The abstract is trimmed, not cleaned.
 */
export function parseArxivDescription(description: string): ArxivDescription {
  const match = header.exec(description);
  if (match === null) return { abstract: description.replace(/^\s*Abstract:\s+/, "").trim() };
  const [whole, id = "", word] = match;
  const parsed = parseArxivId(id);
  const announceType = announceTypes.find((type) => type === word?.toLowerCase());
  return {
    ...(parsed === undefined ? {} : { arxivId: parsed.id }),
    ...(parsed?.version === undefined ? {} : { version: parsed.version }),
    ...(announceType === undefined ? {} : { announceType }),
    abstract: description.slice(whole.length).trim(),
  };
}

export interface ArxivTitle {
  readonly title: string;
  readonly arxivId?: string;
  readonly version?: number;
  readonly categories: readonly string[];
  /** What the old feeds said of a listing; none means new. */
  readonly mark?: "UPDATED" | "CROSS LISTED";
}

/**
 * The title of an entry in arXiv's feeds: until January 2024 it ended in `. (arXiv:1706.03762v6 [cs.CL] UPDATED)`,
 * with the primary category; since then it is the bare title. The title is trimmed, not cleaned.
 */
export function parseArxivTitle(title: string): ArxivTitle {
  const opening = title.lastIndexOf("(arXiv:");
  const match = opening < 0 ? null : suffix.exec(title.slice(opening));
  if (match === null) return { title: title.trim(), categories: [] };
  const [, id = "", codes = "", mark] = match;
  const parsed = parseArxivId(id);
  return {
    title: title
      .slice(0, opening)
      .trim()
      .replace(/(?<!\.)\.$/, ""),
    ...(parsed === undefined ? {} : { arxivId: parsed.id }),
    ...(parsed?.version === undefined ? {} : { version: parsed.version }),
    categories: codes.split(/[\s,;]+/).filter((code) => code !== ""),
    ...(mark === undefined ? {} : { mark: /^UPDATED$/i.test(mark) ? "UPDATED" : "CROSS LISTED" }),
  };
}

const header = /^\s*arXiv:(\S+)\s+Announce\s+Type:\s*(\S+)(?:\s+Abstract:)?\s*/i;
const suffix = /^\(arXiv:(\S+)(?:\s+\[([^\]]*)\])?(?:\s+(UPDATED|CROSS[\s-]LISTED))?\)\s*$/i;
