import type { Context } from "./context.ts";

/** What the jobs of one run came to. */
export interface Tally {
  readonly fetched: number;
  readonly notModified: number;
  readonly fetchFailed: number;
  readonly listed: number;
  readonly newPapers: number;
  readonly newVersions: number;
  readonly known: number;
  readonly merged: number;
  readonly rejectedListings: number;
  readonly matched: number;
  readonly digests: number;
  readonly accepted: number;
  readonly deferred: number;
  readonly uncertain: number;
  readonly rejected: number;
  readonly skipped: number;
}

const zero: Tally = {
  fetched: 0,
  notModified: 0,
  fetchFailed: 0,
  listed: 0,
  newPapers: 0,
  newVersions: 0,
  known: 0,
  merged: 0,
  rejectedListings: 0,
  matched: 0,
  digests: 0,
  accepted: 0,
  deferred: 0,
  uncertain: 0,
  rejected: 0,
  skipped: 0,
};

/** A context whose jobs are counted by their summaries. */
export function tallied(context: Context): { context: Context; tally: () => Tally } {
  const counts: Record<string, number> = { ...zero };
  const onSummary = (summary: Readonly<Record<string, unknown>>) => {
    for (const name of Object.keys(zero)) {
      const value = summary[name];
      if (typeof value === "number") counts[name] = (counts[name] ?? 0) + value;
    }
  };
  return { context: { ...context, onSummary }, tally: () => ({ ...zero, ...counts }) };
}
