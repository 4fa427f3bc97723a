import { isTooLate, keyIsAlive } from "@paperwire/core";
import { deliveries, runners, type Trx } from "@paperwire/db";
import type { Batch, Member } from "@paperwire/db/deliveries.ts";
import type { Message } from "../channels/channel.ts";
import type { JobContext } from "../runtime/define-worker.ts";
import { messageOf } from "./message-of.ts";
import { moveOut } from "./move-out.ts";
import { packRequest, unpackRequest } from "./packed-request.ts";
import { settleMembers } from "./settle-members.ts";

/**
 * What a batch whose process is gone still waits for. The process may only have lost its connection and be
 * about to hear an answer; sending again is safe all the same, by the key, or because it is not done.
 */
const graceMs = 3_000;

/** A batch in hand: the exact request is stored, and only the holder of the fence may record what came of it. */
export interface Claim {
  readonly batchId: string;
  readonly fence: number;
  readonly channel: string;
  /** Empty where nothing is to be sent. */
  readonly request: string;
  readonly key: string;
  /** Mails in the request. */
  readonly size: number;
  /** Who is in it, in the order of the request; readers deleted since are missing. */
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

/** Longer than any request may take. */
export function leaseMsOf(context: Pick<JobContext, "settings">): number {
  return 2 * context.settings.DELIVER_TIMEOUT_MS;
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
    const forMs = await busyMs(trx, batch, now, context.runnerId);
    if (forMs > 0) return { kind: "busy", forMs };
    const members = await deliveries.lockMembers(trx, batchId);
    if (batch.state === "open") return open(trx, batch, members, now, context);
    const fence = batch.fence + 1;
    const claim = claimOf({ ...batch, fence }, members, "", batch.attemptStartedAt ?? now);
    const isOver = batch.ambiguousSince !== null && !keyIsAlive(batch.ambiguousSince, now);
    if (batch.state === "attempting" || isOver) {
      await deliveries.updateBatch(trx, batch.id, { fence });
      return { kind: "interrupted", claim };
    }
    await attempting(trx, batch.id, fence, now, context);
    const request = await unpackRequest(await deliveries.requestOf(trx, batch.id));
    return { kind: "claimed", skipped: 0, claim: { ...claim, request, startedAt: now } };
  });
}

/** How long another process may still be sending. A runner runs a batch's one open job once at a time. */
async function busyMs(trx: Trx, batch: Batch, now: Date, runnerId: string): Promise<number> {
  if (batch.leaseUntil === null || batch.leaseUntil <= now || batch.heldBy === runnerId) return 0;
  const leaseMs = batch.leaseUntil.getTime() - now.getTime();
  if (batch.heldBy === null || (await runners.isAlive(trx, batch.heldBy))) return leaseMs;
  const startedAt = (batch.attemptStartedAt ?? now).getTime();
  return Math.min(leaseMs, Math.max(0, startedAt + graceMs - now.getTime()));
}

async function open(
  trx: Trx,
  batch: Batch,
  members: readonly Member[],
  now: Date,
  context: JobContext,
): Promise<ClaimResult> {
  const leaving = members.flatMap((member) => {
    const because = whySkip(member, context.clock.now());
    return because === undefined ? [] : [{ id: member.id, state: "skipped" as const, because }];
  });
  await settleMembers(trx, members, leaving, context.clock.now());
  const gone = new Set(leaving.map(({ id }) => id));
  const staying = members.filter((member) => !gone.has(member.id));
  const skipped = leaving.length;
  const close = (because: string) =>
    deliveries.updateBatch(trx, batch.id, { state: "settled", settledAt: now, request: null, because });
  if (staying.length === 0) {
    await close("nobody in it is to be mailed any more");
    return { kind: "nothing", skipped };
  }
  if (batch.channel !== context.mail.id) {
    await moveOut(trx, context, staying, context.mail.maxBatch, now);
    await close(`the mail goes out over ${context.mail.id} now`);
    return { kind: "nothing", skipped };
  }
  const { messages, rendered, broken } = renderEach(staying, context, now);
  if (broken.length > 0) {
    await moveOut(trx, context, broken, 1, now);
    if (rendered.length === 0) await close("each of its mails is tried on its own");
  }
  if (rendered.length === 0) return { kind: "nothing", skipped };
  const request = await context.mail.prepare(messages);
  const fresh = {
    size: rendered.length,
    generation: batch.firstAttemptAt === null ? batch.generation : batch.generation + 1,
    firstAttemptAt: batch.firstAttemptAt ?? now,
  };
  await attempting(trx, batch.id, batch.fence + 1, now, context, {
    ...fresh,
    request: await packRequest(request),
  });
  await deliveries.markClaimed(
    trx,
    rendered.map((member) => member.id),
  );
  const numbered = rendered.map((member, position) => ({ ...member, position, state: "claimed" as const }));
  return {
    kind: "claimed",
    skipped,
    claim: claimOf({ ...batch, ...fresh, fence: batch.fence + 1 }, numbered, request, now),
  };
}

function attempting(
  trx: Trx,
  batchId: string,
  fence: number,
  now: Date,
  context: JobContext,
  more: Parameters<typeof deliveries.updateBatch>[2] = {},
): Promise<void> {
  return deliveries.updateBatch(trx, batchId, {
    ...more,
    state: "attempting",
    fence,
    attemptStartedAt: now,
    heldBy: context.runnerId,
    leaseUntil: new Date(now.getTime() + leaseMsOf(context)),
  });
}

/**
 * The finished mails. One that cannot be rendered must not keep the others from going out: it goes into a batch
 * of its own, and alone it fails, for a person to see.
 */
function renderEach(members: readonly Member[], context: JobContext, now: Date) {
  const messages: Message[] = [];
  const rendered: Member[] = [];
  const broken: Member[] = [];
  for (const member of members) {
    try {
      messages.push(messageOf(member, context.settings, context.secretKey, now));
      rendered.push(member);
    } catch (error) {
      if (members.length === 1) throw error;
      broken.push(member);
    }
  }
  return { messages, rendered, broken };
}

function claimOf(batch: Batch, members: readonly Member[], request: string, startedAt: Date): Claim {
  const claimed = members.filter((member) => member.state === "claimed");
  return {
    batchId: batch.id,
    fence: batch.fence,
    channel: batch.channel,
    request,
    key: keyOf(batch.id, batch.generation),
    size: batch.size ?? claimed.length,
    members: claimed,
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
  if (member.pausedAt !== null && (member.pausedUntil === null || member.pausedUntil > now))
    return "the reader has paused";
  if (member.dueAt !== null && isTooLate(member.dueAt, now)) return "it is more than a day late";
  return undefined;
}
