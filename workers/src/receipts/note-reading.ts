import {
  announcementOf,
  dayAt,
  type Listing,
  type Reading,
  type ReadWarning,
  spanOfDay,
  staleList,
} from "@paperwire/core";
import { receipts, type Trx } from "@paperwire/db";
import type { NewDayListing } from "@paperwire/db/receipts.ts";
import type { SourceKind } from "../sources/source.ts";
import { countedUnder, everything, formOf } from "./scope.ts";

/** The poll that a reading came from, as far as receipts go. */
export interface NotedPoll {
  readonly sourceId: string;
  readonly kind: SourceKind;
  readonly scope: readonly string[];
  readonly now: Date;
  readonly createdAt: Date;
  readonly firstImport: boolean;
  /** Days that were asked for afterwards. */
  readonly catchUp?: { readonly from: string; readonly to: string };
}

/**
 * The reading with the day that it really is of. An older list under a new date keeps its own day where that is
 * known (the days between may have been missed), and the new day gets a note that its list was an older one.
 */
export async function datedRightly(trx: Trx, reading: Reading, poll: NotedPoll): Promise<Reading> {
  const { date } = reading;
  if (formOf(poll.kind) !== "dated" || date === undefined || poll.catchUp !== undefined) return reading;
  const category = poll.scope[0] ?? everything;
  const previous = await receipts.listedBefore(trx, poll.sourceId, category, date);
  const asPlain = (type: string | null | undefined, key: string) => ({
    key,
    ...(type == null ? {} : { type: type as never }),
  });
  const stale = staleList(
    reading.listings.map((listing) => asPlain(listing.announceType, listing.key)),
    previous.map((row) => asPlain(row.announceType, row.key)),
    await receipts.newElsewhere(trx, poll.sourceId, date),
  );
  if (stale === undefined) return reading;
  for (const code of poll.scope.length === 0 ? [everything] : poll.scope) {
    await receipts.noteDay(
      trx,
      poll.sourceId,
      { category: code, day: date, staleBecause: stale.because },
      poll.now,
    );
  }
  const { date: _, announced: __, ...rest } = reading;
  const before = stale.isPrevious ? previous[0]?.day : undefined;
  return { ...rest, ...(before === undefined ? {} : { date: before }) };
}

/** What receipts are to know of a reading: which listing is of which day. `newKeys`: new to the source. */
export function notesOf(
  reading: Reading,
  newKeys: ReadonlySet<string>,
  poll: NotedPoll,
): readonly NewDayListing[] {
  const form = formOf(poll.kind);
  const since = dayAt(poll.createdAt, poll.kind.calendar);
  return reading.listings.flatMap((listing): NewDayListing[] => {
    const day = dayOf(listing, reading, newKeys, poll);
    if (day === undefined || listing.title === "") return [];
    if ((form !== "dated" || poll.catchUp !== undefined) && day < since && !poll.firstImport) return [];
    const over = poll.now >= spanOfDay(day, poll.kind.calendar).to;
    const late = poll.catchUp !== undefined || (over && !poll.firstImport);
    return countedUnder(listing, poll.scope, form).map((category) => ({
      sourceId: poll.sourceId,
      category,
      day,
      key: listing.key,
      announceType: listing.announceType,
      late,
      seenAt: poll.now,
    }));
  });
}

/** Notes what the source itself counts of the day that its payload is of. */
export async function noteCounts(
  trx: Trx,
  reading: Reading,
  rows: readonly NewDayListing[],
  poll: NotedPoll,
): Promise<void> {
  if (formOf(poll.kind) !== "dated" || reading.date === undefined || poll.catchUp !== undefined) return;
  const repeats = reading.warnings.filter(({ code }) => code === "duplicate-key").length;
  const cut = reading.warnings.find(isCut)?.message;
  const scope = poll.scope.length === 0 ? [everything] : poll.scope;
  for (const category of scope) {
    const own = rows.filter((row) => row.category === category && row.day === reading.date).length;
    const counted =
      scope.length > 1
        ? own
        : reading.announced === undefined
          ? undefined
          : Math.max(0, reading.announced - repeats);
    await receipts.noteDay(trx, poll.sourceId, { category, day: reading.date, counted, cut }, poll.now);
  }
}

/** The announcement day of a listing, in its source's calendar; undefined where it belongs to no day we count. */
function dayOf(
  listing: Listing,
  reading: Reading,
  newKeys: ReadonlySet<string>,
  { kind, now, catchUp }: NotedPoll,
): string | undefined {
  const form = formOf(kind);
  if (kind.calendar === "arxiv" && (form === "harvest" || catchUp !== undefined)) {
    if (listing.published === undefined) return undefined;
    const day = announcementOf(new Date(listing.published)).date;
    if (catchUp === undefined) return day;
    // A listing that is known already is noted for a missed day too: another day's list may have been that one.
    return day > catchUp.to || (day < catchUp.from && !newKeys.has(listing.key)) ? undefined : day;
  }
  if (form === "dated") return reading.date ?? listing.listedOn;
  return (
    reading.date ?? listing.listedOn ?? (newKeys.has(listing.key) ? dayAt(now, kind.calendar) : undefined)
  );
}

function isCut({ code, at }: ReadWarning): boolean {
  return (
    code === "truncated" ||
    code === "truncated-xml" ||
    code === "missing-entries" ||
    (code === "cut" && at === undefined)
  );
}
