import { request as send } from "undici";
import { hostOf, urlProblem } from "./address-rules.ts";
import { type Answer, readAnswer } from "./answer.ts";
import { failureOf } from "./fetch-failure.ts";
import type { FetchOutcome, FetchRequest, Timeouts } from "./fetch-outcome.ts";
import { type HostBudget, hostGroupOf, type SlotEnd } from "./host-budget.ts";
import type { FetchAgents } from "./pinned-agent.ts";

export interface FetchDeps {
  readonly agents: FetchAgents;
  /** Left out only where nothing else fetches: every real fetch goes through the shared budget. */
  readonly budget?: HostBudget;
}

const MOST_REDIRECTS = 5;
const MAX_BYTES = 15_000_000;
const TIMEOUTS: Timeouts = { headersMs: 20_000, idleMs: 10_000, totalMs: 30_000 };
const FEEDS =
  "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/rdf+xml;q=0.9, application/xml;q=0.8, application/json;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1";

/**
 * Asks for one URL the way a good guest does: with the validators as they came, within the host's budget,
 * over a checked and pinned address at every hop, and with an end in bytes, hops and time. Every answer and
 * every failure of the network is a value; nothing is kept between calls, cookies included.
 * @throws RetryLaterError when the host's budget is used up for longer than is worth waiting for;
 * the signal's reason when it is aborted.
 */
export async function politeFetch(request: FetchRequest, deps: FetchDeps): Promise<FetchOutcome> {
  let hop = firstHop(request);
  if (hop === undefined) {
    return {
      kind: "refused",
      reason: "address",
      sentence: "The address is no URL; write it with http:// or https://.",
    };
  }
  let leftMs = request.timeouts?.totalMs ?? TIMEOUTS.totalMs;
  for (;;) {
    const sentence = urlProblem(hop.url, { trusted: hop.trusted, allowPrivate: deps.agents.allowPrivate });
    if (sentence !== undefined) return { kind: "refused", reason: "address", sentence };
    const ownHost = deps.agents.isOwnHost(hop.url);
    const group = hostGroupOf(hop.url, { own: ownHost, ...(request.budget && { asked: request.budget }) });
    const slot = await deps.budget?.reserve(group, request.signal);
    const startedAt = performance.now();
    let answer: Answer | undefined;
    try {
      answer = await ask(request, hop, deps, leftMs, group.gapMs > 0);
    } finally {
      await slot?.release(slotEndOf(answer));
    }
    if (answer.kind !== "redirect") return deps.agents.network.judge(answer, hop.url.host, ownHost);
    if (hop.redirects === MOST_REDIRECTS) return tooManyRedirects(request.url);
    leftMs = Math.max(1, leftMs - (performance.now() - startedAt));
    hop = nextHop(hop, answer, deps.agents.isOwnHost(hop.url));
  }
}

/** What the host's budget learns of an answer: nothing of one that never came. */
function slotEndOf(answer: Answer | undefined): SlotEnd | undefined {
  if (answer === undefined || (answer.kind === "failed" && answer.status === undefined)) return undefined;
  if (answer.kind !== "retry-later") return "answered";
  return { retryAfterMs: answer.delayMs };
}

/** One request of the several that redirects can make of a fetch. */
export interface Hop {
  readonly url: URL;
  readonly trusted: boolean;
  readonly redirects: number;
  /** Every redirect so far was permanent. */
  readonly permanent: boolean;
  readonly authorization?: string;
  /** The request's own headers may go along: we are still where the operator sent us. */
  readonly sameOrigin: boolean;
}

function firstHop(request: FetchRequest): Hop | undefined {
  if (!URL.canParse(request.url)) return undefined;
  const url = new URL(request.url);
  const { username, password } = url;
  const authorization =
    request.trusted && (username !== "" || password !== "")
      ? { authorization: `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}` }
      : {};
  if (request.trusted) withoutUser(url);
  return {
    url: plain(url),
    trusted: request.trusted,
    redirects: 0,
    permanent: true,
    sameOrigin: true,
    ...authorization,
  };
}

/**
 * The operator's trust ends where a public host points elsewhere: an address in its redirect is a stranger's.
 * It lasts while the host stays the same, and from one of the operator's private hosts to another.
 */
function nextHop(
  hop: Hop,
  { location, permanent }: Answer & { kind: "redirect" },
  fromOwnHost: boolean,
): Hop {
  const url = plain(withoutUser(new URL(location)));
  const sameOrigin = hop.sameOrigin && url.origin === hop.url.origin;
  return {
    url,
    trusted: hop.trusted && (fromOwnHost || url.hostname === hop.url.hostname),
    redirects: hop.redirects + 1,
    permanent: hop.permanent && permanent,
    sameOrigin,
    ...(sameOrigin && hop.authorization !== undefined ? { authorization: hop.authorization } : {}),
  };
}

async function ask(
  request: FetchRequest,
  hop: Hop,
  { agents }: FetchDeps,
  leftMs: number,
  closeAfter: boolean,
): Promise<Answer> {
  request.signal?.throwIfAborted();
  const maxBytes = request.maxBytes ?? MAX_BYTES;
  const timeouts = { ...TIMEOUTS, ...request.timeouts };
  const total = new AbortController();
  const timer = setTimeout(() => total.abort(Object.assign(new Error(), { code: "TotalTimeout" })), leftMs);
  try {
    const response = await send(hop.url, {
      dispatcher: agents.agentFor(hop.trusted),
      method: "GET",
      headers: requestHeaders(request, hop),
      signal: request.signal === undefined ? total.signal : AbortSignal.any([request.signal, total.signal]),
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.idleMs,
      reset: closeAfter,
    });
    return await readAnswer(response, request, hop, maxBytes);
  } catch (error) {
    request.signal?.throwIfAborted();
    const failure = failureOf(error, hop.url, maxBytes);
    if (failure === undefined) throw error;
    return failure;
  } finally {
    clearTimeout(timer);
  }
}

function requestHeaders(request: FetchRequest, hop: Hop): Record<string, string> {
  const headers: Record<string, string> = {
    "user-agent": request.userAgent,
    accept: request.accept ?? FEEDS,
    "accept-encoding": "gzip, br, zstd, deflate",
    ...(hop.sameOrigin ? request.headers : {}),
    ...(hop.authorization === undefined ? {} : { authorization: hop.authorization }),
  };
  if (isHeaderValue(request.etag)) headers["if-none-match"] = request.etag;
  if (isHeaderValue(request.lastModified)) headers["if-modified-since"] = request.lastModified;
  return headers;
}

/** A validator that cannot be sent as it came is not sent at all. */
function isHeaderValue(value: string | undefined): value is string {
  return value !== undefined && /^[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]{0,4000}$/.test(value);
}

function withoutUser(url: URL): URL {
  url.username = "";
  url.password = "";
  return url;
}

/** Without fragment and without the trailing dot that some resolvers and certificates disagree on. */
function plain(url: URL): URL {
  url.hash = "";
  if (url.hostname.endsWith(".")) url.hostname = hostOf(url);
  return url;
}

function tooManyRedirects(url: string): FetchOutcome {
  return {
    kind: "refused",
    reason: "redirects",
    sentence: `The address redirects more than ${MOST_REDIRECTS} times; give the one it ends at (asked: ${new URL(url).host}).`,
  };
}
