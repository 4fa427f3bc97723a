import { outbox, topics } from "@paperwire/db";
import { insertEvents } from "@paperwire/db/ingest.ts";
import { defineWorker } from "../runtime/define-worker.ts";
import { labelsOf } from "./labels.ts";

/** Labels papers and passes them on to the matcher. Labels are replaced, so a second run leaves the same ones. */
export const classifyWorker = defineWorker({
  event: "paper.ingested",
  timeoutMs: 60_000,

  async handle({ paperIds }, context) {
    const texts = await topics.textsOf(context.db, paperIds);
    const byClassifier = await labelsOf(texts, context.db);
    const now = context.clock.now().toISOString();
    return context.settle(async (trx) => {
      let count = 0;
      for (const { classifier, version, labels } of byClassifier) {
        count += labels.length;
        await topics.saveLabels(
          trx,
          classifier,
          texts.map((text) => text.id),
          labels.map((label) => ({ ...label, classifier, version })),
        );
      }
      const all = Map.groupBy(
        byClassifier.flatMap(({ labels }) => labels),
        (label) => label.paperId,
      );
      await insertEvents(
        trx,
        Array.from(all, ([paperId, labels]) => ({
          type: "paper.classified",
          paperId,
          at: now,
          data: { topics: labels.map(({ topic, confidence }) => ({ topic, confidence })) },
        })),
      );
      await outbox.append(trx, "paper.classified", { paperIds });
      return { papers: texts.length, labels: count };
    });
  },
});
