import { isTooLate, keyIsAlive } from "@paperwire/core";
import { batches, deliveries, digests, runners, type Trx } from "@paperwire/db";
import type { Batch } from "@paperwire/db/batches.ts";
import type { Member } from "@paperwire/db/deliveries.ts";
import type { JobContext } from "../runtime/define-worker.ts";
import { type Finished, messageOf } from "./message-of.ts";
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
  readonly request: Buffer;
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
  | { readonly kind: "claimed"; readonly claim: Claim }
  /** Another process works on it, for at most this long. */
  | { readonly kind: "busy"; readonly batchId: string; readonly forMs: number }
  /** An attempt ended with its process; what became of it is not known. */
  | { readonly kind: "interrupted"; readonly claim: Claim };

/** Batches that are settled or have nobody left in them have no result. */
export interface Claims {
  readonly results: readonly ClaimResult[];
  /** Members that must not be mailed any more. */
  readonly skipped: number;
}

/** One key per batch and cutting, the same however often it is sent. */
export function keyOf(batchId: string, generation: number): string {
  return `paperwire/${batchId}/${generation}`;
}

/** Longer than any request may take. */
export function leaseMsOf(context: Pick<JobContext, "settings">): number {
  return 2 * context.settings.DELIVER_TIMEOUT_MS;
}

/**
 * Takes batches, in one transaction. Before its first attempt, and whenever it is open again, members that must not
 * be mailed any more leave a batch; then the exact request is stored, and only then anything is sent. A sealed batch
 * keeps its bytes.
 */
export async function claimBatches(context: JobContext, batchIds: readonly string[]): Promise<Claims> {
  return context.db.transaction().execute(async (trx) => {
    const locked = await batches.lock(trx, batchIds);
    const now = await batches.realNow(trx);
    const results: ClaimResult[] = [];
    const mine: Batch[] = [];
    for (const batch of locked) {
      if (batch.state === "settled") continue;
      const forMs = await busyMs(trx, batch, now, context.runnerId);
      if (forMs > 0) results.push({ kind: "busy", batchId: batch.id, forMs });
      else mine.push(batch);
    }
    if (mine.length === 0) return { results, skipped: 0 };
    const all = await deliveries.lockMembers(
      trx,
      mine.map(({ id }) => id),
    );
    const members = Map.groupBy(all, (member) => member.batchId);
    const opened: Opened[] = [];
    let skipped = 0;
    for (const batch of mine) {
      const own = members.get(batch.id) ?? [];
      if (batch.state === "open") {
        const one = await open(trx, batch, own, now, context);
        skipped += one.skipped;
        if (one.opened !== undefined) opened.push(one.opened);
      } else results.push(await resume(trx, batch, own, now, context));
    }
    await batches.startAttempts(
      trx,
      opened.map(({ attempt }) => attempt),
      holdOf(context, now),
    );
    await deliveries.markClaimed(
      trx,
      opened.flatMap(({ claim }) => claim.members),
    );
    await digests.moveOverCap(
      trx,
      opened.flatMap(({ moved }) => moved),
    );
    for (const { claim } of opened) results.push({ kind: "claimed", claim });
    return { results, skipped };
  });
}

const nothing = Buffer.alloc(0);

/** Goes on with a batch that was attempted before. */
async function resume(
  trx: Trx,
  batch: Batch,
  members: readonly Member[],
  now: Date,
  context: JobContext,
): Promise<ClaimResult> {
  const fence = batch.fence + 1;
  const claim = claimOf({ ...batch, fence }, members, nothing, batch.attemptStartedAt ?? now);
  const isOver = batch.ambiguousSince !== null && !keyIsAlive(batch.ambiguousSince, now);
  if (batch.state === "attempting" || isOver) {
    await batches.update(trx, [batch.id], { fence });
    return { kind: "interrupted", claim };
  }
  const { heldBy, leaseUntil } = holdOf(context, now);
  const change = { state: "attempting" as const, fence, attemptStartedAt: now, heldBy, leaseUntil };
  await batches.update(trx, [batch.id], change);
  const request = await unpackRequest(await batches.requestOf(trx, batch.id));
  return { kind: "claimed", claim: { ...claim, request, startedAt: now } };
}

