import { dayAt, noteOf, type SourceNote, spanOfDay } from "@paperwire/core";
import { receipts, sources, type Trx } from "@paperwire/db";
import { kindById } from "../sources/index.ts";

/** Days that a footer looks back over: what was missed before a weekend is told after it. */
const lookBackMs = 3 * 24 * 3_600_000;

/** Sources that did not do their part, as every digest's footer names them. */
export async function sourceNotes(trx: Trx, now: Date): Promise<SourceNote[]> {
  const from = dayAt(new Date(now.getTime() - lookBackMs), "arxiv");
  const troubled = Map.groupBy(await receipts.troubled(trx, from), ({ sourceId }) => sourceId);
  const all = await sources.list(trx);
  return all.flatMap((source) => {
    const calendar = kindById(source.kind)?.calendar;
    const note = noteOf({
      name: source.title ?? source.id,
      now,
      paused: source.pausedAt !== null,
      failures: source.failures,
      lastGoodAt: source.lastSuccessAt ?? source.createdAt,
      hasCalendar: calendar !== undefined,
      troubled: (troubled.get(source.id) ?? []).map(({ day, state }) => ({
        state,
        from: spanOfDay(day, calendar).from,
      })),
    });
    return note ?? [];
  });
}
