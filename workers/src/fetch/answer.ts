import type { Dispatcher } from "undici";
import { type Body, decodeBody, TooLargeError } from "./decode-body.ts";
import { failed } from "./fetch-failure.ts";
import type { Failed, FetchOutcome, FetchRequest } from "./fetch-outcome.ts";
import type { Hop } from "./polite-fetch.ts";
import { freshForMs, type Headers, headerOf, hubOf, isExhausted, retryAfterMs } from "./response-headers.ts";

export interface Redirect {
  readonly kind: "redirect";
  /** Absolute. */
  readonly location: string;
  readonly permanent: boolean;
}

export type Answer = FetchOutcome | Redirect;

/** What one response means. Reads the body only where it is wanted, and always ends it. */
export async function readAnswer(
  response: Dispatcher.ResponseData,
  request: FetchRequest,
  hop: Hop,
  maxBytes: number,
): Promise<Answer> {
  const { statusCode: status } = response;
  const headers = response.headers as Headers;
  if (status === 200 || status === 203) return readBody(response, request, hop, maxBytes);
  if (status === 400 || status === 406) return readRefusal(response, request, hop, maxBytes);
  await response.body.dump({ limit: 65_536 });
  if (REDIRECTS.has(status)) return redirectOf(status, headers, hop);
  if (status === 304) return notModifiedOf(headers, request, hop);
  if (status === 410) {
    return {
      kind: "gone",
      ...answered(hop),
      sentence: `${hop.url.host} says that this address is gone for good.`,
    };
  }
  if (status === 429 || status === 503 || (status === 403 && isLimiter(hop.url, headers))) {
    return retryLaterOf(status, headers, hop);
  }
  return statusFailure(status, request, hop);
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

async function readBody(
  response: Dispatcher.ResponseData,
  request: FetchRequest,
  hop: Hop,
  maxBytes: number,
): Promise<Answer> {
  const headers = response.headers as Headers;
  const { bytes, sha256 } = await decoded(response, maxBytes);
  const contentType = headerOf(headers, "content-type");
  const facts = { ...answered(hop), ...cacheFacts(headers, hop) };
  if (sha256 === request.knownSha256) return { kind: "not-modified", by: "bytes", ...facts };
  return {
    kind: "fetched",
    status: response.statusCode,
    bytes,
    sha256,
    ...(contentType === undefined ? {} : { contentType }),
    headers: keptHeaders(headers),
    ...facts,
  };
}

/** arXiv answers a bad category with 400 and, now and then, a good query with 406; both carry a feed. */
async function readRefusal(
  response: Dispatcher.ResponseData,
  request: FetchRequest,
  hop: Hop,
  maxBytes: number,
): Promise<Failed> {
  const { bytes } = await decoded(response, maxBytes);
  const contentType = headerOf(response.headers as Headers, "content-type");
  return {
    ...statusFailure(response.statusCode, request, hop),
    ...(bytes.length === 0 ? {} : { bytes }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

async function decoded(response: Dispatcher.ResponseData, maxBytes: number): Promise<Body> {
  const headers = response.headers as Headers;
  try {
    if (Number(headerOf(headers, "content-length") ?? 0) > maxBytes) throw new TooLargeError("announced");
    return await decodeBody(response.body, headerOf(headers, "content-encoding"), maxBytes);
  } finally {
    // Ends the connection where the body was not read to its end.
    response.body.on("error", () => {}).destroy();
  }
}

function redirectOf(status: number, headers: Headers, hop: Hop): Answer {
  const location = headerOf(headers, "location");
  if (location === undefined || !URL.canParse(location, hop.url)) {
    return failed("protocol", `${hop.url.host} redirects (${status}) without saying where to.`);
  }
  return {
    kind: "redirect",
    location: new URL(location, hop.url).href,
    permanent: status === 301 || status === 308,
  };
}

function notModifiedOf(headers: Headers, request: FetchRequest, hop: Hop): Answer {
  if (request.etag === undefined && request.lastModified === undefined) {
    return failed("protocol", `${hop.url.host} answers "not modified" although nothing was known of it yet.`);
  }
  return {
    kind: "not-modified",
    by: "validators",
    ...(request.etag === undefined ? {} : { etag: request.etag }),
    ...(request.lastModified === undefined ? {} : { lastModified: request.lastModified }),
    ...answered(hop),
    ...cacheFacts(headers, hop),
  };
}

/** Without a word from the server: a quarter of an hour for an outage, an hour for too many questions. */
const OWN_DELAY_MS: Readonly<Record<number, number>> = { 503: 15 * 60_000 };

function retryLaterOf(status: number, headers: Headers, hop: Hop): Answer {
  const told = retryAfterMs(headers, Date.now());
  const delayMs = told ?? OWN_DELAY_MS[status] ?? 60 * 60_000;
  const why = status === 503 ? "is not available just now" : "has been asked often enough";
  return {
    kind: "retry-later",
    status,
    delayMs,
    told: told !== undefined,
    ...answered(hop),
    sentence: `${hop.url.host} ${why} (${status}); it will be asked again in ${inWords(delayMs)}.`,
  };
}

/** 403 in place of 429: said by the headers, or known of the host. */
function isLimiter(url: URL, headers: Headers): boolean {
  return isExhausted(headers) || /(?:^|\.)(?:reddit\.com|arxiv\.org|ncbi\.nlm\.nih\.gov)$/.test(url.hostname);
}

function statusFailure(status: number, request: FetchRequest, hop: Hop): Failed {
  const conditional = request.etag !== undefined || request.lastModified !== undefined;
  const host = hop.url.host;
  const sentence =
    status >= 500
      ? `${host} failed (${status}); it will be asked again.`
      : (SENTENCES[status] ?? "% answers with status #, which is no feed.").replace("%", host);
  return {
    ...failed("status", sentence.replace("#", String(status))),
    status,
    ...(conditional && [400, 412, 416, 417].includes(status) ? { dropValidators: true } : {}),
  };
}

const SENTENCES: Readonly<Record<number, string>> = {
  400: "% does not understand the request (400); check the address.",
  401: "% asks for a login (401); a source has to be readable without one, or with user:password@ in its address.",
  403: "% forbids reading this address (403); ask its owner, or look for another feed.",
  404: "% has nothing at this address (404); check it.",
  406: "% does not have it in a form we read (406).",
  451: "% may not show this address for legal reasons (451).",
};

function answered(hop: Hop) {
  const finalUrl = hop.url.href;
  const moved = hop.redirects > 0 && hop.permanent;
  return { finalUrl, redirects: hop.redirects, ...(moved ? { permanentUrl: finalUrl } : {}) };
}

function cacheFacts(headers: Headers, hop: Hop) {
  const etag = headerOf(headers, "etag");
  const lastModified = headerOf(headers, "last-modified");
  const fresh = freshForMs(headers, Date.now());
  const hub = hubOf(headers, hop.url.href);
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(fresh === undefined ? {} : { freshForMs: fresh }),
    ...(hub === undefined ? {} : { hub }),
  };
}

const KEPT = [
  "date",
  "server",
  "cache-control",
  "expires",
  "age",
  "link",
  "content-language",
  "x-rate-limit-limit",
  "x-rate-limit-interval",
  "ratelimit",
  "ratelimit-policy",
];

function keptHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = headerOf(headers, name);
    if (value !== undefined) kept[name] = value.slice(0, 1_000);
  }
  return kept;
}

function inWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (ms < 60_000) return `${Math.ceil(ms / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