function holdOf(context: JobContext, at: Date): batches.Hold {
  return { heldBy: context.runnerId, at, leaseUntil: new Date(at.getTime() + leaseMsOf(context)) };
}

/** How long another process may still be sending. A runner runs a batch's one open job once at a time. */
async function busyMs(trx: Trx, batch: Batch, now: Date, runnerId: string): Promise<number> {
  if (batch.leaseUntil === null || batch.leaseUntil <= now || batch.heldBy === runnerId) return 0;
  const leaseMs = batch.leaseUntil.getTime() - now.getTime();
  if (batch.heldBy === null || (await runners.isAlive(trx, batch.heldBy))) return leaseMs;
  const startedAt = (batch.attemptStartedAt ?? now).getTime();
  return Math.min(leaseMs, Math.max(0, startedAt + graceMs - now.getTime()));
}

interface Opened {
  readonly claim: Claim;
  readonly attempt: batches.FirstAttempt;
  readonly moved: readonly { readonly digestId: string; readonly paperIds: readonly string[] }[];
}

/** Decides who stays in an open batch, and makes the request; what is left to write is returned. */
async function open(
  trx: Trx,
  batch: Batch,
  members: readonly Member[],
  now: Date,
  context: JobContext,
): Promise<{ readonly skipped: number; readonly opened?: Opened }> {
  const leaving = members.flatMap((member) => {
    const because = whySkip(member, context.clock.now());
    return because === undefined ? [] : [{ id: member.id, state: "skipped" as const, because }];
  });
  await settleMembers(trx, members, leaving, context.clock.now());
  const gone = new Set(leaving.map(({ id }) => id));
  const staying = members.filter((member) => !gone.has(member.id));
  const skipped = leaving.length;
  const close = (because: string) =>
    batches.update(trx, [batch.id], { state: "settled", settledAt: now, request: null, because });
  if (staying.length === 0) {
    await close("nobody in it is to be mailed any more");
    return { skipped };
  }
  const channel = context.wayOut(batch.channel);
  if (batch.channel !== channel.id) {
    await moveOut(trx, channel, staying, channel.maxBatch, now);
    await close(`the mail goes out over ${channel.id} now`);
    return { skipped };
  }
  const { finished, rendered, broken } = renderEach(staying, context, now);
  if (broken.length > 0) {
    await moveOut(trx, channel, broken, 1, now);
    if (rendered.length === 0) await close("each of its mails is tried on its own");
  }
  if (rendered.length === 0) return { skipped };
  const request = await channel.prepare(finished.map(({ message }) => message));
  const attempt = {
    id: batch.id,
    fence: batch.fence + 1,
    size: rendered.length,
    generation: batch.firstAttemptAt === null ? batch.generation : batch.generation + 1,
    request: await packRequest(request),
  };
  const numbered = rendered.map((member, position) => ({ ...member, position, state: "claimed" as const }));
  const moved = finished.flatMap(({ moved: paperIds }, n) => {
    const digestId = rendered[n]?.digestId;
    return paperIds.length === 0 || digestId == null ? [] : { digestId, paperIds };
  });
  const { fence, size, generation } = attempt;
  const claim = claimOf({ ...batch, fence, size, generation }, numbered, request, now);
  return { skipped, opened: { claim, attempt, moved } };
}

/**
 * The finished mails. One that cannot be rendered must not keep the others from going out: it goes into a batch
 * of its own, and alone it fails, for a person to see.
 */
function renderEach(members: readonly Member[], context: JobContext, now: Date) {
  const finished: Finished[] = [];
  const rendered: Member[] = [];
  const broken: Member[] = [];
  for (const member of members) {
    try {
      finished.push(messageOf(member, context.settings, context.secretKey, now));
      rendered.push(member);
    } catch (error) {
      if (members.length === 1) throw error;
      broken.push(member);
    }
  }
  return { finished, rendered, broken };
}

function claimOf(batch: Batch, members: readonly Member[], request: Buffer, startedAt: Date): Claim {
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
