import type { Accepted, BatchOutcome, Rejected } from "./outcome.ts";

export const deliveryStates = [
  "pending",
  "claimed",
  "deferred",
  "accepted",
  "rejected",
  "uncertain",
  "skipped",
] as const;
/**
 * Where a delivery stands. `pending` waits for its first claim and `deferred` for another; `claimed` is
 * in a batch somebody works on. The others are ends, but a person or the provider's own word may still
 * move `uncertain`.
 */
export type DeliveryState = (typeof deliveryStates)[number];

export const deliveryEvents = [
  "claim",
  "release",
  "defer",
  "accept",
  "reject",
  "doubt",
  "skip",
  "resend",
] as const;
/**
 * `release`: back to where it can be claimed at once. `doubt`: it may have gone out. `skip`: it must not
 * or need not go out any more. `resend`: a person says that an uncertain mail is to be sent again.
 */
export type DeliveryEvent = (typeof deliveryEvents)[number];

/** The only moves there are. */
const MOVES: Readonly<Record<DeliveryState, Partial<Record<DeliveryEvent, DeliveryState>>>> = {
  pending: { claim: "claimed", skip: "skipped" },
  deferred: { claim: "claimed", skip: "skipped" },
  claimed: {
    release: "pending",
    defer: "deferred",
    accept: "accepted",
    reject: "rejected",
    doubt: "uncertain",
    skip: "skipped",
  },
  uncertain: { accept: "accepted", reject: "rejected", resend: "pending" },
  accepted: {},
  rejected: {},
  skipped: {},
};

/** Where an event takes a delivery; undefined where it is not allowed and nothing may change. */
export function nextDeliveryState(state: DeliveryState, event: DeliveryEvent): DeliveryState | undefined {
  return MOVES[state][event];
}

/**
 * Whether the reader's papers of a delivery in this state may be mailed in another digest: only where it
 * is certain that this mail did not and will not go out. *Uncertain* keeps them.
 */
export function releasesPapers(state: DeliveryState): boolean {
  return state === "rejected" || state === "skipped";
}

/** Resend forgets a key after 24 hours; an hour is left for clocks and slow answers. */
export const KEY_LIFE_MS = 23 * 3_600_000;
/** Refusals that are the mail's own fault (SMTP 4xx and the like) before it counts as refused for good. */
export const MAX_ATTEMPTS = 10;
/** A digest this much past its due instant is of no use any more. */
export const MAX_LATENESS_MS = 24 * 3_600_000;

export function isTooLate(dueAt: Date, now: Date): boolean {
  return now.getTime() - dueAt.getTime() > MAX_LATENESS_MS;
}

export const batchStates = ["open", "attempting", "sealed", "settled"] as const;
/**
 * `open`: nothing of it can have gone out; members may leave, it may be cut again, under another key.
 * `attempting`: the exact request is stored and on its way. `sealed`: it may have been taken; only the
 * same bytes under the same key may follow. `settled`: nothing more will be sent for it.
 */
export type BatchState = (typeof batchStates)[number];

/** A batch whose attempt has just ended, or turned out to have ended with its process. */
export interface Attempt {
  /** Messages in the batch, at least 1. */
  readonly size: number;
  /** Whether the channel takes the same request under the same key only once. */
  readonly keyed: boolean;
  /** When this attempt began: real time. */
  readonly startedAt: Date;
  /** When the first attempt with an ambiguous outcome began, if there was one before this. */
  readonly ambiguousSince?: Date;
  /** Attempts that counted, this one not included. */
  readonly burned: number;
  /** Ambiguous attempts before this one. */
  readonly doubts: number;
}

/** What to do with a batch after an attempt. All instants are real time. */
export type Step =
  /** `settled`: each member ends as the provider said of it, in order. */
  | { readonly do: "settle"; readonly members: readonly (Accepted | Rejected)[] }
  /** `settled`: every member becomes *uncertain*, for a person to look at. */
  | { readonly do: "give-up"; readonly reason: string }
  /** `settled`: nothing went out; the members go into new batches of these sizes, in order, under new keys. */
  | { readonly do: "split"; readonly sizes: readonly number[]; readonly reason: string }
  /** `open`: nothing went out; members are checked again before the next attempt, not before `retryAt`. */
  | {
      readonly do: "reopen";
      readonly retryAt: Date;
      readonly burned: number;
      readonly reason: string;
      readonly pauseSenderUntil?: Date;
      /** A person has to mend something before any mail of this sender can go out. */
      readonly alert: boolean;
    }
  /** `sealed`: the same bytes under the same key, not before `retryAt`. */
  | {
      readonly do: "seal";
      readonly ambiguousSince: Date;
      readonly retryAt: Date;
      readonly doubts: number;
      readonly reason: string;
      readonly pauseSenderUntil?: Date;
      readonly alert: boolean;
    };

