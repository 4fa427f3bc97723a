import { periodStart } from "@paperwire/core";
import { digests, matches, outbox, readers, subscriptions } from "@paperwire/db";
import { scheduleOf } from "../digest/compose-due.ts";
import { defineWorker } from "../runtime/define-worker.ts";
import { evidenceOf } from "./evidence.ts";
import { likesInText } from "./likeness.ts";

/** More than two weeks of arXiv's largest days; an interest that is wider than that needs no look back. */
const mostPapers = 20_000;

/** A new, edited or resumed interest looks back one period. Its matches are its own: nobody else's digest takes them. */
export const lookBackWorker = defineWorker({
  event: "subscription.changed",
  timeoutMs: 120_000,

  async handle({ subscriptionId }, context) {
    const subscription = await subscriptions.findById(context.db, subscriptionId);
    const reader =
      subscription === undefined ? undefined : await readers.findById(context.db, subscription.readerId);
    const isActive = reader !== undefined && reader.confirmedAt !== null && reader.unsubscribedAt === null;
    if (
      subscription === undefined ||
      !isActive ||
      subscription.queryId === null ||
      subscription.query === null
    ) {
      return { subscriptionId, matched: 0 };
    }
    const { queryId, query } = subscription;
    const now = context.clock.now();
    const since = periodStart(scheduleOf(reader), now);
    const recent = await matches.announcedSince(context.db, since, mostPapers);
    const cards = await digests.cardsOf(context.db, recent);
    const likes = await likesInText(context.db, query);
    const found = cards.filter((card) => evidenceOf(query, card, likes).length > 0);
    return context.settle(async (trx) => {
      const matched = await matches.insertNew(
        trx,
        found.map((card) => ({
          paperId: card.id,
          occasion: `look-back:${subscription.id}:${subscription.changedAt.getTime()}`,
          queryIds: [queryId],
          late: false,
          onlyFor: subscription.id,
        })),
        now,
      );
      if (subscription.cadence === "instant" && matched > 0) {
        await outbox.append(trx, "reader.alerted", { readerIds: [reader.id] });
      }
      return { subscriptionId, matched };
    });
  },
});
