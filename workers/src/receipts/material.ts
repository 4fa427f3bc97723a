import { spanOfDay } from "@paperwire/core";
import { receipts, sources, type Trx } from "@paperwire/db";
import type { DayListingRow, PollRow, ReceiptRow } from "@paperwire/db/receipts.ts";
import type { Source } from "@paperwire/db/sources.ts";
import { kindById } from "../sources/index.ts";
import type { SourceKind } from "../sources/source.ts";
import { formOf } from "./scope.ts";

/** A source whose receipts are made anew: for which categories, and from which day on. */
export interface Subject {
  readonly source: Source;
  readonly kind: SourceKind;
  readonly categories: readonly string[];
  readonly from: string;
  /** The first day to account for. */
  readonly since: string;
}

/** Another source of the same categories, whose lists may be compared. */
export interface Other {
  readonly id: string;
  readonly kind: SourceKind;
}

/** What the receipts of one source are made of. */
export interface Material {
  /** By day, what a source listed under the category. */
  daysOf(sourceId: string, category: string): ReadonlyMap<string, readonly DayListingRow[]>;
  rowOf(sourceId: string, category: string, day: string): ReceiptRow | undefined;
  /** The keys that the source listed on any other day than this. */
  keysBeside(sourceId: string, day: string): ReadonlySet<string>;
  readonly polls: readonly PollRow[];
  readonly others: readonly Other[];
}

/**
 * Loads what the receipts of the sources are made of, with a fixed number of statements for all whose lists are
 * compared with nobody's, and with a few for each of the others.
 */
export async function loadMaterial(
  trx: Trx,
  subjects: readonly Subject[],
): Promise<{ readonly subject: Subject; readonly material: Material }[]> {
  const alone = subjects.filter(({ kind }) => formOf(kind) !== "dated");
  const since = alone.map(({ source, from }) => ({ sourceId: source.id, from }));
  const listings = alone.length === 0 ? [] : await receipts.ownListings(trx, since);
  const rows = alone.length === 0 ? [] : await receipts.ownReceipts(trx, since);
  const polls = Map.groupBy(
    await receipts.pollsOf(
      trx,
      subjects.map(({ source, kind, from }) => ({
        sourceId: source.id,
        from: spanOfDay(from, kind.calendar).from,
      })),
    ),
    ({ sourceId }) => sourceId,
  );
  const own = { listings: bySource(listings), rows: bySource(rows) };
  const loaded: { subject: Subject; material: Material }[] = [];
  for (const subject of subjects) {
    const { id } = subject.source;
    const mine = polls.get(id) ?? [];
    loaded.push({
      subject,
      material:
        formOf(subject.kind) === "dated"
          ? await compared(trx, subject, mine)
          : materialOf(own.listings.get(id) ?? [], own.rows.get(id) ?? [], mine, []),
    });
  }
  return loaded;
}

/** With what every other source listed for the same categories. */
async function compared(
  trx: Trx,
  { source, categories, from }: Subject,
  polls: readonly PollRow[],
): Promise<Material> {
  const listings = await receipts.listingsOf(trx, categories, from);
  const rows = await receipts.receiptsOf(trx, categories, from);
  const ids = new Set([...listings, ...rows].map((row) => row.sourceId));
  ids.delete(source.id);
  const others = (await sources.kindsOf(trx, [...ids])).flatMap(({ id, kind: kindId }): Other[] => {
    const kind = kindById(kindId);
    return kind?.calendar === "arxiv" ? [{ id, kind }] : [];
  });
  return materialOf(listings, rows, polls, others);
}

function materialOf(
  listings: readonly DayListingRow[],
  rows: readonly ReceiptRow[],
  polls: readonly PollRow[],
  others: readonly Other[],
): Material {
  const lists = Map.groupBy(listings, (row) => `${row.sourceId} ${row.category}`);
  const days = new Map([...lists].map(([key, list]) => [key, Map.groupBy(list, ({ day }) => day)]));
  const byDay = new Map(rows.map((row) => [`${row.sourceId} ${row.category} ${row.day}`, row]));
  return {
    daysOf: (sourceId, category) => days.get(`${sourceId} ${category}`) ?? new Map(),
    rowOf: (sourceId, category, day) => byDay.get(`${sourceId} ${category} ${day}`),
    keysBeside: (sourceId, day) =>
      new Set(listings.flatMap((row) => (row.sourceId === sourceId && row.day !== day ? [row.key] : []))),
    polls,
    others,
  };
}

function bySource<T extends { readonly sourceId: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ sourceId }) => sourceId);
}
