/** A place that must not be asked too often: its name in the shared table, and the least gap between requests. */
export interface HostGroup {
  readonly group: string;
  readonly gapMs: number;
  /** After how many 429s or 503s running, with no good answer between, everybody leaves the group alone (2). */
  readonly blockAfter?: number;
}

/** How a request ended, as far as the host's patience goes; nothing when it did not answer. */
export type SlotEnd = "answered" | { readonly retryAfterMs: number };

/** A slot at a host. The gap is counted from its release, so that requests also arrive that far apart. */
export interface Reservation {
  /**
   * Gives the slot back; the second call does nothing. One 429 is the business of one source; the same again
   * is the business of all that ask this host.
   */
  release(end?: SlotEnd): Promise<void>;
}

/**
 * The politeness of the whole deployment towards a host: one request at a time, a gap apart, over every
 * process and machine. Runs on real time.
 */
export interface HostBudget {
  /**
   * Waits for the slot if that is short.
   * @throws RetryLaterError with how long the wait would be, if it is longer; the signal's reason.
   */
  reserve(group: HostGroup, signal?: AbortSignal): Promise<Reservation>;
}

/**
 * Which budget a URL falls under. Hosts we know keep their own rule whatever a source asks for; then what
 * the kind of source asks for; then one request at a time and a second apart. The operator's own private
 * hosts are asked one at a time, without a gap.
 */
export function hostGroupOf(
  url: URL,
  { asked, own = false }: { readonly asked?: HostGroup; readonly own?: boolean } = {},
): HostGroup {
  const host = url.hostname.toLowerCase().replace(/\.$/, "");
  const known = KNOWN_GROUPS.find(([domain]) => host === domain || host.endsWith(`.${domain}`));
  return known?.[1] ?? asked ?? { group: own ? url.host.toLowerCase() : host, gapMs: own ? 0 : 1_000 };
}

/** Hosts that count us as one client over all their names. */
const KNOWN_GROUPS: readonly (readonly [domain: string, group: HostGroup])[] = [
  // https://info.arxiv.org/help/api/tou.html: one request every three seconds, a single connection.
  ["arxiv.org", { group: "arxiv", gapMs: 3_000, blockAfter: 1 }],
  // https://www.ncbi.nlm.nih.gov/books/NBK25497/: three requests a second without a key.
  ["ncbi.nlm.nih.gov", { group: "ncbi", gapMs: 350 }],
  ["reddit.com", { group: "reddit", gapMs: 60_000, blockAfter: 1 }],
  ["tumblr.com", { group: "tumblr", gapMs: 2_000 }],
];
