import { arxivAtom } from "./arxiv-atom.ts";
import { arxivRss } from "./arxiv-rss.ts";
import { decodeText } from "./feed/decode.ts";
import { feed } from "./feed.ts";
import type { Payload, SourceKind } from "./source.ts";

/** Every kind of source; the special ones before `feed`, which takes any feed. */
export const sourceKinds: readonly SourceKind[] = [
  arxivRss,
  arxivAtom,
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
