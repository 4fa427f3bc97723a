import type { DayListing } from "./receipts.ts";

/** Two lists of one category that share more than this are one day's. */
const leastShared = 0.5;

export interface StaleList {
  /** A sentence. */
  readonly because: string;
  /** It is the list of `previous`; otherwise nobody knows which day's. */
  readonly isPrevious: boolean;
}

/**
 * Why a day's list is an older one under a new date, or undefined. A paper is announced to a category once as
 * new and once as cross-listed, so that two days' lists have next to nothing in common; and identifiers grow
 * from day to day everywhere at once, so that a list of today is not older than the others of today.
 */
export function staleList(
  list: readonly Pick<DayListing, "key" | "type">[],
  previous: readonly Pick<DayListing, "key" | "type">[],
  elsewhere: readonly string[],
): StaleList | undefined {
  if (list.length === 0) return undefined;
  // What was harvested afterwards has no type: its identifier alone tells.
  const before = new Set(previous.map(({ key, type }) => (type === undefined ? key : `${type} ${key}`)));
  const same = list.filter(({ key, type }) => before.has(key) || before.has(`${type} ${key}`)).length;
  if (same >= leastShared * list.length) {
    return {
      because: `${same} of its ${list.length} listings are those of the announcement before: it shows an older list under a new date.`,
      isPrevious: true,
    };
  }
  const own = list
    .filter(({ type }) => type === "new")
    .map(({ key }) => key)
    .filter(isNumbered)
    .sort(byNumber);
  const others = elsewhere.filter(isNumbered).sort(byNumber);
  const newest = own.at(-1);
  const middle = others[Math.floor(others.length / 2)];
  if (
    own.length >= 5 &&
    others.length >= 20 &&
    newest !== undefined &&
    middle !== undefined &&
    byNumber(newest, middle) < 0
  ) {
    return {
      because: `Its newest identifier, ${newest}, is older than half of those that other categories have for the day: it shows an older list.`,
      isPrevious: false,
    };
  }
  return undefined;
}

function isNumbered(key: string): boolean {
  return /^\d{4}\.\d{4,5}$/.test(key);
}

function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((key) => key.replace(/\.(\d{4})$/, ".0$1"));
  return (left ?? "") < (right ?? "") ? -1 : left === right ? 0 : 1;
}
