import { createHmac, timingSafeEqual } from "node:crypto";
import { guardedPost } from "./guarded-post.ts";
import type { FetchAgents } from "./pinned-agent.ts";

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
  | { readonly kind: "refused" | "failed"; readonly sentence: string };

/**
 * Asks a hub to push, or to stop. The hub's address came from a page, a feed or a header, so it is always a
 * stranger's: public addresses on ports 80 and 443 only, checked and pinned; redirects are not followed.
 */
export async function askHub(hub: HubRequest, agents: FetchAgents): Promise<HubAnswer> {
  const outcome = await guardedPost(
    {
      url: hub.hubUrl,
      body: hubForm(hub),
      headers: { "content-type": "application/x-www-form-urlencoded", "user-agent": hub.userAgent },
      trusted: false,
      ...(hub.signal === undefined ? {} : { signal: hub.signal }),
    },
    agents,
  );
  if (outcome.kind !== "answered") return { kind: outcome.kind, sentence: outcome.sentence };
  const { status } = outcome;
  if (status >= 200 && status < 300) return { kind: "asked" };
  return {
    kind: status >= 500 || status === 429 ? "failed" : "refused",
    sentence: `The hub ${new URL(hub.hubUrl).host} answers ${status} when asked to push; the source is polled as before.`,
  };
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

/**
 * Is a pushed body the hub's own (WebSub §7)? HMAC over the raw bytes with our secret, SHA-256 or stronger
 * (SHA-1 is refused), compared in constant time. A push that fails is answered 2xx and thrown away.
 */
export function isSignedBy(secret: string, body: Uint8Array, signature: string | undefined): boolean {
  const [, method = "", given = ""] =
    /^(sha256|sha384|sha512)=([0-9a-f]+)$/i.exec(signature?.trim() ?? "") ?? [];
  if (method === "" || secret === "") return false;
  const expected = createHmac(method.toLowerCase(), secret).update(body).digest();
  return given.length === expected.length * 2 && timingSafeEqual(Buffer.from(given, "hex"), expected);
}

/** A lease is renewed at its half, so that a hub that is away for a while costs nothing. */
export function renewAt(confirmedAt: Date, expiresAt: Date): Date {
  return new Date((confirmedAt.getTime() + expiresAt.getTime()) / 2);
}
