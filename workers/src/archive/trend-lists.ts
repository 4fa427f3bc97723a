import { type TrendPeriod, trendPeriodAt } from "@paperwire/core";
import { type Db, ingest, trends } from "@paperwire/db";
import { noticed, topOf } from "./trending.ts";

/** Papers that count as being on a day's or a week's list. */
export const listLength = 10;

interface Looked {
  readonly state: string;
  /** Real time. */
  readonly at: number;
  readonly tookMs: number;
}

const looked = new WeakMap<Db, Looked>();
/** Where a look takes long because of very many votes, it takes a fiftieth of the process's time at most. */
const longMs = 250;
const share = 50;

/**
 * An event for each paper that has come into a list it was not in before: the ten most noticed of today and
 * yesterday, of this week and the last (what one source says of a day may come a day later). Once for a paper and
 * list, whoever looks and however often; a paper that drops out and comes back is no news. Returns the number of
 * events.
 */
export async function announceTrending(db: Db, now: Date): Promise<number> {
  const periods = periodsAt(now);
  const from = new Date(Math.min(...periods.map((period) => period.from)));
  const until = new Date(now.getTime() + 1);
  const state = `${periods.map(({ name }) => name).join()} ${await trends.attentionState(db, from, until)}`;
  const last = looked.get(db);
  if (last?.state === state) return 0;
  const beganAt = Date.now();
  if (last !== undefined && last.tookMs > longMs && beganAt - last.at < share * last.tookMs) return 0;
  const announced = await db.transaction().execute(async (trx) => {
    const candidates = await noticed(trx, from, until);
    const entries = periods.flatMap((period) =>
      topOf(
        candidates,
        new Date(period.from),
        new Date(Math.min(period.until, until.getTime())),
        listLength,
        period,
      ).map((paperId, at) => ({ paperId, period: period.name, rank: at + 1 })),
    );
    const fresh = await trends.insertEntries(trx, entries, now);
    const kinds = new Map(periods.map(({ name, kind }) => [name, kind]));
    await ingest.insertEvents(
      trx,
      fresh.map(({ paperId, period, rank }) => ({
        type: "paper.trending",
        paperId,
        at: now.toISOString(),
        data: { list: period, kind: kinds.get(period), rank },
      })),
    );
    return fresh.length;
  });
  looked.set(db, { state, at: Date.now(), tookMs: Date.now() - beganAt });
  return announced;
}

function periodsAt(now: Date): TrendPeriod[] {
  return (["day", "week"] as const).flatMap((kind) => {
    const current = trendPeriodAt(kind, now);
    return [trendPeriodAt(kind, new Date(current.from - 1)), current];
  });
}
