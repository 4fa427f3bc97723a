import { type Db, digests, search, topics } from "@paperwire/db";
import { currentLabellers, labelsFor } from "./labels.ts";
import { saveChangedLabels } from "./save-labels.ts";
import { saveDirections } from "./word-vectors.ts";

const papersPerStep = 500;

/**
 * Brings the labels of the next papers, and what searches read of them, up to what is said now, and returns how many
 * it looked at; 0 when all are. Nothing is ingested, matched or mailed again. Any number of processes may call it.
 */
export async function relabelStep(db: Db, now: Date): Promise<number> {
  const labellers = await currentLabellers(db);
  return db.transaction().execute(async (trx) => {
    const ids = await topics.takeForRelabelling(trx, labellers.fingerprint, papersPerStep);
    const cards = await digests.cardsOf(trx, ids);
    await saveChangedLabels(
      trx,
      cards.map((card) => card.id),
      labelsFor(cards, labellers),
      now,
    );
    await saveDirections(trx, cards);
    await search.saveTexts(trx, cards);
    return ids.length;
  });
}
