import { type Db, ingest, outbox, trends } from "@paperwire/db";
import { refreshTrends } from "../ingest/attention.ts";

/**
 * A curator picks a paper: it may be mailed to readers whose interests it meets, its trend rises, and the fact is
 * an event. A second pick by the same curator changes nothing and returns `false`.
 */
export async function pickPaper(db: Db, paperId: string, by: string, now: Date): Promise<boolean> {
  const at = now.toISOString();
  return db.transaction().execute(async (trx) => {
    const pickers = await trends.addPicker(trx, paperId, by);
    if (pickers === undefined) return false;
    await trends.insertSignals(trx, [{ paperId, kind: "picks", of: "", count: pickers, at }]);
    await refreshTrends(trx, [paperId]);
    await ingest.insertAnnouncements(trx, [
      { paperId, occasion: `pick:${by}:${at.slice(0, 10)}`, sourceId: undefined, at, late: false },
    ]);
    await ingest.insertEvents(trx, [{ type: "paper.trending", paperId, at, data: { pickedBy: by } }]);
    await outbox.append(trx, "paper.ingested", { paperIds: [paperId] });
    return true;
  });
}

/** A reader votes for a paper, or takes the vote back. Returns the votes of readers here. */
export async function voteFor(
  db: Db,
  vote: { readonly readerId: string; readonly paperId: string; readonly wants: boolean },
  now: Date,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const votes = await trends.saveVote(trx, vote, now);
    await refreshTrends(trx, [vote.paperId]);
    return votes;
  });
}
