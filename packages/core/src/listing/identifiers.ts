import type { Listing } from "./listing.ts";
import { archiveCodes, categories, subsumed } from "./taxonomy.ts";

/** An arXiv identifier: canonical id (`2606.01234`, `math/0611800`) and the version where one was given. */
export interface ArxivId {
  readonly id: string;
  readonly version?: number;
}

/**
 * The arXiv identifier that `text` is: bare, `arXiv:…` in any case, a page, PDF or listing address, an
 * OAI identifier or a 10.48550 DOI. Nothing else may stand beside it; `findArxivId` looks inside prose.
 * Archives must exist; repairs are arXiv's own (`strictArxivId`).
 */
export function parseArxivId(text: string): ArxivId | undefined {
  if (text.length > LONGEST_IDENTIFIER) return undefined;
  const usual = usualForm.exec(text)?.[1];
  if (usual !== undefined) {
    const parsed = newStyle(usual);
    return parsed === undefined ? undefined : versioned(parsed.id, parsed.version);
  }
  const bare = decoded(text.trim())
    .replace(/^<|>$/g, "")
    .replace(/^(?:oai:arxiv\.org:|info:arxiv\/|urn:arxiv:)/i, "")
    .replace(/^(?:(?:https?:)?\/\/)?(?:[\w-]+\.)?arxiv\.org\/(?:abs|pdf|html|format|ps|src|e-print)\//i, "")
    .replace(/^(?:(?:https?:)?\/\/(?:dx\.)?doi\.org\/|doi:\s*)?10\.48550\/arxiv\./i, "")
    .replace(/^arxiv:\s+/i, "arxiv:")
    .replace(/\?.*$/s, "")
    .replace(/\s+\[[^\]]*\]$/, "");
  const parsed = strictArxivId(bare);
  if (parsed === undefined || (parsed.isOld && !knownArchives.has(parsed.archive))) return undefined;
  return versioned(parsed.id, parsed.version);
}

/** Everything arXiv's own parser says about an identifier. */
export interface StrictArxivId {
  readonly id: string;
  readonly version?: number;
  readonly archive: string;
  readonly year: number;
  readonly month: number;
  readonly num: number;
  readonly isOld: boolean;
  /** What follows the identifier: `#section`, `/…`. */
  readonly extra?: string;
}

/**
 * arXiv's own rule for what is an identifier and how a damaged one is repaired (file endings, prefix,
 * doubled `/` and `-`, a lost hyphen, the old form's subject class, padding of the number), with the date
 * bounds of both schemes (https://info.arxiv.org/help/arxiv_identifier.html). The archive is not checked.
 */
