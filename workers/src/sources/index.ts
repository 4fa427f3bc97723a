import { aclAnthology } from "./acl-anthology.ts";
import { arxivApi } from "./arxiv-api.ts";
import { arxivAtom } from "./arxiv-atom.ts";
import { arxivListing } from "./arxiv-listing.ts";
import { arxivOai } from "./arxiv-oai.ts";
import { arxivRss } from "./arxiv-rss.ts";
import { biorxiv } from "./biorxiv.ts";
import { biorxivRss } from "./biorxiv-rss.ts";
import { crossref } from "./crossref.ts";
import { decodeText } from "./feed/decode.ts";
import { feed } from "./feed.ts";
import { hfDaily } from "./hf-daily.ts";
import { openalex } from "./openalex.ts";
import { openreview } from "./openreview.ts";
import { pubmed } from "./pubmed.ts";
import { semanticScholar } from "./semantic-scholar.ts";
import type { Payload, SourceKind } from "./source.ts";

/** Every kind of source; the special ones before `feed`, which takes any feed. */
export const sourceKinds: readonly SourceKind[] = [
  arxivRss,
  arxivAtom,
  arxivApi,
  arxivOai,
  arxivListing,
  hfDaily,
  biorxiv,
  biorxivRss,
  pubmed,
  crossref,
  openalex,
  semanticScholar,
  openreview,
  aclAnthology,
  feed, // last: it takes any feed
];

/** The kind with that id, or undefined. */
export function kindById(id: string): SourceKind | undefined {
  return sourceKinds.find((kind) => kind.id === id);
}

/** How much of a payload a kind sees when it is asked whether the payload is its own. */
const headBytes = 8192;

/** The first kilobytes of a payload as text, for `detects`. */
export function headOf(payload: Payload): string {
  const bytes = payload.bytes.subarray(0, headBytes);
  return decodeText(bytes, payload.contentType).text.trimStart();
}

/** What a payload is: the kind its address belongs to where that kind agrees, else the first that knows it. */
export function detectKind(payload: Payload): SourceKind | undefined {
  const head = headOf(payload);
  const kinds = sourceKinds.filter((kind) => kind.detects(head, payload));
  const url = payload.url !== undefined && URL.canParse(payload.url) ? new URL(payload.url) : undefined;
  return (url === undefined ? undefined : kinds.find((kind) => kind.recognises?.(url))) ?? kinds[0];
}
