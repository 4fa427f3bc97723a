/** The provider took the message. Not “delivered”: that comes later, by webhook, or never. */
export interface Accepted {
  readonly kind: "accepted";
  readonly providerId?: string;
}

/**
 * The provider said no, so nothing went out. `message`: this content or address will be refused again.
 * `sender`: whatever is sent will be refused until a person mends the account or the settings.
 */
export interface Rejected {
  readonly kind: "rejected";
  readonly reason: string;
  readonly scope: "message" | "sender";
}

/** The provider certainly did not take it and may do so later. */
export interface Deferred {
  readonly kind: "deferred";
  /** Real time, at least this long. */
  readonly delayMs: number;
  readonly reason: string;
  /** False where waiting is nobody's fault: a rate limit, a quota, a server that is away. */
  readonly burnsAttempt: boolean;
  /** Everything to this provider has to wait as long, not only this batch. */
  readonly pausesSender?: true;
}

/** It may have gone out. Only the same bytes under the same key may be sent again, and only where the channel has keys. */
export interface Uncertain {
  readonly kind: "uncertain";
  readonly reason: string;
  /** Wait at least this long before asking again under the same key. */
  readonly delayMs?: number;
  /** Asking again under the same key cannot help: a person has to look. */
  readonly park?: true;
}

/** What came of one message. */
export type SendOutcome = Accepted | Rejected | Deferred | Uncertain;

/** The provider took the request: what it said of each message, in the order of the batch. */
export interface Answered {
  readonly kind: "answered";
  readonly members: readonly (Accepted | Rejected)[];
}

/** What came of one request with one or more messages. */
export type BatchOutcome = Answered | Rejected | Deferred | Uncertain;
