/** Response headers, names in lower case, as undici gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A WebSub hub offered in `Link` headers (WebSub §4). */
export interface Hub {
  readonly url: string;
  readonly topic: string;
}

const EIGHT_HOURS_MS = 8 * 3_600_000;

export function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  const text = (Array.isArray(value) ? value.join(", ") : value)?.trim();
  return text === undefined || text === "" ? undefined : text;
}

/**
 * How long the answer stays fresh (RFC 9111 §4.2): `max-age`, else `Expires` minus `Date`, less `Age`.
 * Never negative; undefined when the server says nothing usable. A private cache, so `s-maxage` is not ours.
 */
export function freshForMs(headers: Headers, nowMs: number): number | undefined {
  const cacheControl = headerOf(headers, "cache-control")?.toLowerCase() ?? "";
  if (/(?:^|,)\s*no-(?:cache|store)\s*(?:,|$)/.test(cacheControl)) return 0;
  const [, maxAge] = /(?:^|,)\s*max-age\s*=\s*"?(\d+)/.exec(cacheControl) ?? [];
  const age = Number(/^\d+$/.exec(headerOf(headers, "age") ?? "")?.[0] ?? 0) * 1000;
  if (maxAge !== undefined) return Math.max(0, Math.min(Number(maxAge) * 1000, MOST_FRESH_MS) - age);
  const expires = headerOf(headers, "expires");
  if (expires === undefined) return undefined;
  const until = httpDate(expires);
  if (until === undefined) return 0;
  const date = httpDate(headerOf(headers, "date") ?? "") ?? nowMs;
  return Math.max(0, Math.min(until - date, MOST_FRESH_MS) - age);
}

const MOST_FRESH_MS = 366 * 86_400_000;

/**
 * The delay a server asks for: `Retry-After` as seconds or as a date (RFC 9110 §10.2.3), else `RateLimit`
 * (`t=`), `RateLimit-Reset` or `X-RateLimit-Reset` when nothing remains. Between 1 s and 8 h; undefined when
 * it asks for none. Dates are measured against the server's own `Date`, so a wrong clock does no harm.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const retryAfter = headerOf(headers, "retry-after");
  const date = httpDate(headerOf(headers, "date") ?? "") ?? nowMs;
  if (retryAfter !== undefined) {
    if (/^\d+(?:\.\d+)?$/.test(retryAfter)) return bounded(Number(retryAfter) * 1000);
    const at = httpDate(retryAfter);
    if (at !== undefined) return bounded(at - date);
  }
  const [, seconds] = /\bt\s*=\s*(\d+)/.exec(headerOf(headers, "ratelimit") ?? "") ?? [];
  if (seconds !== undefined) return bounded(Number(seconds) * 1000);
  const reset = headerOf(headers, "ratelimit-reset") ?? headerOf(headers, "x-ratelimit-reset");
  if (reset === undefined || !/^\d+(?:\.\d+)?$/.test(reset)) return undefined;
  const value = Number(reset);
  // Some count the seconds that are left, some name the second itself.
  return bounded(value > 1_000_000_000 ? value * 1000 - date : value * 1000);
}

/** True when a rate limit's headers say that nothing is left (a 403 is then a 429 in disguise). */
export function isExhausted(headers: Headers): boolean {
  return (
    headerOf(headers, "retry-after") !== undefined ||
    /^0+(?:\.0+)?$/.test(
      headerOf(headers, "x-ratelimit-remaining") ?? headerOf(headers, "ratelimit-remaining") ?? "",
    ) ||
    /\br\s*=\s*0\b/.test(headerOf(headers, "ratelimit") ?? "")
  );
}

/** An HTTP date in any of its three forms (RFC 9110 §5.6.7), epoch ms; undefined for anything else. */
export function httpDate(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+[\w-]+/i.test(trimmed)) return undefined;
  const at = Date.parse(/(?:GMT|UTC|[+-]\d{4})$/i.test(trimmed) ? trimmed : `${trimmed} GMT`);
  return Number.isNaN(at) ? undefined : at;
}

/** The first hub in `Link` headers and the topic they name (`self`, else the address asked). */
export function hubOf(headers: Headers, url: string): Hub | undefined {
  const links = parseLinks(headerOf(headers, "link") ?? "");
  const hub = links.find(({ rels }) => rels.includes("hub"));
  if (hub === undefined) return undefined;
  const self = links.find(({ rels }) => rels.includes("self"));
  const hubUrl = absolute(hub.target, url);
  const topic = absolute(self?.target ?? url, url);
  return hubUrl === undefined || topic === undefined ? undefined : { url: hubUrl, topic };
}

/** RFC 8288, as far as targets and relations go. Linear in the header's length. */
export function parseLinks(header: string): { readonly target: string; readonly rels: readonly string[] }[] {
  const links: { target: string; rels: string[] }[] = [];
  for (const match of header.matchAll(/<([^<>]*)>((?:[^",<]|"[^"]*")*)/g)) {
    const [, target = "", parameters = ""] = match;
    const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    links.push({ target: target.trim(), rels: (quoted ?? plain ?? "").toLowerCase().split(/\s+/) });
  }
  return links;
}

function absolute(target: string, base: string): string | undefined {
  return URL.canParse(target, base) ? new URL(target, base).href : undefined;
}

function bounded(ms: number): number {
  return Math.min(EIGHT_HOURS_MS, Math.max(1_000, Math.ceil(ms)));
}
