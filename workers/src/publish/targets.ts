import type { Consumer } from "@paperwire/db/consumers.ts";
import { Webhook } from "standardwebhooks";
import { request } from "undici";
import { urlProblem } from "../fetch/address-rules.ts";
import type { JobContext } from "../runtime/define-worker.ts";
import type { Envelope } from "./envelope.ts";

export type PublishOutcome =
  | { readonly kind: "taken" }
  /** The consumer is behind; nobody's fault. */
  | { readonly kind: "full"; readonly because: string; readonly retryInMs: number }
  | { readonly kind: "failed"; readonly because: string; readonly retryInMs: number };

/** A dead consumer must not fill the queue's memory and stop the mail. */
const mostWaiting = 10_000;

/** Gives events to the consumer, all of them or none. */
export async function publishTo(
  consumer: Consumer,
  envelopes: readonly Envelope[],
  context: JobContext,
): Promise<PublishOutcome> {
  if (envelopes.length === 0) return { kind: "taken" };
  return consumer.kind === "queue"
    ? toQueue(consumer, envelopes, context)
    : toWebhook(consumer, envelopes, context);
}

async function toQueue(
  consumer: Consumer,
  envelopes: readonly Envelope[],
  context: JobContext,
): Promise<PublishOutcome> {
  const waiting = await context.queues.waitingOf(consumer.name);
  if (waiting >= mostWaiting) {
    return {
      kind: "full",
      because: `${waiting} events wait in its queue; publishing goes on when it catches up`,
      retryInMs: 30_000,
    };
  }
  await context.queues.publish(consumer.name, envelopes);
  return { kind: "taken" };
}

/** Standard Webhooks (https://www.standardwebhooks.com): one signed POST per event, in order. */
async function toWebhook(
  consumer: Consumer,
  envelopes: readonly Envelope[],
  context: JobContext,
): Promise<PublishOutcome> {
  const url = consumer.url ?? "";
  const retryInMs = Math.min(3_600_000, 5_000 * 2 ** Math.min(consumer.failures, 10));
  const problem = URL.canParse(url)
    ? urlProblem(new URL(url), { trusted: true, allowPrivate: context.fetching.agents.allowPrivate })
    : "its address is no URL";
  if (problem !== undefined) return { kind: "failed", because: problem, retryInMs };
  const signer = new Webhook(consumer.secret ?? "");
  for (const envelope of envelopes) {
    const body = JSON.stringify(envelope);
    const at = new Date();
    try {
      const response = await request(url, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/cloudevents+json",
          "webhook-id": envelope.id,
          "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
          "webhook-signature": signer.sign(envelope.id, at, body),
        },
        dispatcher: context.fetching.agents.agentFor(true),
        signal: AbortSignal.any([context.signal, AbortSignal.timeout(15_000)]),
      });
      await response.body.dump();
      if (response.statusCode >= 300) {
        return { kind: "failed", because: `its webhook answered ${response.statusCode}`, retryInMs };
      }
    } catch (error) {
      return {
        kind: "failed",
        because: `its webhook could not be reached: ${error instanceof Error ? error.message : String(error)}`,
        retryInMs,
      };
    }
  }
  return { kind: "taken" };
}
