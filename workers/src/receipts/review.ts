import {
  type Check,
  type DayListing,
  dayAt,
  daysBetween,
  expectedAt,
  isAnnouncementDay,
  type Receipt,
  type ReceiptFacts,
  receiptOf,
  spanOfDay,
  staleList,
} from "@paperwire/core";
import { type Db, outbox, receipts, sources, type Trx } from "@paperwire/db";
import type { DayListingRow, PollRow, ReceiptRow } from "@paperwire/db/receipts.ts";
import type { Source } from "@paperwire/db/sources.ts";
import { kindById, sourceKinds } from "../sources/index.ts";
import type { SourceKind } from "../sources/source.ts";
import { catchUpUrl } from "./catch-up.ts";
import { arxivKinds, everything, formOf } from "./scope.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A source with a calendar is looked at again this often even if nothing happened: a list may have become due. */
const calendarEveryMs = 15 * 60_000;
const otherEveryMs = 6 * hourMs;
const perTick = 20;
/** Days that are judged again each time, and those that are if they are still open. */
const recentDays = 9;
const openDays = 60;
const mostDays = 400;
const mostTries = 10;

/** Makes the receipts of the sources anew about which something may have changed. Returns how many it looked at. */
export async function reviewReceipts(db: Db, now: Date): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const before = {
      calendar: new Date(now.getTime() - calendarEveryMs),
      other: new Date(now.getTime() - otherEveryMs),
      kinds: arxivKinds,
    };
    const due = await receipts.takeReviewable(trx, now, before, perTick);
    for (const source of due) await reviewSource(trx, source, now);
    return due.length;
  });
}

async function reviewSource(trx: Trx, source: Source, now: Date): Promise<void> {
  const kind = kindById(source.kind);
  if (kind === undefined) return;
  const { calendar } = kind;
  const today = dayAt(now, calendar);
  const floor = dayAt(new Date(now.getTime() - mostDays * dayMs), calendar);
  const known = await receipts.spanOf(
    trx,
    source.id,
    dayAt(new Date(now.getTime() - openDays * dayMs), calendar),
  );
  const since = sinceOf(source, known.first, now, calendar);
  const recent = dayAt(new Date(now.getTime() - recentDays * dayMs), calendar);
  const from = latestOf(floor, since, earliestOf(recent, known.last, known.firstOpen));
  const isPolled = !source.url.startsWith("file:");
  // Files of several categories share a source.
  const categories =
    isPolled && source.scope.length > 0 ? source.scope : await categoriesIn(trx, source, kind, from);
  const material = await loadMaterial(trx, source, kind, categories, from);
  const saved: receipts.SavedReceipt[] = [];
  const missed = new Set<string>();
  for (const category of categories) {
    for (const day of daysBetween(from, today)) {
      const facts = factsOf(source, kind, category, day, since, material, now);
      const row = material.rows.get(`${source.id} ${category} ${day}`);
      if (!isPolled && facts.listings.length === 0 && row === undefined) continue;
      const receipt = receiptOf(facts);
      saved.push(toRow(category, day, receipt));
      if (isPolled && isMissed(receipt, facts, row)) missed.add(day);
    }
  }
  await receipts.save(trx, source.id, saved, now);
  if (formOf(kind) === "dated" && kind.id !== "arxiv-listing" && source.pausedAt === null) {
    await askAgain(trx, source, categories, [...missed].sort(), now);
  }
}

/** A closed day with something left to fetch, which was not asked for again lately. */
function isMissed(receipt: Receipt, facts: ReceiptFacts, row: ReceiptRow | undefined): boolean {
  if (facts.form !== "dated" || facts.calendar !== "arxiv" || !isAnnouncementDay(facts.day)) return false;
  if (facts.now < facts.span.to || receipt.state === "complete" || facts.caughtUpBy !== undefined)
    return false;
  if (receipt.state === "unknown" && facts.counted === 0) return false;
  const tries = row?.catchUpTries ?? 0;
  if (tries >= mostTries) return false;
  const waitMs = Math.min(24 * hourMs, hourMs * 2 ** (tries - 1));
  return row?.catchUpAt == null || facts.now.getTime() - row.catchUpAt.getTime() >= waitMs;
}

