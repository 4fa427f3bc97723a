import { createHmac, type Hmac, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { hostOf, isPublicAddress } from "./address-rules.ts";
import { guardedPost, type PostOutcome } from "./guarded-post.ts";
import { hostGroupOf } from "./host-budget.ts";
import type { FetchDeps } from "./polite-fetch.ts";

/** What is asked of a hub (WebSub §5.1). */
export interface HubRequest {
  readonly mode: "subscribe" | "unsubscribe";
  readonly hubUrl: string;
  readonly topic: string;
  /** Ours, with an unguessable part per subscription. */
  readonly callbackUrl: string;
  /** At most 200 bytes (WebSub §5.1); 32 random bytes in hexadecimal are right. */
  readonly secret: string;
  readonly leaseSeconds: number;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
}

/** `asked`: the hub verifies by calling back. Anything else is a sentence; polling goes on either way. */
export type HubAnswer =
  | { readonly kind: "asked" }
  | { readonly kind: "refused" | "failed"; readonly sentence: string; readonly retryAfterMs?: number };

/** A hub may live elsewhere by now (WebSub §5.1: 307 and 308 are followed, and no other redirect). */
const MOST_REDIRECTS = 3;

/**
 * Asks a hub to push, or to stop. The hub's address came from a page, a feed or a header, so it is always a
 * stranger's, and so is every address that it redirects to: public addresses on ports 80 and 443 only, checked
 * and pinned, each within its host's budget.
 * @throws RetryLaterError when the host's budget is used up; the signal's reason when it is aborted.
 */
export async function askHub(hub: HubRequest, deps: FetchDeps): Promise<HubAnswer> {
  let url = hub.hubUrl;
  for (let redirects = 0; ; redirects += 1) {
    const outcome = await postWithin(url, hub, deps);
    if (outcome.kind !== "answered") return { kind: outcome.kind, sentence: outcome.sentence };
    const { status, location } = outcome;
    if (status >= 200 && status < 300) return { kind: "asked" };
    if ((status === 307 || status === 308) && location !== undefined && redirects < MOST_REDIRECTS) {
      url = location;
      continue;
    }
    return {
      kind: status >= 500 || status === 429 ? "failed" : "refused",
      sentence: `The hub ${new URL(url).host} answers ${status} when asked ${hub.mode === "subscribe" ? "to push" : "to stop"}; the source is polled as before.`,
      ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
    };
  }
}

async function postWithin(url: string, hub: HubRequest, { agents, budget }: FetchDeps): Promise<PostOutcome> {
  const slot = URL.canParse(url) ? await budget?.reserve(hostGroupOf(new URL(url)), hub.signal) : undefined;
  let outcome: PostOutcome | undefined;
  try {
    outcome = await guardedPost(
      {
        url,
        body: hubForm(hub),
        headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": hub.userAgent },
        trusted: false,
        ...(hub.signal === undefined ? {} : { signal: hub.signal }),
      },
      agents,
    );
    return outcome;
  } finally {
    const { status, retryAfterMs = 60_000 } = outcome?.kind === "answered" ? outcome : { status: undefined };
    await slot?.release(
      status === undefined ? undefined : status === 429 || status === 503 ? { retryAfterMs } : "answered",
    );
  }
}

/** The body of the request, form-encoded (WebSub §5.1). */
export function hubForm(hub: HubRequest): string {
  return new URLSearchParams({
    "hub.mode": hub.mode,
    "hub.topic": hub.topic,
    "hub.callback": hub.callbackUrl,
    ...(hub.mode === "subscribe"
      ? { "hub.secret": hub.secret, "hub.lease_seconds": String(hub.leaseSeconds) }
      : {}),
  }).toString();
}

/** A subscription as it is remembered. */
export interface HubSubscription {
  readonly topic: string;
  readonly secret: string;
  /** We asked to subscribe and have not asked to stop. */
  readonly wanted: boolean;
}

export type Verification =
  /** Answer 200 with exactly this text; push is on until then. */
  | { readonly kind: "confirm"; readonly challenge: string; readonly expiresAt: Date }
  /** Answer 200 with exactly this text; push is off. */
  | { readonly kind: "release"; readonly challenge: string }
  /** The hub will not push (WebSub §5.2); polling is all there is. Answer 200. */
  | { readonly kind: "denied"; readonly because?: string }
  /** Answer 404: we did not ask for this. */
  | { readonly kind: "unknown" };

const SHORTEST_LEASE_S = 300;
const LONGEST_LEASE_S = 90 * 86_400;

/**
 * What a hub's verification request means (WebSub §5.3). Only what we asked for is confirmed: the same topic,
 * and the mode we want now. `now` is real time, as a lease is. A lease that is missing, or shorter than five
 * minutes, is none.
 */
export function verificationOf(
  query: Readonly<Record<string, string | undefined>>,
  subscription: HubSubscription | undefined,
  now: Date,
): Verification {
  const challenge = query["hub.challenge"] ?? "";
  const mode = query["hub.mode"];
  if (subscription === undefined || query["hub.topic"] !== subscription.topic) return { kind: "unknown" };
  if (mode === "denied") {
    const because = query["hub.reason"]?.replace(/\p{Cc}+/gu, " ").slice(0, 200);
    return { kind: "denied", ...(because === undefined ? {} : { because }) };
  }
  if (challenge === "" || challenge.length > 4_096) return { kind: "unknown" };
  if (mode === "unsubscribe" && !subscription.wanted) return { kind: "release", challenge };
  const lease = /^\d{1,12}$/.test(query["hub.lease_seconds"] ?? "") ? Number(query["hub.lease_seconds"]) : 0;
  if (mode !== "subscribe" || !subscription.wanted || lease < SHORTEST_LEASE_S) return { kind: "unknown" };
  const expiresAt = new Date(now.getTime() + Math.min(lease, LONGEST_LEASE_S) * 1000);
  return { kind: "confirm", challenge, expiresAt };
}

/** A signature as a hub sends it, and the body's own as it comes in. */
export interface SignatureCheck {
  update(piece: Uint8Array): void;
  /** In constant time. */
  isGenuine(): boolean;
}

/**
 * Checks a pushed body against `X-Hub-Signature` (WebSub §7: HMAC over the raw bytes with our secret) piece by
 * piece, so that it need not be kept; undefined when the header is none. SHA-1 is taken as well: the largest hub
 * signs with nothing else, HMAC-SHA1 is not broken, and all that a push does is bring a poll forward.
 */
export function signatureCheck(secret: string, signature: string | undefined): SignatureCheck | undefined {
  const [, method = "", given = ""] =
    /^(sha1|sha256|sha384|sha512)=([0-9a-f]+)$/i.exec(signature?.trim() ?? "") ?? [];
  if (method === "" || secret === "") return undefined;
  const hmac: Hmac = createHmac(method.toLowerCase(), secret);
  return {
    update: (piece) => void hmac.update(piece),
    isGenuine() {
      const expected = hmac.digest();
      return given.length === expected.length * 2 && timingSafeEqual(Buffer.from(given, "hex"), expected);
    },
  };
}

/** A lease is renewed at its half, so that a hub that is away for a while costs nothing. */
export function renewAt(confirmedAt: Date, expiresAt: Date): Date {
  return new Date((confirmedAt.getTime() + expiresAt.getTime()) / 2);
}

const HOUR_MS = 3_600_000;

/**
 * When a hub is asked again that has not confirmed: after an hour when it took the request and should have called
 * back, a quarter of an hour when it failed, a day when it refused; twice as long each time (up to a day, a week for
 * a refusal), sooner while a lease is running out, and never sooner than the hub asked.
 */
export function askAgainMs(answer: HubAnswer, failures: number, leaseLeftMs = 0): number {
  const [first, most] = {
    asked: [HOUR_MS, 24 * HOUR_MS],
    failed: [HOUR_MS / 4, 24 * HOUR_MS],
    refused: [24 * HOUR_MS, 7 * 24 * HOUR_MS],
  }[answer.kind] as [number, number];
  const usual = Math.min(first * 2 ** Math.min(failures, 10), most);
  const urgent = leaseLeftMs > 0 ? Math.min(usual, Math.max(60_000, leaseLeftMs / 4)) : usual;
  return Math.max(urgent, answer.kind === "asked" ? 0 : (answer.retryAfterMs ?? 0));
}

/**
 * Can a hub on the internet call this address? Not this machine, nothing in a private network, no bare name and no
 * name that is reserved for such places (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`).
 */
export function isReachableByHubs(publicUrl: string): boolean {
  if (!URL.canParse(publicUrl)) return false;
  const host = hostOf(new URL(publicUrl)).toLowerCase();
  if (isIP(host) !== 0) return isPublicAddress(host);
  return (
    host.includes(".") &&
    !/(?:^|\.)(?:localhost|local|internal|test|example|invalid|home\.arpa|lan)$/.test(host)
  );
}
