import type { FetchOutcome } from "./fetch-outcome.ts";

/** Whether a host was reached, whatever it then said. */
export interface Attempt {
  readonly host: string;
  readonly atMs: number;
  readonly reached: boolean;
}

export type NetworkState = "up" | "down" | "unknown";

const WINDOW_MS = 10 * 60_000;
/** So many hosts do not fail together by themselves. */
const FEWEST_HOSTS = 3;

/**
 * Our network is down when, within ten minutes, three or more different hosts could not be reached and since
 * the first of these failures no host at all was. One host that cannot be reached is that host's trouble:
 * with fewer than three hosts asked, nothing can be told.
 */
export function networkState(attempts: readonly Attempt[], nowMs: number): NetworkState {
  const recent = attempts.filter(({ atMs }) => nowMs - atMs <= WINDOW_MS && atMs <= nowMs);
  const lastReachedMs = Math.max(
    -Infinity,
    ...recent.filter(({ reached }) => reached).map(({ atMs }) => atMs),
  );
  const since = recent.filter(({ reached, atMs }) => !reached && atMs > lastReachedMs);
  if (new Set(since.map(({ host }) => host)).size >= FEWEST_HOSTS) return "down";
  return lastReachedMs === -Infinity ? "unknown" : "up";
}

/** The attempts of the window with one more; never more than 500. */
export function withAttempt(attempts: readonly Attempt[], attempt: Attempt): Attempt[] {
  return [...attempts.filter(({ atMs }) => attempt.atMs - atMs <= WINDOW_MS), attempt].slice(-500);
}

/** The memory of one process. */
export interface NetworkWatch {
  /**
   * Notes an outcome, and says with it whether our own network is down. The operator's private hosts (`own`)
   * and the internet are judged apart: one may be reached while the other is not.
   */
  judge(outcome: FetchOutcome, host: string, own?: boolean): FetchOutcome;
}

/** `clock` gives real milliseconds that never go back. */
export function createNetworkWatch(clock: () => number = () => performance.now()): NetworkWatch {
  const memory = new Map<boolean, readonly Attempt[]>();
  return {
    judge(outcome, host, own = false) {
      if (outcome.kind === "refused" && outcome.reason === "address") return outcome;
      const atMs = clock();
      const unreachable = outcome.kind === "failed" && outcome.unreachable;
      const attempts = withAttempt(memory.get(own) ?? [], { host, atMs, reached: !unreachable });
      memory.set(own, attempts);
      return unreachable ? { ...outcome, networkDown: networkState(attempts, atMs) === "down" } : outcome;
    },
  };
}
