import { type Listing, massOfNew, titleKey } from "@paperwire/core";
import { fetches, ingest, receipts, type Trx } from "@paperwire/db";
import { formOf } from "../receipts/scope.ts";
import type { Harvest } from "./ingest-reading.ts";

/** What was found out about the identifiers of a payload before its listings are placed. */
export interface Recognised {
  /** Keys of listings that the source has not shown before. */
  readonly newKeys: ReadonlySet<string>;
  /** Why nothing of it is announced: its identifiers have all changed. */
  readonly held?: string;
}

const recentMs = 72 * 3_600_000;

/**
 * Tells which listings the source has not shown before, by the `source key` of those it has. Where nearly all of a
 * rolling list is new, a listing whose exact title the source had under another identifier is made to lead to the
 * paper it led to then. Under the identity lock.
 */
export async function recognise(
  trx: Trx,
  listings: readonly Listing[],
  harvest: Harvest,
  known: ReadonlySet<string>,
): Promise<Recognised> {
  const { sourceId, kind, firstImport } = harvest;
  const fresh = listings.filter(({ key }) => !known.has(`${sourceId} ${key}`));
  const newKeys = new Set(fresh.map(({ key }) => key));
  const mayChurn = formOf(kind) === "rolling" && !firstImport && listings.length >= 20;
  if (!mayChurn || fresh.length < 0.9 * listings.length) return { newKeys };
  const titles = fresh.map(({ title }) => titleKey(title));
  const before = await receipts.papersByTitle(trx, sourceId, titles);
  const since = (harvest.coveredUntil ?? harvest.now).getTime() - recentMs;
  const unknown = fresh.filter(({ title }) => !before.has(titleKey(title)));
  const held = massOfNew({
    firstImport,
    listings: listings.length,
    newKeys: fresh.length,
    knownTitles: fresh.length - unknown.length,
    recent: unknown.filter(({ published }) => published !== undefined && Date.parse(published) >= since)
      .length,
    overlapped: await overlapped(trx, sourceId),
  });
  if (held === undefined) return { newKeys };
  await ingest.insertKeys(
    trx,
    fresh.flatMap(({ key, title }) => {
      const paperId = before.get(titleKey(title));
      return paperId === undefined ? [] : { key: `listing:${sourceId}:${key}`, paperId };
    }),
  );
  return { newKeys, held };
}

/** Had the payload before something in common with its predecessor, or none to compare with? */
async function overlapped(trx: Trx, sourceId: string): Promise<boolean> {
  const [last, before] = await fetches.latestIngested(trx, sourceId, 2);
  if (last === undefined) return false;
  const count = (name: string) => Number(last.summary?.[name] ?? 0);
  return before === undefined || count("newPapers") < 0.5 * Math.max(1, count("listed"));
}
