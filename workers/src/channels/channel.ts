import type { BatchOutcome, ChatDigest } from "@paperwire/core";
import type { Reach } from "../fetch/address-rules.ts";

export type {
  Accepted,
  Answered,
  BatchOutcome,
  Deferred,
  Rejected,
  SendOutcome,
  Uncertain,
} from "@paperwire/core";

/** One finished mail (or chat post) to one place. Plain data: it may be stored and sent by another process. */
export interface Message {
  readonly deliveryId: string;
  /** An e-mail address; for a chat channel the room, webhook URL or chat id as its file says. */
  readonly to: string;
  /** `Name <address>`. */
  readonly from: string;
  /** The `Date` header, ISO 8601 UTC. Stored with the digest, so that the same mail has the same bytes. */
  readonly at: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** `Message-ID` included. Values are one line each. */
  readonly headers: Readonly<Record<string, string>>;
  /** Come back in the provider's webhooks. ASCII letters, digits, `_` and `-` only. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The same digest for places that take no HTML. */
  readonly chat?: ChatDigest;
}

/** One way out: what it is, without opening it. A file of this folder exports one. */
export interface ChannelKind {
  readonly id: string;
  /** What an address looks like where it is not an e-mail address: a URL that a reader's digests are posted to. */
  readonly place?: string;
  /** Messages per request. */
  readonly maxBatch: number;
  /**
   * Requests that one job makes, 1 to 100: more than one where a request is short, so that the work around it is
   * shared; one where a slow place must not keep others waiting.
   */
  readonly perJob: number;
  /** Whether the same request under the same key is taken once however often it is sent. */
  readonly keyed: boolean;
  /** Throws UsageError when a setting it needs is missing. */
  open(settings: ChannelSettings): OpenChannel;
}

/**
 * `prepare` makes the exact request, which is stored before the first attempt; `send` puts those bytes on
 * the wire, unchanged, as often as it is called.
 */
export interface OpenChannel {
  /** Requests that it has under way at once in this process; 1 per job when left out. */
  readonly parallel?: number;
  /** Between 1 and `maxBatch` messages. The same messages always make the same bytes. */
  prepare(messages: readonly Message[]): Promise<Buffer>;
  /**
   * Never throws for anything the provider or the network does: every such thing is an outcome. When
   * `signal` aborts, the outcome says whether the request may have been taken.
   */
  send(request: Buffer, options: SendOptions): Promise<SendResult>;
  /** Lets go of pooled connections. */
  close?(): void;
}

export interface Channel extends OpenChannel {
  readonly id: string;
  readonly place?: string;
  readonly maxBatch: number;
  readonly keyed: boolean;
}

export interface SendOptions {
  /** Stable per batch; 1 to 256 characters. */
  readonly idempotencyKey: string;
  /** How many messages the request was prepared from; an answer for another number is not believed. */
  readonly count: number;
  readonly signal: AbortSignal;
}

export interface SendResult {
  readonly outcome: BatchOutcome;
  /** What the provider says of its budget, where it does. */
  readonly budget?: RateBudget;
}

export interface RateBudget {
  /** Requests per window. */
  readonly limit?: number;
  readonly remaining?: number;
  /** Until the window ends. */
  readonly resetMs?: number;
}

/** The settings that the channels need, as the environment gives them. */
export interface ChannelSettings {
  /** `PAPERWIRE_HOME`. */
  readonly home: string;
  readonly smtpUrl?: string;
  readonly resendApiKey?: string;
  readonly resendBaseUrl?: string;
  /** What addresses that readers name may lead to; only public ones when left out. */
  readonly reach?: Reach;
}
