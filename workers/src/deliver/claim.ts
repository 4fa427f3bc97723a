import { isTooLate, keyIsAlive, releasesPapers } from "@paperwire/core";
import { deliveries, digests, outbox, type Trx } from "@paperwire/db";
import type { Batch, Member, Settlement } from "@paperwire/db/deliveries.ts";
import type { JobContext } from "../runtime/define-worker.ts";
import { messageOf } from "./message-of.ts";

/** Longer than any request may take, shorter than the time after which another process may take the job. */
export const leaseMs = 120_000;

/** A batch in hand: the exact request is stored, and only the holder of the fence may record what came of it. */
export interface Claim {
  readonly batchId: string;
  readonly fence: number;
  readonly request: string;
  readonly key: string;
  readonly members: readonly Member[];
  readonly startedAt: Date;
  readonly ambiguousSince: Date | undefined;
  readonly burned: number;
  readonly doubts: number;
}

export type ClaimResult =
  | { readonly kind: "claimed"; readonly claim: Claim; readonly skipped: number }
  | { readonly kind: "nothing"; readonly skipped: number }
  /** Another process works on it, for at most this long. */
  | { readonly kind: "busy"; readonly forMs: number }
  /** An attempt ended with its process; what became of it is not known. */
  | { readonly kind: "interrupted"; readonly claim: Claim };

/** One key per batch and cutting, the same however often it is sent. */
export function keyOf(batchId: string, generation: number): string {
  return `paperwire/${batchId}/${generation}`;
}

/**
 * Takes a batch. Before its first attempt, and whenever it is open again, members that must not be mailed any
 * more leave it; then the exact request is stored, and only then anything is sent. A sealed batch keeps its bytes.
 */
export async function claimBatch(context: JobContext, batchId: string): Promise<ClaimResult> {
  return context.db.transaction().execute(async (trx) => {
    const batch = await deliveries.lockBatch(trx, batchId);
    if (batch === undefined || batch.state === "settled") return { kind: "nothing", skipped: 0 };
    const now = await deliveries.realNow(trx);
    if (batch.leaseUntil !== null && batch.leaseUntil > now) {
      return { kind: "busy", forMs: batch.leaseUntil.getTime() - now.getTime() };
    }
    const members = await deliveries.lockMembers(trx, batchId);
    if (batch.state === "attempting") return interrupted(trx, batch, members, now);
    if (batch.state === "sealed") return resume(trx, batch, members, now);
    return open(trx, batch, members, now, context);
  });
}

async function open(trx: Trx, batch: Batch, members: readonly Member[], now: Date, context: JobContext): Promise<ClaimResult> {
  const leaving = members.flatMap((member) => {
    const because = whySkip(member, context.clock.now());
    return because === undefined ? [] : { member, settlement: { id: member.id, state: "skipped" as const, because } };
  });
  await settleMembers(trx, leaving.map(({ member }) => member), leaving.map(({ settlement }) => settlement), context.clock.now());
  const staying = members.filter((member) => !leaving.some((one) => one.member === member));
  if (staying.length === 0) {
    await deliveries.updateBatch(trx, batch.id, { state: "settled", settledAt: now, because: "nobody in it is to be mailed any more" });
    return { kind: "nothing", skipped: leaving.length };
  }
  const request = await context.mail.prepare(
    staying.map((member) => messageOf(member, context.settings, context.secretKey, now)),
  );
  const generation = batch.request === null ? batch.generation : batch.generation + 1;
  const fence = batch.fence + 1;
  await deliveries.updateBatch(trx, batch.id, {
    state: "attempting",
    request,
    generation,
    fence,
    firstAttemptAt: batch.firstAttemptAt ?? now,
    attemptStartedAt: now,
    leaseUntil: new Date(now.getTime() + leaseMs),
  });
  await deliveries.settle(trx, staying.map((member) => ({ id: member.id, state: "claimed" })), context.clock.now());
  return {
    kind: "claimed",
    skipped: leaving.length,
    claim: claimOf({ ...batch, request, generation, fence }, staying, now),
  };
}

async function resume(trx: Trx, batch: Batch, members: readonly Member[], now: Date): Promise<ClaimResult> {
  const claimed = members.filter((member) => member.state === "claimed");
  const fence = batch.fence + 1;
  if (batch.ambiguousSince !== null && !keyIsAlive(batch.ambiguousSince, now)) {
    await deliveries.updateBatch(trx, batch.id, { fence });
    return { kind: "interrupted", claim: claimOf({ ...batch, fence }, claimed, now) };
  }
  await deliveries.updateBatch(trx, batch.id, {
    state: "attempting",
    fence,
    attemptStartedAt: now,
    leaseUntil: new Date(now.getTime() + leaseMs),
  });
  return { kind: "claimed", skipped: 0, claim: claimOf({ ...batch, fence }, claimed, now) };
}

/** The process that sent it is gone: the outcome is *uncertain*, and the rules for that apply. */
async function interrupted(trx: Trx, batch: Batch, members: readonly Member[], now: Date): Promise<ClaimResult> {
  const fence = batch.fence + 1;
  await deliveries.updateBatch(trx, batch.id, { fence });
  const claimed = members.filter((member) => member.state === "claimed");
  return { kind: "interrupted", claim: claimOf({ ...batch, fence }, claimed, batch.attemptStartedAt ?? now) };
}

function claimOf(batch: Batch, members: readonly Member[], startedAt: Date): Claim {
  return {
    batchId: batch.id,
    fence: batch.fence,
    request: batch.request ?? "",
    key: keyOf(batch.id, batch.generation),
    members,
    startedAt,
    ambiguousSince: batch.ambiguousSince ?? undefined,
    burned: batch.burned,
    doubts: batch.doubts,
  };
}

/** Why a member must not be mailed, judged inside the claim: an unsubscribe that was answered before is seen. */
function whySkip(member: Member, now: Date): string | undefined {
  if (member.readerId === null) return "the reader was deleted";
  if (member.suppressed !== null) return `the address is suppressed: ${member.suppressed}`;
  if (member.kind !== "digest") return undefined;
  if (member.unsubscribedAt !== null) return "the reader has unsubscribed";
  if (member.confirmedAt === null) return "the reader has not confirmed";
  if (member.pausedAt !== null && (member.pausedUntil === null || member.pausedUntil > now)) return "the reader has paused";
  if (member.dueAt !== null && isTooLate(member.dueAt, now)) return "it is more than a day late";
  return undefined;
}

/** Moves members to their ends, and frees the papers of those that certainly did not go out. */
export async function settleMembers(
  trx: Trx,
  members: readonly Member[],
  settlements: readonly Settlement[],
  at: Date,
): Promise<void> {
  await deliveries.settle(trx, settlements, at);
  const freed = settlements.flatMap((settlement) => {
    const member = members.find((one) => one.id === settlement.id);
    return releasesPapers(settlement.state) && member?.digestId ? member.digestId : [];
  });
  await digests.release(trx, freed);
}

/** Puts the rest of the work on the outbox, in the transaction that decided it. */
export async function continueLater(trx: Trx, batchIds: readonly string[], at: Date): Promise<void> {
  await outbox.appendAt(trx, "digest.ready", batchIds.map((batchId) => ({ batchId })), at);
}
