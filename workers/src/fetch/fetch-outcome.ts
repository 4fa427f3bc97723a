import type { Hub } from "./response-headers.ts";

export interface FetchRequest {
  readonly url: string;
  /** The operator added this source: `FETCH_ALLOW_PRIVATE` and other ports apply. False for every address that came from a page, a feed, a form or a hub. */
  readonly trusted: boolean;
  readonly userAgent: string;
  /** Ends the fetch by throwing the signal's reason; no outcome is made up. */
  readonly signal?: AbortSignal;
  /** As the server sent them, quotes and all. */
  readonly etag?: string;
  readonly lastModified?: string;
  /** SHA-256 (hex) of the body we have: a 200 with the same bytes is then `not-modified`. */
  readonly knownSha256?: string;
  readonly accept?: string;
  /** For the first origin only (keys of APIs); dropped when a redirect leaves it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the kind of source asks for; known hosts (arXiv) keep their own, stricter budget. */
  readonly budget?: { readonly group: string; readonly gapMs: number };
  /** Bytes after decompression, 15 MB by default. */
  readonly maxBytes?: number;
  readonly timeouts?: Partial<Timeouts>;
}

export interface Timeouts {
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
  /** All hops together, without the time spent waiting for the host's budget. */
  readonly totalMs: number;
}

interface Answered {
  readonly finalUrl: string;
  /** Where the source says it lives now: only if every redirect on the way was permanent (301, 308). */
  readonly permanentUrl?: string;
  readonly redirects: number;
}

interface Cacheable extends Answered {
  readonly etag?: string;
  readonly lastModified?: string;
  /** `max-age` or `Expires`, less `Age`; absent when the server says nothing. */
  readonly freshForMs?: number;
  readonly hub?: Hub;
}

export interface Fetched extends Cacheable {
  readonly kind: "fetched";
  readonly status: number;
  /** Decompressed. */
  readonly bytes: Uint8Array;
  /** Of `bytes`, hex. */
  readonly sha256: string;
  readonly contentType?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Success: nothing new. Validators and freshness are the newest known. */
export interface NotModified extends Cacheable {
  readonly kind: "not-modified";
  /** `validators`: 304; `bytes`: a 200 whose body is the one we have. */
  readonly by: "validators" | "bytes";
}

export interface RetryLater extends Answered {
  readonly kind: "retry-later";
  readonly status: number;
  /** Real time, at most 8 h. */
  readonly delayMs: number;
  /** The server named the delay; otherwise it is our own. */
  readonly told: boolean;
  readonly sentence: string;
}

/** 410: the source says that it will not come back. */
export interface Gone extends Answered {
  readonly kind: "gone";
  readonly sentence: string;
}

/** We did not, or did not want to, read it: asking again gives the same answer. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: "address" | "too-large" | "redirects";
  readonly sentence: string;
}

export type FailureCause = "dns" | "connect" | "tls" | "timeout" | "status" | "protocol";

export interface Failed {
  readonly kind: "failed";
  readonly cause: FailureCause;
  readonly status?: number;
  readonly sentence: string;
  /** No connection came about: name, route, refusal or time-out. */
  readonly unreachable: boolean;
  /** Our own network is down, as far as the other hosts of this process tell (`network-state.ts`): not this source's failure. */
  readonly networkDown: boolean;
  /** The server choked on a conditional request: ask without validators next time. */
  readonly dropValidators?: true;
  /** What a 4xx carried, where a reader may know it (arXiv's 400 and 406 are feeds). */
  readonly bytes?: Uint8Array;
  readonly contentType?: string;
}

/** Everything that can come of one poll. Every branch has what is needed to store an outcome and the next check. */
export type FetchOutcome = Fetched | NotModified | RetryLater | Gone | Refused | Failed;
