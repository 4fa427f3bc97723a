import { setTimeout as sleep } from "node:timers/promises";
import { type BatchOutcome, nextStep, type Step } from "@paperwire/core";
import { deliveries, providers, type Trx } from "@paperwire/db";
import { channelFor } from "../channels/index.ts";
import type { JobContext, Summary } from "../runtime/define-worker.ts";
import { type Claim, leaseMsOf } from "./claim.ts";
import { continueLater } from "./move-out.ts";
import { settleMembers } from "./settle-members.ts";

/**
 * Records the outcome, unless a later holder has taken the batch over. An answer is not thrown away because the
 * database was restarted at that moment: the transaction is tried again while the lease lasts. Should the first
 * have been committed after all, the job is closed and the second does nothing.
 */
export async function conclude(
  context: JobContext,
  claim: Claim,
  outcome: BatchOutcome,
  skipped: number,
): Promise<Summary> {
  const deadline = performance.now() + leaseMsOf(context) / 4;
  for (;;) {
    try {
      return await context.settle((trx) => record(trx, context, claim, outcome, skipped));
    } catch (error) {
      if (!isConnectionTrouble(error) || context.signal.aborted || performance.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

/** SQLSTATE classes 08 (connection) and 57P (shutting down, starting, cut), and what the driver says of a lost one. */
function isConnectionTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return (
    /^(08|57P|ECONN|EPIPE)/.test(code) || /connection (terminated|timeout)|not queryable/i.test(error.message)
  );
}

async function record(
  trx: Trx,
  context: JobContext,
  claim: Claim,
  outcome: BatchOutcome,
  skipped: number,
): Promise<Summary> {
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
      size: claim.size,
      keyed: channelFor(claim.channel).keyed,
      startedAt: claim.startedAt,
      ...(claim.ambiguousSince === undefined ? {} : { ambiguousSince: claim.ambiguousSince }),
      burned: claim.burned,
      doubts: claim.doubts,
    },
    outcome,
    realNow,
  );
  return { batchId: claim.batchId, ...(await take(trx, context, claim, step, realNow)), skipped };
}

async function take(
  trx: Trx,
  context: JobContext,
  claim: Claim,
  step: Step,
  realNow: Date,
): Promise<Summary> {
  const now = context.clock.now();
  const all = (state: "pending" | "deferred" | "uncertain" | "claimed", because: string) =>
    claim.members.map(({ id }) => ({ id, state, because }));
  const update = (change: Parameters<typeof deliveries.updateBatch>[2]) =>
    deliveries.updateBatch(trx, claim.batchId, { leaseUntil: null, heldBy: null, ...change });
  switch (step.do) {
    case "settle": {
      const settlements = claim.members.map((member) => settlementOf(member, step.members));
      await settleMembers(trx, claim.members, settlements, now);
      await update({ state: "settled", settledAt: realNow });
      const accepted = settlements.filter(({ state }) => state === "accepted").length;
      return { accepted, rejected: settlements.length - accepted };
    }
    case "give-up":
      await deliveries.settle(trx, all("uncertain", step.reason), now);
      await update({ state: "settled", settledAt: realNow, because: step.reason });
      return { uncertain: claim.members.length, because: step.reason };
    case "split": {
      await deliveries.settle(trx, all("pending", step.reason), now);
      await update({ state: "settled", settledAt: realNow, because: step.reason });
      let from = 0;
      const groups = step.sizes.map((size) => {
        from += size;
        return claim.members
          .filter(({ position }) => position >= from - size && position < from)
          .map(({ id }) => id);
      });
      const filled = groups.filter((group) => group.length > 0);
      await continueLater(trx, await deliveries.rebatch(trx, claim.channel, filled), realNow);
      return { split: filled.length, because: step.reason };
    }
    case "reopen":
      await deliveries.settle(trx, all("deferred", step.reason), now);
      await update({ state: "open", burned: step.burned, because: step.reason });
      await pauseSender(trx, claim, step);
      await continueLater(trx, [claim.batchId], step.retryAt);
      return { deferred: claim.members.length, because: step.reason };
    case "seal":
      await deliveries.settle(trx, all("claimed", step.reason), now);
      await update({
        state: "sealed",
        ambiguousSince: step.ambiguousSince,
        doubts: step.doubts,
        because: step.reason,
      });
      await pauseSender(trx, claim, step);
      await continueLater(trx, [claim.batchId], step.retryAt);
      return { deferred: claim.members.length, sealed: true, because: step.reason };
    default:
      return step satisfies never;
  }
}

function settlementOf(
  { id, position }: Claim["members"][number],
  said: Extract<Step, { do: "settle" }>["members"],
): deliveries.Settlement {
  const member = said[position];
  if (member === undefined) return { id, state: "uncertain", because: "The provider's answer does not say." };
  return member.kind === "rejected"
    ? { id, state: "rejected", because: member.reason }
    : {
        id,
        state: "accepted",
        ...(member.providerId === undefined ? {} : { providerId: member.providerId }),
      };
}

async function pauseSender(
  trx: Trx,
  claim: Claim,
  step: { pauseSenderUntil?: Date; reason: string },
): Promise<void> {
  if (step.pauseSenderUntil === undefined) return;
  await providers.pause(trx, claim.channel, step.pauseSenderUntil, step.reason);
}