export function strictArxivId(text: string): StrictArxivId | undefined {
  const repaired = text
    .replace(/^arxiv:/, "")
    .replace(/\.(?:pdf|ps\.gz|ps|gz)$/, "")
    .replace(/^\//, "")
    .replace(/^arxiv:/i, "")
    .replace(/\/\/+/g, "/")
    .replace(/--+/g, "-")
    .replace(/^[^/]+/, (head) => head.toLowerCase())
    .replace(/([^a-])(ph|ex|th|qc|mat|lat|sci)(\/|$)/, "$1-$2$3");
  return oldStyle(repaired) ?? newStyle(repaired);
}

function oldStyle(text: string): StrictArxivId | undefined {
  const parts =
    /^([a-z]+(?:-[a-z]{2,})?)(?:\.[a-zA-Z-]{2,})?\/(\d\d)(\d\d)(\d{3})(?:v([1-9]\d*))?([#/].*)?$/.exec(text);
  if (parts === null) return undefined;
  const [, archive = "", yy = "", mm = "", num = "", version, extra] = parts;
  const year = Number(yy) + (Number(yy) < 91 ? 2000 : 1900);
  const month = Number(mm);
  if (Number(num) === 0 || month < 1 || month > 12 || year > 2007 || (year === 2007 && month > 3))
    return undefined;
  const id = `${archive}/${yy}${mm}${num}`;
  return { ...withVersion(id, version, extra), archive, year, month, num: Number(num), isOld: true };
}

function newStyle(text: string): StrictArxivId | undefined {
  const parts = /^(\d\d)(\d\d)\.(\d{4,5})(?:v([1-9]\d*))?([#/].*)?$/.exec(text);
  if (parts === null) return undefined;
  const [, yy = "", mm = "", digits = "", version, extra] = parts;
  const [year, month, num] = [Number(yy) + 2000, Number(mm), Number(digits)];
  if (num === 0 || month < 1 || month > 12 || (year < 2015 && num > 9999)) return undefined;
  if (year < 2007 || (year === 2007 && month < 4)) return undefined;
  const id = `${yy}${mm}.${String(num).padStart(year < 2015 ? 4 : 5, "0")}`;
  return { ...withVersion(id, version, extra), archive: "arxiv", year, month, num, isOld: false };
}

function withVersion(id: string, version: string | undefined, extra: string | undefined) {
  return {
    ...versioned(id, version === undefined ? undefined : Number(version)),
    ...(extra === undefined ? {} : { extra }),
  };
}

function versioned(id: string, version: number | undefined): ArxivId {
  return version === undefined ? { id } : { id, version };
}

/** The first valid arXiv identifier that stands in a text (prose, an address, a citation), canonical. */
export function findArxivId(text: string): ArxivId | undefined {
  for (const [match] of text.matchAll(inProse)) {
    const found = parseArxivId(match);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What arXiv's own search for an identifier in a text finds, as it is written there. Looser than the
 * strict rule: months, version 0 and an empty version pass, new style is looked for before old style.
 */
export function searchArxivId(text: string): string | undefined {
  return newStyleAnywhere.exec(text)?.[1] ?? oldStyleAnywhere.exec(text)?.[1];
}

/**
 * A DOI in lower case without resolver, or undefined; the first one where a text holds several. Closing
 * punctuation of the sentence around it is dropped, brackets stay where they are balanced
 * (`10.1016/0370-2693(88)91524-2`), and so do the versions and views of bioRxiv's and publishers' addresses.
 */
export function parseDoi(text: string): string | undefined {
  const start = doiStart.exec(text);
  if (start === null) return undefined;
  const rest = text.slice(start.index, start.index + LONGEST_IDENTIFIER);
  const raw = rest.split(/\(sici\)/i.test(rest) ? /[\s"]/ : /[\s"<>]/, 1)[0] ?? "";
  const bare = trimmedDoi(decoded(raw).replace(/\?[\w.-]+=.*$|#.*$/, ""));
  const page = /^https?:\/\/(?!(?:dx\.)?doi\.org\/)/i.test(text.trimStart());
  const doi = page
    ? bare.replace(/(?:\/(?:full|abstract|e?pdf|meta|summary|html)|\.full|\.pdf)+$/i, "")
    : bare;
  const preprint = /^(10\.(?:1101|64898)\/[\d.]+)v\d+(?:\.\w+)*$/i.exec(doi)?.[1];
  return /^10\.[\d.]+\/./.test(doi) ? (preprint ?? doi).toLowerCase() : undefined;
}

function trimmedDoi(text: string): string {
  let end = text.length;
  for (; end > 0; end--) {
    const last = text[end - 1] ?? "";
    const opener = openers[last];
    const kept = text.slice(0, end);
    if (!".,;:!?'’”*_".includes(last) && (opener === undefined || count(kept, last) <= count(kept, opener)))
      return kept;
  }
  return "";
}

/**
 * The identifiers that lead to the paper of a listing, as `scheme:value`, strongest first:
 * `arxiv:…`, `doi:…`, then what the source gave in `ids`. The DOI arXiv mints is the arXiv id.
 */
export function paperKeys(listing: Pick<Listing, "arxivId" | "doi" | "ids">): string[] {
  const keys: string[] = [];
  const arxiv =
    listing.arxivId === undefined ? undefined : (parseArxivId(listing.arxivId)?.id ?? listing.arxivId);
  if (arxiv !== undefined) keys.push(`arxiv:${arxiv}`);
  const doi = listing.doi === undefined ? undefined : parseDoi(listing.doi);
  if (doi !== undefined) keys.push(doiKey(doi));
  for (const id of listing.ids ?? []) {
    const given = /^doi:/i.test(id) ? parseDoi(id) : undefined;
    keys.push(given === undefined ? id : doiKey(given));
  }
  return [...new Set(keys)].sort((a, b) => rank(a) - rank(b));
}

function doiKey(doi: string): string {
  const minted = doi.startsWith("10.48550/arxiv.") ? parseArxivId(doi) : undefined;
  return minted === undefined ? `doi:${doi}` : `arxiv:${minted.id}`;
}

function rank(key: string): number {
  return key.startsWith("arxiv:") ? 0 : key.startsWith("doi:") ? 1 : 2;
}

/**
 * An address in the form in which two homes within one source are compared: no scheme, `www.`, fragment,
 * default port, tracking parameters or trailing slash; parameters sorted. Text that is no web address is
 * returned trimmed.
 */
export function normaliseUrl(url: string): string {
  const trimmed = url.trim();
  if (!URL.canParse(trimmed)) return trimmed;
  const parsed = new URL(trimmed);
  if (!/^https?:$/.test(parsed.protocol)) return trimmed;
  const kept = [...parsed.searchParams].filter(([name]) => !tracking.test(name)).sort(byText);
  const query = new URLSearchParams(kept).toString();
  const host = parsed.host.replace(/^www\./, "").replace(/:(?:80|443)$/, "");
  const path = parsed.pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  return `${host}${path}${query === "" ? "" : `?${query}`}`;
}

function byText(a: readonly [string, string], b: readonly [string, string]): number {
  const [left, right] = [a.join("="), b.join("=")];
  return left < right ? -1 : left > right ? 1 : 0;
}

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

const LONGEST_IDENTIFIER = 500;
const doiStart = /(?<![\w.])10\.\d{4,9}(?:\.\d+)*(?:\/|%2f)/i;
/** How nearly all identifiers are written; nothing has to be repaired here. */
const usualForm = /^(?:oai:arXiv\.org:|https:\/\/arxiv\.org\/abs\/)?(\d{4}\.\d{4,5}(?:v[1-9]\d*)?)$/;
const knownArchives = new Set([...archiveCodes, ...Object.keys(subsumed)]);
const archivePattern = [...knownArchives].join("|");
const codePattern = [...knownArchives, ...categories.keys()].join("|").replaceAll(".", "\\.");
const newStyleAnywhere = /(?<![\d=.])(?:arxiv:)?(\d{4}\.\d{4,5}(?:v\d*)?)/i;
const oldStyleAnywhere = new RegExp(`((?:${codePattern})/\\d{2}[01]\\d{4}(?:v\\d*)?)`, "i");
const inProse = new RegExp(
  `(?<![\\d=.])\\d{4}\\.\\d{4,5}(?:v\\d+)?(?![\\d])|(?<![\\w.-])(?:${archivePattern})(?:\\.[a-z-]{2,})?/\\d{7}(?:v\\d+)?(?!\\d)`,
  "gi",
);
const openers: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{", ">": "<" };
const tracking =
  /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs\w+|rss|ref|source|from|via|campaign_id|cmpid|ncid|feed\w*)$/i;
