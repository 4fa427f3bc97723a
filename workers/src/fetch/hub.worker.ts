import { hubSubscriptions, readers } from "@paperwire/db";
import { defineWorker } from "../runtime/define-worker.ts";
import { version } from "../version.ts";
import { userAgentOf } from "./user-agent.ts";
import { askAgainMs, askHub, type HubAnswer } from "./websub.ts";

/** Ten days, as hubs grant them; a hub may give another lease. */
const leaseSeconds = 864_000;
/** A hub that does not hear that it is to stop is forgotten; its pushes are then answered 410, which says the same. */
const mostGoodbyes = 5;

/**
 * Asks one hub to push, to go on pushing, or to stop. What it answers decides when it is asked again; that it pushes
 * is believed only when it has called back. Running it twice asks twice, which hubs take as once.
 */
export const hubWorker = defineWorker({
  event: "hub.due",
  timeoutMs: 90_000,

  async handle({ subscriptionId }, context) {
    const subscription = await hubSubscriptions.find(context.db, subscriptionId);
    if (subscription === undefined || subscription.nextAskAt > subscription.readAt) return { skipped: 1 };
    const { sourceId, wanted, failures, readAt } = subscription;
    if (!wanted && isOver(subscription)) {
      return context.settle(async (trx) => {
        await hubSubscriptions.remove(trx, subscriptionId);
        return { sourceId, hub: "ended" };
      });
    }
    const contact = context.settings.FETCH_CONTACT ?? context.settings.publicUrl;
    const answer = await askHub(
      {
        mode: wanted ? "subscribe" : "unsubscribe",
        hubUrl: subscription.hubUrl,
        topic: subscription.topic,
        callbackUrl: callbackOf(subscription),
        secret: subscription.secret,
        leaseSeconds,
        userAgent: userAgentOf(version, contact, await readers.countActive(context.db)),
        signal: context.signal,
      },
      context.fetching,
    );
    const leaseLeftMs = (subscription.expiresAt?.getTime() ?? 0) - readAt.getTime();
    return context.settle(async (trx) => {
      await hubSubscriptions.noteAsked(trx, subscriptionId, {
        askedAt: readAt,
        againInMs: askAgainMs(answer, failures, leaseLeftMs),
        problem: problemOf(answer, subscription),
      });
      return { sourceId, hub: answer.kind, mode: wanted ? "subscribe" : "unsubscribe" };
    });
  },
});

function callbackOf({ base, id }: hubSubscriptions.HubSubscription): string {
  return `${base}/websub/${id}`;
}

/** Nothing is left to end: it was never asked for, its lease is over, or the hub does not listen. */
function isOver(subscription: hubSubscriptions.ReadSubscription): boolean {
  const { askedAt, confirmedAt, expiresAt, failures, readAt } = subscription;
  const wasAsked = askedAt !== null || confirmedAt !== null;
  return !wasAsked || failures >= mostGoodbyes || (expiresAt !== null && expiresAt <= readAt);
}

/** A hub that took the last request as well, and never called back, has a reason. */
function problemOf(
  answer: HubAnswer,
  { askedAt, confirmedAt, base, wanted }: hubSubscriptions.HubSubscription,
): string | undefined {
  if (answer.kind !== "asked") return answer.sentence;
  const isUnanswered = wanted && askedAt !== null && (confirmedAt === null || confirmedAt < askedAt);
  return isUnanswered
    ? `The hub took the request and has not called back; it has to reach ${base} from the internet.`
    : undefined;
}
