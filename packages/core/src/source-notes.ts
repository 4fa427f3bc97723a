import type { SourceNote } from "./digest/digest.ts";
import type { ReceiptState } from "./receipts.ts";

/** What is known of a source when a digest is composed. */
export interface SourceHealth {
  /** As readers know it. */
  readonly name: string;
  readonly now: Date;
  readonly paused: boolean;
  /** Failed polls in a row. */
  readonly failures: number;
  readonly lastGoodAt: Date;
  /** It keeps a calendar, and its receipts tell more than its silence. */
  readonly hasCalendar: boolean;
  /** Its latest days that were not whole and not made up for, oldest first. */
  readonly troubled: readonly { readonly from: Date; readonly state: ReceiptState }[];
}

const hourMs = 3_600_000;
/** A source that answered nothing for this long is named: silence is never "no news". */
const silentMs = 26 * hourMs;

/** What a digest's footer says of a source, or undefined when it did its part. */
export function noteOf(health: SourceHealth): SourceNote | undefined {
  if (health.paused) return undefined;
  const { name: source, lastGoodAt, now } = health;
  const quietMs = now.getTime() - lastGoodAt.getTime();
  if (health.failures > 0 && quietMs > hourMs)
    return { source, state: "failed", since: lastGoodAt.toISOString() };
  const first = health.troubled.find(({ state }) => state === "stale" || state === "failed");
  if (first !== undefined) {
    return { source, state: first.state === "failed" ? "failed" : "stale", since: first.from.toISOString() };
  }
  if (health.troubled.length > 0) return { source, state: "truncated" };
  if (quietMs > silentMs && !health.hasCalendar)
    return { source, state: "stale", since: lastGoodAt.toISOString() };
  if (quietMs > 3 * silentMs) return { source, state: "stale", since: lastGoodAt.toISOString() };
  return undefined;
}
