import {
  type Check,
  type DayListing,
  expectedAt,
  type ReceiptFacts,
  spanOfDay,
  staleList,
} from "@paperwire/core";
import type { DayListingRow } from "@paperwire/db/receipts.ts";
import type { Material, Subject } from "./material.ts";
import { formOf } from "./scope.ts";

/** Everything that is known of one source, category and day. */
export function factsOf(
  { source, kind, since }: Subject,
  category: string,
  day: string,
  material: Material,
  now: Date,
): ReceiptFacts {
  const form = formOf(kind);
  const span = spanOfDay(day, kind.calendar);
  const row = material.rowOf(source.id, category, day);
  const days = material.daysOf(source.id, category);
  const own = days.get(day) ?? [];
  const due = expectedAt(day, { calendar: kind.calendar, form, span }) ?? span.from;
  const within = material.polls.filter(({ at }) => at >= due && at < span.to);
  const bad = within.filter(({ isGood }) => !isGood);
  const because = bad.at(-1)?.sentence ?? undefined;
  const older = form === "dated" ? olderList(days, day, own) : undefined;
  const usual = usualOf(days, day);
  return {
    day,
    now,
    ...(kind.calendar === undefined ? {} : { calendar: kind.calendar }),
    form,
    since: spanOfDay(since, kind.calendar).from,
    span,
    listings: (older?.left ?? own).map(toDayListing),
    ...(row?.counted == null || older?.because !== undefined ? {} : { counted: row.counted }),
    ...(row?.cut == null ? {} : { cut: row.cut }),
    ...(row?.staleBecause == null ? {} : { staleBecause: row.staleBecause }),
    ...(older?.because === undefined ? {} : { staleBecause: older.because }),
    polls: {
      good: within.length - bad.length,
      bad: bad.length,
      ...(because === undefined ? {} : { because }),
    },
    ...(source.coveredUntil === null ? {} : { coveredUntil: source.coveredUntil }),
    checks: checksOf(source.id, category, day, material),
    ...(row?.caughtUpBy == null ? {} : { caughtUpBy: row.caughtUpBy }),
    ...(usual === undefined ? {} : { usual }),
  };
}

type Days = ReadonlyMap<string, readonly DayListingRow[]>;

/** What came for the day before, afterwards perhaps, may show that a list was that day's under a new date. */
function olderList(
  days: Days,
  day: string,
  own: readonly DayListingRow[],
): { because?: string; left: readonly DayListingRow[] } | undefined {
  const before = [...days.keys()]
    .filter((one) => one < day)
    .sort()
    .at(-1);
  const earlier = days.get(before ?? "") ?? [];
  const stale = staleList(own.filter(({ late }) => !late).map(toDayListing), earlier.map(toDayListing), []);
  if (stale === undefined) return undefined;
  const { because } = stale;
  const keys = new Set(earlier.map(({ key }) => key));
  const left = own.filter(({ key }) => !keys.has(key));
  // The right list may have come later on the same day.
  return left.some(({ late }) => !late) ? { left } : { left, because };
}

/** What the other sources of the category have for the day. */
function checksOf(sourceId: string, category: string, day: string, material: Material): Check[] {
  const whole = material.others.flatMap((other): Check[] => {
    const row = material.rowOf(other.id, category, day);
    const theirs = (material.daysOf(other.id, category).get(day) ?? []).filter(({ late }) => !late);
    if (
      formOf(other.kind) !== "dated" ||
      row?.staleBecause != null ||
      (row?.counted == null && theirs.length === 0)
    )
      return [];
    return [
      {
        source: other.id,
        ...(row?.counted == null ? {} : { count: row.counted }),
        keys: theirs.map(({ key }) => key),
        whole: true,
      },
    ];
  });
  const harvested = material.others.flatMap((other): Check[] => {
    const theirs = material.daysOf(other.id, category).get(day) ?? [];
    if (formOf(other.kind) !== "harvest" || theirs.length === 0) return [];
    // A harvest dates by submission; what is announced later than that is no gap of the day.
    const elsewhere = material.keysBeside(sourceId, day);
    const keys = theirs.map(({ key }) => key).filter((key) => !elsewhere.has(key));
    return [{ source: other.id, keys, whole: false }];
  });
  const counted = whole.some(({ keys }) => keys.length > 0);
  return [...whole, ...harvested.map((check) => (counted ? { ...check, keys: [] } : check))];
}

/** The middle of what the days before brought. */
function usualOf(days: Days, day: string): number | undefined {
  const sizes = [...days].flatMap(([one, rows]) => (one < day ? [rows.length] : [])).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)];
}

function toDayListing(row: DayListingRow): DayListing {
  return {
    key: row.key,
    late: row.late,
    ...(row.announceType === null ? {} : { type: row.announceType as NonNullable<DayListing["type"]> }),
  };
}
