import { digests, matches, outbox, subscriptions } from "@paperwire/db";
import { chunk } from "../runtime/chunk.ts";
import { defineWorker } from "../runtime/define-worker.ts";
import { toQueryPaper } from "./evidence.ts";
import { activeQueries } from "./query-index.ts";

/**
 * Tests papers against every active query at once. One row per paper and occasion, so that a second run adds
 * nothing; a burst of papers becomes rows, not mails.
 */
export const matchWorker = defineWorker({
  event: "paper.classified",
  timeoutMs: 120_000,

  async handle({ paperIds }, context) {
    const open = await matches.openAnnouncements(context.db, paperIds);
    if (open.length === 0) return { papers: 0, matched: 0 };
    const { index, likes } = await activeQueries(context.db);
    const cards = await digests.cardsOf(context.db, [...new Set(open.map((one) => one.paperId))]);
    const queryIds = new Map(cards.map((card) => [card.id, [...index.match(toQueryPaper(card, likes))]]));
    const now = context.clock.now();
    return context.settle(async (trx) => {
      const matched = await matches.insertNew(
        trx,
        open.map((one) => ({ ...one, queryIds: queryIds.get(one.paperId) ?? [] })),
        now,
      );
      const alerted = await subscriptions.instantReaders(trx, [...new Set([...queryIds.values()].flat())]);
      await outbox.appendAll(
        trx,
        "reader.alerted",
        chunk(alerted, 200).map((readerIds) => ({ readerIds })),
      );
      return {
        papers: cards.length,
        matched,
        ...(likes.blind.size === 0 ? {} : { withoutCloseness: likes.blind.size }),
      };
    });
  },
});
