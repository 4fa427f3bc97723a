import { type BatchOutcome, UsageError } from "@paperwire/core";
import { providers } from "@paperwire/db";
import type { Channel } from "../channels/channel.ts";
import { openChannel } from "../channels/index.ts";
import { channelSettingsOf } from "../channels/settings.ts";
import type { JobContext } from "../runtime/define-worker.ts";
import type { Claim } from "./claim.ts";

/** Puts a claimed batch on the wire, over the channel that it was claimed for. */
export async function send(context: JobContext, claim: Claim): Promise<BatchOutcome> {
  const current = context.wayOut(claim.channel);
  if (claim.channel === current.id) return over(context, current, claim);
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
    return await over(context, channel, claim);
  } finally {
    channel.close?.();
  }
}

async function over(context: JobContext, channel: Channel, claim: Claim): Promise<BatchOutcome> {
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
