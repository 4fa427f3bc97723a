import type { Source } from "@paperwire/db/sources.ts";
import type { SourceKind } from "../sources/source.ts";

/** How far back the first harvest of a source looks, where the source lists by date. */
const firstWindowMs = 72 * 3_600_000;
/** Addresses that one job asks for: at a second apart they end well within its time. */
const mostRequests = 30;

/** What one job asks for: the addresses of the window from `from` to `to`. */
export interface Portion {
  readonly urls: readonly string[];
  readonly from: Date;
  /** Before now where a long outage is made up for in several jobs. */
  readonly to: Date;
}

/**
 * What is due: everything since the source was last read, or the first part of it where that would be more
 * requests than one job can make. The next part is due as soon as this one is stored.
 */
export function portionOf(
  source: Pick<Source, "url" | "coveredUntil">,
  kind: Pick<SourceKind, "requests">,
  now: Date,
): Portion {
  const from = source.coveredUntil ?? new Date(now.getTime() - firstWindowMs);
  if (kind.requests === undefined) return { urls: [source.url], from, to: now };
  const url = new URL(source.url);
  let to = now;
  let urls = kind.requests(url, { from, to });
  while (urls.length > mostRequests && to.getTime() - from.getTime() > 60_000) {
    to = new Date(from.getTime() + (to.getTime() - from.getTime()) / 2);
    urls = kind.requests(url, { from, to });
  }
  return { urls, from, to };
}
