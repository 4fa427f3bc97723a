import type { Db } from "@paperwire/db";
import { subscriptions } from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";

/** Everything that is stored about a reader, as one document that other programs can read. */
export async function exportReader(db: Db, reader: Reader): Promise<Record<string, unknown>> {
  const [interests, digests, mailed, feedback, votes, deliveries] = await Promise.all([
    subscriptions.ofReader(db, reader.id),
    db
      .selectFrom("digests")
      .select(["period", "state", "because", "dueAt", "frozenAt"])
      .where("readerId", "=", reader.id)
      .orderBy("frozenAt")
      .execute(),
    db
      .selectFrom("mailed")
      .innerJoin("papers", "papers.id", "mailed.paperId")
      .select(["papers.title", "papers.arxivId", "papers.doi", "mailed.at"])
      .where("readerId", "=", reader.id)
      .orderBy("mailed.at")
      .execute(),
    db.selectFrom("feedback").select(["paperId", "said", "at"]).where("readerId", "=", reader.id).execute(),
    db.selectFrom("votes").select(["paperId", "at"]).where("readerId", "=", reader.id).execute(),
    db
      .selectFrom("deliveries")
      .select(["kind", "channel", "state", "because", "createdAt", "settledAt"])
      .where("readerId", "=", reader.id)
      .orderBy("createdAt")
      .execute(),
  ]);
  const {
    email,
    zone,
    at,
    days,
    rhythm,
    maxPapers,
    tellWhenNothing,
    channel,
    channelAddress,
    confirmedAt,
    pausedAt,
    unsubscribedAt,
    createdAt,
  } = reader;
  return {
    reader: {
      email,
      zone,
      at,
      days,
      rhythm,
      maxPapers,
      tellWhenNothing,
      channel,
      channelAddress,
      confirmedAt,
      pausedAt,
      unsubscribedAt,
      createdAt,
    },
    subscriptions: interests.map(({ name, query, trending, cadence, createdAt: since }) => ({
      name,
      query,
      trending,
      cadence,
      since,
    })),
    digests,
    papers: mailed,
    feedback,
    votes,
    deliveries,
  };
}