/** One harvest for all missed days, unless a companion source of the same categories harvests them anyway. */
async function askAgain(
  trx: Trx,
  source: Source,
  categories: readonly string[],
  days: readonly string[],
  now: Date,
): Promise<void> {
  const [from] = days;
  const to = days.at(-1);
  if (from === undefined || to === undefined) return;
  const harvesters = sourceKinds
    .filter((kind) => kind.calendar === "arxiv" && formOf(kind) === "harvest")
    .map(({ id }) => id);
  const companions = await receipts.sourcesCovering(trx, harvesters, categories);
  const url = companions.length > 0 ? undefined : catchUpUrl(source, categories, from, to);
  if (url === undefined) return;
  await receipts.noteAskedAgain(trx, source.id, days, now);
  await outbox.append(trx, "source.due", {
    sourceId: source.id,
    page: { url, number: 1 },
    catchUp: { from, to },
  });
}

interface Material {
  readonly listings: ReadonlyMap<string, readonly DayListingRow[]>;
  readonly rows: ReadonlyMap<string, ReceiptRow>;
  readonly polls: readonly PollRow[];
  /** Other sources of the categories that may be compared. */
  readonly others: readonly { readonly id: string; readonly kind: SourceKind }[];
}

async function loadMaterial(
  trx: Trx,
  source: Source,
  kind: SourceKind,
  categories: readonly string[],
  from: string,
): Promise<Material> {
  const listings = await receipts.listingsOf(trx, categories, from);
  const rows = await receipts.receiptsOf(trx, categories, from);
  const ids = [...new Set([...listings, ...rows].map((row) => row.sourceId))].filter(
    (id) => id !== source.id,
  );
  const compared =
    formOf(kind) === "dated" && kind.calendar === "arxiv" && ids.length > 0
      ? await sources.kindsOf(trx, ids)
      : [];
  return {
    listings: Map.groupBy(listings, (row) => `${row.sourceId} ${row.category} ${row.day}`),
    rows: new Map(rows.map((row) => [`${row.sourceId} ${row.category} ${row.day}`, row])),
    polls: await receipts.pollsOf(trx, source.id, spanOfDay(from, kind.calendar).from),
    others: compared.flatMap(({ id, kind: kindId }) => {
      const other = kindById(kindId);
      return other?.calendar === "arxiv" ? [{ id, kind: other }] : [];
    }),
  };
}

function factsOf(
  source: Source,
  kind: SourceKind,
  category: string,
  day: string,
  since: string,
  material: Material,
  now: Date,
): ReceiptFacts {
  const form = formOf(kind);
  const span = spanOfDay(day, kind.calendar);
  const row = material.rows.get(`${source.id} ${category} ${day}`);
  const own = material.listings.get(`${source.id} ${category} ${day}`) ?? [];
  const frame = { calendar: kind.calendar, form, span };
  const due = expectedAt(day, frame) ?? span.from;
  const within = material.polls.filter(({ at }) => at >= due && at < span.to);
  const bad = within.filter(({ isGood }) => !isGood);
  const because = bad.at(-1)?.sentence ?? undefined;
  const older = form === "dated" ? olderList(source, category, day, own, material) : undefined;
  const usual = usualOf(source, category, day, material);
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
    checks: checksOf(source, category, day, material),
    ...(row?.caughtUpBy == null ? {} : { caughtUpBy: row.caughtUpBy }),
    ...(usual === undefined ? {} : { usual }),
  };
}

