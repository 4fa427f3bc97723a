import { setTimeout as sleep } from "node:timers/promises";
import { type BatchOutcome, RetryLaterError, UsageError } from "@paperwire/core";
import { providers } from "@paperwire/db";
import type { Channel } from "../channels/channel.ts";
import { openChannel } from "../channels/index.ts";
import { channelSettingsOf } from "../channels/settings.ts";
import { defineWorker, type JobContext } from "../runtime/define-worker.ts";
import { type Claim, claimBatch, leaseMsOf } from "./claim.ts";
import { conclude } from "./conclude.ts";

const longestWaitMs = 5_000;

/**
 * Hands one frozen batch to the mail channel and records what came back. The exact request is stored before it
 * is sent, so that a repeat after a crash is the same bytes under the same key, or (without keys) no repeat at all.
 */
export const deliverWorker = defineWorker({
  event: "digest.ready",
  // A request is shorter than its lease, which is shorter than the job.
  timeoutMs: (settings) => leaseMsOf({ settings }) + 30_000,

  async handle({ batchId }, context) {
    await awaitTurn(context);
    const result = await claimBatch(context, batchId);
    switch (result.kind) {
      case "nothing":
        return { batchId, skipped: result.skipped };
      case "busy":
        throw new RetryLaterError("another process is sending this batch", result.forMs + 100);
      case "interrupted":
        return conclude(context, result.claim, interrupted, 0);
      case "claimed":
        return conclude(context, result.claim, await attempt(context, result.claim), result.skipped);
      default:
        return result satisfies never;
    }
  },
});

const interrupted = {
  kind: "uncertain",
  reason: "The process that sent it died before the answer was stored.",
} as const;

/** Waits for this deployment's turn at the provider when that is near; otherwise the job waits, not the process. */
async function awaitTurn(context: JobContext): Promise<void> {
  const turn = await providers.takeTurn(context.db, context.mail.id);
  if (turn.blockedMs > 0)
    throw new RetryLaterError(turn.because ?? "the mail provider asked to wait", turn.blockedMs);
  if (turn.waitMs > longestWaitMs)
    throw new RetryLaterError("the mail provider's rate is used up", turn.waitMs);
  if (turn.waitMs > 0) await sleep(turn.waitMs, undefined, { signal: context.signal });
}

async function attempt(context: JobContext, claim: Claim): Promise<BatchOutcome> {
  if (claim.channel === context.mail.id) return send(context, context.mail, claim);
  // Sealed before the operator changed MAIL_TRANSPORT: only the provider that may have it can say what became of it.
  let channel: Channel;
  try {
    channel = openChannel(claim.channel, channelSettingsOf(context.settings));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const reason = `It may have gone out over ${claim.channel}, which is not set up any more; set it up again to find out.`;
    return { kind: "deferred", delayMs: 900_000, burnsAttempt: false, reason };
  }
  try {
    return await send(context, channel, claim);
  } finally {
    channel.close?.();
  }
}

async function send(context: JobContext, channel: Channel, claim: Claim): Promise<BatchOutcome> {
  const { outcome, budget } = await channel.send(claim.request, {
    idempotencyKey: claim.key,
    count: claim.size,
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(context.settings.DELIVER_TIMEOUT_MS)]),
  });
  if (budget !== undefined) {
    // Only a rate: it must not cost the answer that came with it.
    await providers
      .learnBudget(context.db, channel.id, budget)
      .catch((error) => context.log.warn({ outcome: "the provider's rate was not stored", err: error }));
  }
  return outcome;
}
