import { type TrendCandidate, type TrendPeriod, trendingIn } from "@paperwire/core";
import { type Db, digests, type Trx, trends } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";

/** Papers that got votes or picks in a span, with all their signals: lists of any part of the span are made of them. */
export async function noticed(db: Db | Trx, from: Date, until: Date): Promise<TrendCandidate[]> {
  const found = await trends.noticedBetween(db, from, until);
  const signals = await trends.signalsOf(
    db,
    found.map(({ id }) => id),
  );
  return found.map(({ id, field }) => ({ id, field, signals: signals.get(id) ?? [] }));
}

/**
 * Ids of the span's papers, most attention first. The same list whenever it is computed again. Where the span is a
 * part of a period that is named, attention halves by the length of that.
 */
export function topOf(
  candidates: readonly TrendCandidate[],
  from: Date,
  until: Date,
  limit: number,
  of?: TrendPeriod,
): string[] {
  const inSpan = candidates.filter(({ signals }) =>
    signals.some(({ kind, at }) => kind !== "homes" && at >= from && at < until),
  );
  const period = { name: "", kind: "day", from: from.getTime(), until: until.getTime() } as const;
  return trendingIn(of ?? period, inSpan)
    .slice(0, limit)
    .map(({ id }) => id);
}

/** The papers of a span, most attention first; those without a vote or pick in it are left out. */
export async function trendingPapers(db: Db, from: Date, until: Date, limit: number): Promise<PaperCard[]> {
  const ids = topOf(await noticed(db, from, until), from, until, limit);
  const cards = new Map((await digests.cardsOf(db, ids)).map((card) => [card.id, card]));
  return ids.flatMap((id) => cards.get(id) ?? []);
}
