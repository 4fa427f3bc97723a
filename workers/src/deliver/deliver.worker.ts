import { setTimeout as sleep } from "node:timers/promises";
import { type BatchOutcome, nextStep, RetryLaterError, type Step } from "@paperwire/core";
import { deliveries, providers, type Trx } from "@paperwire/db";
import { defineWorker, type JobContext, type Summary } from "../runtime/define-worker.ts";
import { type Claim, claimBatch, continueLater, settleMembers } from "./claim.ts";

/** One request to a provider; shorter than the lease, which is shorter than the job. */
const requestMs = 60_000;
const longestWaitMs = 5_000;

/**
 * Hands one frozen batch to the mail channel and records what came back. The exact request is stored before it
 * is sent, so that a repeat after a crash is the same bytes under the same key, or (without keys) no repeat at all.
 */
export const deliverWorker = defineWorker({
  event: "digest.ready",
  timeoutMs: 150_000,

  async handle({ batchId }, context) {
    await awaitTurn(context);
    const result = await claimBatch(context, batchId);
    switch (result.kind) {
      case "nothing":
        return { batchId, skipped: result.skipped };
      case "busy":
        throw new RetryLaterError("another process is sending this batch", result.forMs + 1000);
      case "interrupted":
        return conclude(context, result.claim, { kind: "uncertain", reason: "The process that sent it died before the answer was stored." }, 0);
      case "claimed": {
        const outcome = await attempt(context, result.claim);
        return conclude(context, result.claim, outcome, result.skipped);
      }
      default:
        return result satisfies never;
    }
  },
});

/** Waits for this deployment's turn at the provider when that is near; otherwise the job waits, not the process. */
async function awaitTurn(context: JobContext): Promise<void> {
  const turn = await providers.takeTurn(context.db, context.mail.id);
  if (turn.blockedMs > 0) throw new RetryLaterError(turn.because ?? "the mail provider asked to wait", turn.blockedMs);
  if (turn.waitMs > longestWaitMs) throw new RetryLaterError("the mail provider's rate is used up", turn.waitMs);
  if (turn.waitMs > 0) await sleep(turn.waitMs, undefined, { signal: context.signal });
}

async function attempt(context: JobContext, claim: Claim): Promise<BatchOutcome> {
  const { outcome, budget } = await context.mail.send(claim.request, {
    idempotencyKey: claim.key,
    count: claim.members.length,
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(requestMs)]),
  });
  if (budget !== undefined) await providers.learnBudget(context.db, context.mail.id, budget);
  return outcome;
}

/** Records the outcome, unless a later holder has taken the batch over. */
async function conclude(context: JobContext, claim: Claim, outcome: BatchOutcome, skipped: number): Promise<Summary> {
  return context.settle(async (trx) => {
    const batch = await deliveries.lockBatch(trx, claim.batchId);
    if (batch === undefined || batch.fence !== claim.fence) return { batchId: claim.batchId, superseded: true };
    const realNow = await deliveries.realNow(trx);
    await deliveries.logAttempt(trx, {
      batchId: claim.batchId,
      fence: claim.fence,
      key: claim.key,
      outcome: outcome.kind,
      ...("reason" in outcome ? { detail: outcome.reason } : {}),
    });
    const step = nextStep(
      {
        size: claim.members.length,
        keyed: context.mail.keyed,
        startedAt: claim.startedAt,
        ...(claim.ambiguousSince === undefined ? {} : { ambiguousSince: claim.ambiguousSince }),
        burned: claim.burned,
        doubts: claim.doubts,
      },
      outcome,
      realNow,
    );
    return { batchId: claim.batchId, ...(await take(trx, context, claim, step, realNow)), skipped };
  });
}

async function take(trx: Trx, context: JobContext, claim: Claim, step: Step, realNow: Date): Promise<Summary> {
  const now = context.clock.now();
  const ids = claim.members.map((member) => member.id);
  const all = (state: "pending" | "deferred" | "uncertain" | "claimed", because: string) => ids.map((id) => ({ id, state, because }));
  switch (step.do) {
    case "settle": {
      const settlements = step.members.map((member, index) => ({
        id: ids[index] ?? "",
        state: member.kind,
        ...(member.kind === "rejected" ? { because: member.reason } : {}),
        ...(member.kind === "accepted" && member.providerId !== undefined ? { providerId: member.providerId } : {}),
      }));
      await settleMembers(trx, claim.members, settlements, now);
      await deliveries.updateBatch(trx, claim.batchId, { state: "settled", settledAt: realNow, leaseUntil: null });
      return {
        accepted: step.members.filter((member) => member.kind === "accepted").length,
        rejected: step.members.filter((member) => member.kind === "rejected").length,
      };
    }
    case "give-up":
      await deliveries.settle(trx, all("uncertain", step.reason), now);
      await deliveries.updateBatch(trx, claim.batchId, { state: "settled", settledAt: realNow, leaseUntil: null, because: step.reason });
      return { uncertain: ids.length, because: step.reason };
    case "split": {
      await deliveries.settle(trx, all("pending", step.reason), now);
      await deliveries.updateBatch(trx, claim.batchId, { state: "settled", settledAt: realNow, leaseUntil: null, because: step.reason });
      let from = 0;
      const groups = step.sizes.map((size) => {
        from += size;
        return ids.slice(from - size, from);
      });
      await continueLater(trx, await deliveries.rebatch(trx, context.mail.id, groups), realNow);
      return { split: step.sizes.length, because: step.reason };
    }
    case "reopen":
      await deliveries.settle(trx, all("deferred", step.reason), now);
      await deliveries.updateBatch(trx, claim.batchId, { state: "open", burned: step.burned, leaseUntil: null, because: step.reason });
      await pauseSender(trx, context, step);
      await continueLater(trx, [claim.batchId], step.retryAt);
      return { deferred: ids.length, because: step.reason };
    case "seal":
      await deliveries.settle(trx, all("claimed", step.reason), now);
      await deliveries.updateBatch(trx, claim.batchId, {
        state: "sealed",
        ambiguousSince: step.ambiguousSince,
        doubts: step.doubts,
        leaseUntil: null,
        because: step.reason,
      });
      await pauseSender(trx, context, step);
      await continueLater(trx, [claim.batchId], step.retryAt);
      return { deferred: ids.length, sealed: true, because: step.reason };
    default:
      return step satisfies never;
  }
}

async function pauseSender(trx: Trx, context: JobContext, step: { pauseSenderUntil?: Date; reason: string }): Promise<void> {
  if (step.pauseSenderUntil === undefined) return;
  await providers.pause(trx, context.mail.id, step.pauseSenderUntil, step.reason);
}