/**
 * What follows from an attempt's outcome. An attempt whose process died has the outcome *uncertain*.
 * A refusal of the content under the same key proves that the key was never taken, since the provider
 * would have repeated its first answer; a refusal of the sender, a rate limit or a quota proves nothing
 * about an earlier ambiguous attempt, because it is decided before the key is looked up.
 */
export function nextStep(attempt: Attempt, outcome: BatchOutcome, now: Date): Step {
  switch (outcome.kind) {
    case "answered":
      return { do: "settle", members: outcome.members };
    case "rejected":
      return outcome.scope === "message"
        ? afterRefusal(attempt, outcome)
        : afterWait(attempt, outcome.reason, now, {
            delayMs: SENDER_REFUSED_WAIT_MS,
            burned: attempt.burned,
            pausesSender: true,
            alert: true,
          });
    case "deferred": {
      const burned = attempt.burned + (outcome.burnsAttempt ? 1 : 0);
      if (burned >= MAX_ATTEMPTS && attempt.ambiguousSince === undefined) {
        return settleAll(attempt, {
          kind: "rejected",
          scope: "message",
          reason: `${outcome.reason} It was tried ${burned} times.`,
        });
      }
      return afterWait(attempt, outcome.reason, now, {
        delayMs: outcome.delayMs,
        burned,
        pausesSender: outcome.pausesSender === true,
        alert: false,
      });
    }
    case "uncertain":
      if (!attempt.keyed || outcome.park) return { do: "give-up", reason: outcome.reason };
      return sealed(
        { ...attempt, ambiguousSince: attempt.ambiguousSince ?? attempt.startedAt },
        outcome.reason,
        now,
        {
          delayMs: Math.max(outcome.delayMs ?? 0, doubtWaitMs(attempt.doubts)),
          doubts: attempt.doubts + 1,
          pausesSender: false,
          alert: false,
        },
      );
    default:
      return outcome satisfies never;
  }
}

/** Whether a sealed batch may still be sent under its key. */
export function keyIsAlive(ambiguousSince: Date, now: Date): boolean {
  return now.getTime() - ambiguousSince.getTime() < KEY_LIFE_MS;
}

const SENDER_REFUSED_WAIT_MS = 300_000;

interface Wait {
  readonly delayMs: number;
  readonly pausesSender: boolean;
  readonly alert: boolean;
}

function afterRefusal(attempt: Attempt, outcome: Rejected): Step {
  if (attempt.size === 1) return settleAll(attempt, outcome);
  const half = Math.ceil(attempt.size / 2);
  return { do: "split", sizes: [half, attempt.size - half], reason: outcome.reason };
}

function settleAll(attempt: Attempt, outcome: Rejected): Step {
  return { do: "settle", members: Array.from({ length: attempt.size }, () => outcome) };
}

/** Nothing was taken this time: open again, or still sealed because of an earlier time. */
function afterWait(
  attempt: Attempt,
  reason: string,
  now: Date,
  wait: Wait & { readonly burned: number },
): Step {
  if (attempt.ambiguousSince !== undefined) {
    return sealed({ ...attempt, ambiguousSince: attempt.ambiguousSince }, reason, now, {
      ...wait,
      doubts: attempt.doubts,
    });
  }
  const retryAt = new Date(now.getTime() + wait.delayMs);
  return {
    do: "reopen",
    retryAt,
    burned: wait.burned,
    reason,
    alert: wait.alert,
    ...(wait.pausesSender ? { pauseSenderUntil: retryAt } : {}),
  };
}

function sealed(
  attempt: Attempt & { readonly ambiguousSince: Date },
  reason: string,
  now: Date,
  wait: Wait & { readonly doubts: number },
): Step {
  // A long wait still leaves one last try while the key lives.
  const lastTry = attempt.ambiguousSince.getTime() + KEY_LIFE_MS - LAST_TRY_MARGIN_MS;
  const retryAt = new Date(Math.min(now.getTime() + wait.delayMs, lastTry));
  if (retryAt <= now) return { do: "give-up", reason };
  return {
    do: "seal",
    ambiguousSince: attempt.ambiguousSince,
    retryAt,
    doubts: wait.doubts,
    reason,
    alert: wait.alert,
    ...(wait.pausesSender ? { pauseSenderUntil: retryAt } : {}),
  };
}

const LAST_TRY_MARGIN_MS = 60_000;

/** 2 s, 8 s, 32 s, … at most 15 minutes. */
function doubtWaitMs(doubts: number): number {
  return Math.min(900_000, 2_000 * 4 ** Math.min(doubts, 6));
}