/** What came for the day before, afterwards perhaps, may show that a list was that day's under a new date. */
function olderList(
  source: Source,
  category: string,
  day: string,
  own: readonly DayListingRow[],
  { listings }: Material,
): { because?: string; left: readonly DayListingRow[] } | undefined {
  const prefix = `${source.id} ${category} `;
  const before = [...listings.keys()]
    .filter((key) => key.startsWith(prefix) && key.slice(prefix.length) < day)
    .sort()
    .at(-1);
  const earlier = listings.get(before ?? "") ?? [];
  const because = staleList(own.filter(({ late }) => !late).map(toDayListing), earlier.map(toDayListing), []);
  if (because === undefined) return undefined;
  const keys = new Set(earlier.map(({ key }) => key));
  const left = own.filter(({ key }) => !keys.has(key));
  // The right list may have come later on the same day.
  return left.some(({ late }) => !late) ? { left } : { left, because };
}

function checksOf(
  source: Source,
  category: string,
  day: string,
  { listings, rows, others }: Material,
): Check[] {
  const whole = others.flatMap((other): Check[] => {
    const key = `${other.id} ${category} ${day}`;
    const row = rows.get(key);
    const theirs = (listings.get(key) ?? []).filter(({ late }) => !late);
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
        keys: theirs.map(({ key: one }) => one),
        whole: true,
      },
    ];
  });
  // A harvest dates by submission; what is announced later than that is no gap of the day.
  const ownElsewhere = new Set(
    [...listings].flatMap(([key, theirs]) =>
      key.startsWith(`${source.id} `) && !key.endsWith(day) ? theirs.map((one) => one.key) : [],
    ),
  );
  const harvested = others.flatMap((other): Check[] => {
    const theirs = listings.get(`${other.id} ${category} ${day}`) ?? [];
    if (formOf(other.kind) !== "harvest" || theirs.length === 0) return [];
    return [
      {
        source: other.id,
        keys: theirs.map(({ key }) => key).filter((key) => !ownElsewhere.has(key)),
        whole: false,
      },
    ];
  });
  const counted = whole.some(({ keys }) => keys.length > 0);
  return [...whole, ...harvested.map((check) => (counted ? { ...check, keys: [] } : check))];
}

/** The middle of what the source's days before brought. */
function usualOf(source: Source, category: string, day: string, { listings }: Material): number | undefined {
  const prefix = `${source.id} ${category} `;
  const sizes = [...listings]
    .flatMap(([key, rows]) => (key.startsWith(prefix) && key.slice(prefix.length) < day ? [rows.length] : []))
    .sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)];
}

function toDayListing(row: DayListingRow): DayListing {
  return {
    key: row.key,
    late: row.late,
    ...(row.announceType === null ? {} : { type: row.announceType as NonNullable<DayListing["type"]> }),
  };
}

function toRow(category: string, day: string, receipt: Receipt): receipts.SavedReceipt {
  return {
    category,
    day,
    announced: receipt.announced ?? null,
    ingested: receipt.ingested ?? null,
    newCount: receipt.fresh,
    crossCount: receipt.crossed,
    replacedCount: receipt.replaced,
    lateCount: receipt.late,
    missing: receipt.missing ?? null,
    missingKeys: [...receipt.missingKeys],
    state: receipt.state,
    because: receipt.because,
    checkedAgainst: [...receipt.checkedAgainst],
  };
}

async function categoriesIn(trx: Trx, source: Source, kind: SourceKind, from: string): Promise<string[]> {
  const found = await receipts.categoriesOf(trx, source.id, from);
  const isWide = kind.calendar === "arxiv" && formOf(kind) === "harvest";
  return found.length > 0 || isWide ? found : [everything];
}

/** The first day to account for. A source may have been added under another clock than it is polled by. */
function sinceOf(
  source: Source,
  first: string | undefined,
  now: Date,
  calendar: SourceKind["calendar"],
): string {
  const instants = [source.createdAt, source.establishedAt, source.lastFetchAt, now].filter(
    (at) => at !== null,
  );
  const days = instants.map((at) => dayAt(at, calendar));
  return earliestOf(...days, first);
}

function earliestOf(...days: readonly (string | undefined)[]): string {
  return days.filter((day) => day !== undefined).sort()[0] ?? "9999-12-31";
}

function latestOf(...days: readonly string[]): string {
  return [...days].sort().at(-1) ?? "0001-01-01";
}
