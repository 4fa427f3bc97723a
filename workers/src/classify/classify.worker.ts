import { digests, outbox, search } from "@paperwire/db";
import { defineWorker } from "../runtime/define-worker.ts";
import { currentLabellers, labelsFor } from "./labels.ts";
import { saveChangedLabels } from "./save-labels.ts";
import { saveDirections } from "./word-vectors.ts";

/**
 * Labels papers, makes them findable and passes them on to the matcher. A second run finds everything as it is and
 * says nothing.
 */
export const classifyWorker = defineWorker({
  event: "paper.ingested",
  timeoutMs: 60_000,

  async handle({ paperIds }, context) {
    const cards = await digests.cardsOf(context.db, paperIds);
    const labels = labelsFor(cards, await currentLabellers(context.db));
    const now = context.clock.now();
    return context.settle(async (trx) => {
      const ids = cards.map((card) => card.id);
      const changed = await saveChangedLabels(trx, ids, labels, now);
      await saveDirections(trx, cards);
      await search.saveTexts(trx, cards);
      await outbox.append(trx, "paper.classified", { paperIds });
      return { papers: cards.length, labels: labels.length, relabelled: changed };
    });
  },
});
