import { PermanentError } from "@paperwire/core";
import { type Db, ingest, merges, outbox, papers } from "@paperwire/db";
import { refreshTrends } from "../ingest/attention.ts";

export interface Joined {
  readonly kept: string;
  readonly gone: string;
}

/**
 * An operator says that two papers are one. The one with an arXiv id stays, else the one that was seen first.
 * @throws PermanentError when both have an arXiv id, or are one paper already.
 */
export async function mergePapers(db: Db, one: string, other: string, now: Date): Promise<Joined> {
  return db.transaction().execute(async (trx) => {
    await ingest.lockIdentity(trx);
    const [a, b] = [await papers.findById(trx, one), await papers.findById(trx, other)];
    if (a !== undefined && a.id === b?.id) throw new PermanentError(`They are one paper already: ${a.id}.`);
    if (a === undefined || b === undefined) {
      throw new PermanentError(`There is no paper ${a === undefined ? one : other}.`);
    }
    if (a.arxivId !== null && b.arxivId !== null) {
      throw new PermanentError(
        `${a.arxivId} and ${b.arxivId} are two arXiv ids, and one paper never has two. They stay two papers.`,
      );
    }
    const aStays =
      (a.arxivId !== null) !== (b.arxivId !== null) ? a.arxivId !== null : a.firstSeen <= b.firstSeen;
    const [kept, gone] = aStays ? [a.id, b.id] : [b.id, a.id];
    const because = "An operator said that they are one paper.";
    await merges.confirm(trx, kept, gone, because, now);
    await merges.mergeInto(trx, kept, gone);
    await refreshTrends(trx, [kept]);
    await ingest.insertEvents(trx, [
      { type: "paper.merged", paperId: kept, at: now.toISOString(), data: { merged: gone, because } },
    ]);
    await outbox.append(trx, "paper.ingested", { paperIds: [kept] });
    return { kept, gone };
  });
}

/** Undoes the newest merge into the paper. Nothing when it was never merged. */
export async function splitPaper(db: Db, id: string, now: Date): Promise<merges.Split | undefined> {
  return db.transaction().execute(async (trx) => {
    await ingest.lockIdentity(trx);
    const undone = await merges.split(trx, id, now);
    if (undone === undefined) return undefined;
    await refreshTrends(trx, [undone.kept, undone.gone]);
    await ingest.insertEvents(trx, [
      {
        type: "paper.merged",
        paperId: undone.kept,
        at: now.toISOString(),
        data: { undone: true, split: undone.gone },
      },
    ]);
    await outbox.append(trx, "paper.ingested", { paperIds: [undone.kept, undone.gone] });
    return undone;
  });
}
