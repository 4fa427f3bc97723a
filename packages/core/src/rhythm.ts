import type { Rhythm } from "./listing/listing.ts";

/** What came of a poll, as far as the next one depends on it. */
export type PollResult =
  | { readonly kind: "answered"; readonly freshForMs?: number }
  /** `failures` in a row, this one included; `delayMs` when the host asked for patience. */
  | { readonly kind: "failed"; readonly failures: number; readonly delayMs?: number }
  /** 410, the first time: asked once more, a day later. */
  | { readonly kind: "gone" }
  /** Nothing could be reached: no fault of this source. */
  | { readonly kind: "network-down" };

export interface CheckInput {
  readonly now: Date;
  readonly sourceId: string;
  readonly result: PollResult;
  /** The usual interval: what the operator or the kind of source says. */
  readonly everyMinutes: number;
  /** Minutes between the polls that last brought something new, oldest first (`withGap`); empty keeps to `everyMinutes`. */
  readonly observedGaps?: readonly number[];
  readonly lastNewAt?: Date;
  readonly rhythm?: Rhythm;
  /** Stricter bounds than a quarter of an hour and a day: a source with a calendar knows when asking is useful. */
  readonly floorMinutes?: number;
  readonly ceilingMinutes?: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

const MINUTE_MS = 60_000;
const FLOOR_MINUTES = 15;
const CEILING_MINUTES = 24 * 60;
/** 3.2 days: failing sources are asked less and less, and never given up. */
const BACKOFF_CEILING_MINUTES = 4_608;
/** A list of one day is gone the next: its source is asked often enough to see each. */
const DATED_CEILING_MINUTES = 4 * 60;
const NETWORK_DOWN_MINUTES = 5;

/**
 * When a source is asked again. After an answer: the longest of the observed rhythm, `max-age` or `Expires`,
 * and `ttl` or `sy:`, between the floor and the ceiling. After a failure: a quarter of an hour, doubled each
 * time up to 3.2 days (four hours for a source with a calendar), and never sooner than the host asked. Always a little later than that by a share that
 * the source's id fixes and one that chance adds, so that sources do not come back together; and never within
 * the hours and days that the source itself excludes (RSS 2.0 `skipHours` and `skipDays`, in UTC).
 */
export function nextCheck(input: CheckInput): Date {
  const intervalMs = intervalOf(input) * MINUTE_MS;
  const spreadMs = hashOf(input.sourceId) * Math.min(intervalMs * 0.1, 30 * MINUTE_MS);
  const jitterMs = input.random * Math.min(intervalMs * 0.05, 15 * MINUTE_MS);
  const at = input.now.getTime() + intervalMs + spreadMs + jitterMs;
  const allowed = endOfSkips(at, input.rhythm);
  return new Date(Math.round(allowed === at ? at : allowed + spreadMs + jitterMs));
}

/** The gaps with the one that ends now, the newest dozen. A gap below a minute says nothing about rhythm. */
export function withGap(gaps: readonly number[], lastNewAt: Date | undefined, now: Date): number[] {
  const minutes = lastNewAt === undefined ? 0 : Math.round((now.getTime() - lastNewAt.getTime()) / MINUTE_MS);
  return minutes < 1 ? [...gaps] : [...gaps, Math.min(minutes, 525_600)].slice(-12);
}

export interface SeenRedirect {
  readonly url: string;
  readonly since: Date;
}

export type RedirectVerdict =
  | { readonly kind: "stay" }
  | { readonly kind: "wait"; readonly seen: SeenRedirect }
  | { readonly kind: "move"; readonly url: string; readonly sentence: string };

/** As long as the most careful fetcher waits: a mistake of a weekend does not move a source. */
const STABLE_MS = 6 * 24 * 60 * MINUTE_MS;

/**
 * Whether a source has moved for good: every answer for six days came through permanent redirects only
 * (301, 308) to the same address. `permanentUrl` is what this answer says; a single answer without it starts
 * again from nothing. An encrypted source never moves to an unencrypted address.
 */
export function redirectVerdict(
  url: string,
  seen: SeenRedirect | undefined,
  permanentUrl: string | undefined,
  now: Date,
): RedirectVerdict {
  if (permanentUrl === undefined || permanentUrl === url) return { kind: "stay" };
  if (url.startsWith("https:") && !permanentUrl.startsWith("https:")) return { kind: "stay" };
  if (seen?.url !== permanentUrl) return { kind: "wait", seen: { url: permanentUrl, since: now } };
  if (now.getTime() - seen.since.getTime() < STABLE_MS) return { kind: "wait", seen };
  return {
    kind: "move",
    url: permanentUrl,
    sentence: `The source has pointed to ${permanentUrl} since ${seen.since.toISOString().slice(0, 10)} and is asked there from now on.`,
  };
}

/** 410 may be a mistake once; the second one, a day later, pauses the source and tells the operator. */
export function goneVerdict(goneCount: number): { readonly pause: boolean; readonly sentence: string } {
  return goneCount < 2
    ? {
        pause: false,
        sentence: "The source says that it is gone for good (410); it is asked once more in a day.",
      }
    : {
        pause: true,
        sentence:
          "The source has said twice that it is gone for good (410), so it is paused; look for its new address, or resume it.",
      };
}

function intervalOf(input: CheckInput): number {
  const { result, rhythm } = input;
  if (result.kind === "network-down") return NETWORK_DOWN_MINUTES;
  if (result.kind === "gone") return CEILING_MINUTES;
  if (result.kind === "failed") {
    const backoff = FLOOR_MINUTES * 2 ** Math.min(20, Math.max(0, result.failures - 1));
    const ceiling =
      input.ceilingMinutes === undefined
        ? BACKOFF_CEILING_MINUTES
        : Math.max(DATED_CEILING_MINUTES, input.ceilingMinutes);
    return Math.max(Math.min(backoff, ceiling), (result.delayMs ?? 0) / MINUTE_MS);
  }
  const floor = Math.max(FLOOR_MINUTES, input.floorMinutes ?? 0);
  const ceiling = Math.max(floor, Math.min(CEILING_MINUTES, input.ceilingMinutes ?? CEILING_MINUTES));
  const wanted = Math.max(adaptive(input), (result.freshForMs ?? 0) / MINUTE_MS, rhythm?.ttlMinutes ?? 0);
  return Math.min(ceiling, Math.max(floor, wanted));
}

/**
 * Half the usual gap between news, so that on average they are found within a quarter of it; a tenth of the
 * silence once that is longer. Never more often than `everyMinutes`.
 */
function adaptive({ everyMinutes, observedGaps = [], lastNewAt, now }: CheckInput): number {
  if (observedGaps.length < 3) return everyMinutes;
  const sorted = observedGaps.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? everyMinutes;
  const silence = lastNewAt === undefined ? 0 : (now.getTime() - lastNewAt.getTime()) / MINUTE_MS;
  return Math.max(everyMinutes, median / 2, silence / 10);
}

/** The first instant from `at` on that is in no skipped hour and on no skipped day; `at` if all are skipped. */
function endOfSkips(at: number, rhythm: Rhythm | undefined): number {
  // The specification counts hours from 0; some feeds count to 24.
  const hours = new Set(rhythm?.skipHours?.map((hour) => hour % 24));
  const days = new Set(rhythm?.skipDays?.map((day) => day.trim().toLowerCase().slice(0, 3)));
  const isSkipped = (date: Date) => hours.has(date.getUTCHours()) || days.has(DAYS[date.getUTCDay()] ?? "");
  if (!isSkipped(new Date(at))) return at;
  const hour = 60 * MINUTE_MS;
  for (let next = Math.floor(at / hour) * hour + hour; next <= at + 8 * 24 * hour; next += hour) {
    if (!isSkipped(new Date(next))) return next;
  }
  return at;
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** FNV-1a with MurmurHash3's finish, without which ids that differ at their end stay together; in [0, 1). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
