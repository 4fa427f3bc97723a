import { setTimeout as sleep } from "node:timers/promises";
import { type BatchOutcome, nextStep, type Step } from "@paperwire/core";
import { batches, deliveries, providers, type Trx } from "@paperwire/db";
import type { Settlement } from "@paperwire/db/deliveries.ts";
import { channelFor } from "../channels/index.ts";
import type { JobContext } from "../runtime/define-worker.ts";
import { type Claim, leaseMsOf } from "./claim.ts";
import { handOver } from "./hand-over.ts";
import { settleMembers } from "./settle-members.ts";

/** What came back for a batch that was claimed. */
export interface Answer {
  readonly claim: Claim;
  readonly outcome: BatchOutcome;
}

/** What became of the mails, and a sentence about the last trouble. */
export interface Counts {
  accepted: number;
  rejected: number;
  deferred: number;
  uncertain: number;
  /** Mails that go out in smaller batches. */
  split: number;
  superseded: number;
  because?: string;
}

/**
 * Tries a transaction again while the lease lasts: an answer is not thrown away because the database was restarted
 * at that moment. Should the first have been committed after all, the fences and the closed job make the second do
 * nothing.
 */
export async function insist<T>(context: JobContext, write: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + leaseMsOf(context) / 4;
  for (;;) {
    try {
      return await write();
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

/** Records the outcomes, but for batches that a later holder has taken over. */
export async function record(trx: Trx, context: JobContext, answers: readonly Answer[]): Promise<Counts> {
  const counts: Counts = { accepted: 0, rejected: 0, deferred: 0, uncertain: 0, split: 0, superseded: 0 };
  if (answers.length === 0) return counts;
  const locked = await batches.lock(
    trx,
    answers.map(({ claim }) => claim.batchId),
  );
  const fences = new Map(locked.map((batch) => [batch.id, batch.fence]));
  const own = answers.filter(({ claim }) => fences.get(claim.batchId) === claim.fence);
  counts.superseded = answers.length - own.length;
  const realNow = await batches.realNow(trx);
  await batches.logAttempts(
    trx,
    own.map(({ claim, outcome }) => ({
      batchId: claim.batchId,
      fence: claim.fence,
      key: claim.key,
      outcome: outcome.kind,
      detail: "reason" in outcome ? outcome.reason : null,
    })),
  );
  const steps = own.map(({ claim, outcome }) => ({ claim, step: stepOf(claim, outcome, realNow) }));
  const settled = steps.flatMap(({ claim, step }) =>
    step.do === "settle" ? [{ claim, members: step.members }] : [],
  );
  const settlements = settled.flatMap(({ claim, members }) =>
    claim.members.map((member) => settlementOf(member, members)),
  );
  await settleMembers(
    trx,
    settled.flatMap(({ claim }) => claim.members),
    settlements,
    context.clock.now(),
  );
  await batches.update(
    trx,
    settled.map(({ claim }) => claim.batchId),
    { ...released, state: "settled", settledAt: realNow },
  );
  counts.accepted = settlements.filter(({ state }) => state === "accepted").length;
  counts.rejected = settlements.length - counts.accepted;
  for (const { claim, step } of steps) {
    if (step.do !== "settle") await take(trx, context, claim, step, realNow, counts);
  }
  return counts;
}

const released = { leaseUntil: null, heldBy: null } as const;

function stepOf(claim: Claim, outcome: BatchOutcome, realNow: Date): Step {
  const attempt = {
    size: claim.size,
    keyed: channelFor(claim.channel).keyed,
    startedAt: claim.startedAt,
    ...(claim.ambiguousSince === undefined ? {} : { ambiguousSince: claim.ambiguousSince }),
    burned: claim.burned,
    doubts: claim.doubts,
  };
  return nextStep(attempt, outcome, realNow);
}

async function take(
  trx: Trx,
  context: JobContext,
  claim: Claim,
  step: Exclude<Step, { do: "settle" }>,
  realNow: Date,
  counts: Counts,
): Promise<void> {
  const now = context.clock.now();
  const { reason } = step;
  const all = (state: "pending" | "deferred" | "uncertain" | "claimed") =>
    claim.members.map(({ id }) => ({ id, state, because: reason }));
  const update = (change: Parameters<typeof batches.update>[2]) =>
    batches.update(trx, [claim.batchId], { ...released, because: reason, ...change });
  counts.because = reason;
  switch (step.do) {
    case "give-up":
      await deliveries.settle(trx, all("uncertain"), now);
      await update({ state: "settled", settledAt: realNow });
      counts.uncertain += claim.members.length;
      return;
    case "split": {
      await deliveries.settle(trx, all("pending"), now);
      await update({ state: "settled", settledAt: realNow });
      const groups = cut(claim, step.sizes);
      await handOver(trx, claim.channel, await batches.rebatch(trx, claim.channel, groups), realNow);
      counts.split += claim.members.length;
      return;
    }
    case "reopen":
      await deliveries.settle(trx, all("deferred"), now);
      await update({ state: "open", burned: step.burned });
      break;
    case "seal":
      await deliveries.settle(trx, all("claimed"), now);
      await update({ state: "sealed", ambiguousSince: step.ambiguousSince, doubts: step.doubts });
      break;
    default:
      return step satisfies never;
  }
  counts.deferred += claim.members.length;
  if (step.pauseSenderUntil !== undefined)
    await providers.pause(trx, claim.channel, step.pauseSenderUntil, reason);
  await handOver(trx, claim.channel, [claim.batchId], step.retryAt);
}

/** The members in groups of these sizes, by their places in the request; groups that are empty now are left out. */
function cut(claim: Claim, sizes: readonly number[]): string[][] {
  let from = 0;
  const groups = sizes.map((size) => {
    from += size;
    const own = claim.members.filter(({ position }) => position >= from - size && position < from);
    return own.map(({ id }) => id);
  });
  return groups.filter((group) => group.length > 0);
}

function settlementOf(
  { id, position }: Claim["members"][number],
  said: Extract<Step, { do: "settle" }>["members"],
): Settlement {
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
