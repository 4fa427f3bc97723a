import {
  composeDigest,
  type Digest,
  isWorthMailing,
  itemsOf,
  lastDue,
  nextDue,
  periodOf,
  periodStart,
  type Schedule,
} from "@paperwire/core";
import { batches, type Db, type deliveries, digests, readers, suppressions, type Trx } from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";
import { channelFor } from "../channels/index.ts";
import { handOver } from "../deliver/hand-over.ts";
import { chunk } from "../runtime/chunk.ts";
import { candidatesOf, horizonOf, loadMaterial, type Material } from "./candidates.ts";
import { holdBack } from "./hold.ts";
import { sourceNotes } from "./source-notes.ts";

export interface ComposeInput {
  readonly channel: string;
  readonly maxBatch: number;
  readonly now: Date;
  /** The newest match that this digest may hold. */
  readonly upTo: number;
}

export interface ComposeCounts {
  readonly digests: number;
  readonly papers: number;
  readonly empty: number;
  readonly skipped: number;
  /** Digests that wait for a list. */
  readonly held?: number;
}

export function scheduleOf(reader: Pick<Reader, "zone" | "at" | "days" | "rhythm">): Schedule {
  return {
    zone: reader.zone,
    at: reader.at,
    days: reader.days as Schedule["days"],
    rhythm: reader.rhythm === "weekly" ? "weekly" : "daily",
  };
}

/**
 * Freezes the digests of the readers that are due, reserves their papers and hands them to delivery in batches.
 * A reader whose period was used up meanwhile is passed over: the second run of the same job does nothing.
 */
export async function composeDue(
  trx: Trx,
  readerIds: readonly string[],
  input: ComposeInput,
): Promise<ComposeCounts> {
  const due = (await readers.lockByIds(trx, readerIds)).filter(
    (reader) => reader.nextDigestAt !== null && reader.nextDigestAt <= input.now && isActive(reader),
  );
  const { ready, held } = await holdBack(trx, due, input.now);
  const counts = await freeze(trx, ready, "digest", input, (reader) => {
    const schedule = scheduleOf(reader);
    const dueAt = lastDue(schedule, input.now) ?? input.now;
    return { dueAt, period: periodOf(schedule, dueAt), since: periodStart(schedule, dueAt) };
  });
  return held > 0 ? { ...counts, held } : counts;
}

/** After an instant mail a reader is left in peace for this long; what matches meanwhile comes together. */
const quietMs = 30 * 60_000;

/** The same for readers with instant interests that something has matched. Their periods are a sequence of their own. */
export async function composeAlerts(
  trx: Trx,
  readerIds: readonly string[],
  input: ComposeInput,
): Promise<ComposeCounts> {
  const active = (await readers.lockByIds(trx, readerIds)).filter(isActive);
  const last = await digests.lastInstant(
    trx,
    active.map((reader) => reader.id),
  );
  const locked: Reader[] = [];
  for (const reader of active) {
    const quietUntil = new Date((last.get(reader.id)?.getTime() ?? 0) + quietMs);
    if (quietUntil <= input.now) locked.push(reader);
    else await readers.update(trx, reader.id, { alertAt: quietUntil });
  }
  const numbers = new Map<string, number>();
  for (const reader of locked) numbers.set(reader.id, (await digests.countInstant(trx, reader.id)) + 1);
  return freeze(trx, locked, "instant", input, (reader) => ({
    dueAt: input.now,
    period: `instant-${numbers.get(reader.id) ?? 1}`,
    since: input.now,
  }));
}

/** Uses up the reader's current period now, due or not (`digest EMAIL`). */
export async function composeNow(trx: Trx, readerId: string, input: ComposeInput): Promise<ComposeCounts> {
  const locked = await readers.lockByIds(trx, [readerId]);
  return freeze(trx, locked, "digest", input, (reader) => {
    const schedule = scheduleOf(reader);
    const period = periodOf(schedule, input.now);
    return { dueAt: input.now, period, since: periodStart(schedule, input.now) };
  });
}

/** What the next digest would hold; nothing is written. */
export async function previewDigest(
  db: Db,
  reader: Reader,
  input: ComposeInput,
): Promise<{ digest: Digest; period: string; because?: string }> {
  return db.transaction().execute(async (trx) => {
    const schedule = scheduleOf(reader);
    const material = await loadMaterial(trx, [reader], "digest", input.upTo, input.now);
    const candidates = candidatesOf(reader, material, reader.horizon, periodStart(schedule, input.now));
    const digest = composeDigest(
      candidates,
      { maxPapers: reader.maxPapers },
      await sourceNotes(trx, input.now),
    );
    const because = isActive(reader)
      ? await whyNot(trx, reader, input.now)
      : "the reader has not confirmed, or has unsubscribed";
    return { digest, period: periodOf(schedule, input.now), ...(because === undefined ? {} : { because }) };
  });
}

interface Period {
  readonly dueAt: Date;
  readonly period: string;
  readonly since: Date;
}

async function freeze(
  trx: Trx,
  due: readonly Reader[],
  cadence: "digest" | "instant",
  input: ComposeInput,
  periodFor: (reader: Reader) => Period,
): Promise<ComposeCounts> {
  if (due.length === 0) return { digests: 0, papers: 0, empty: 0, skipped: 0 };
  const material = await loadMaterial(trx, due, cadence, input.upTo, input.now);
  const notes = await sourceNotes(trx, input.now);
  const ready: deliveries.NewDelivery[] = [];
  const counts = { digests: 0, papers: 0, empty: 0, skipped: 0 };
  for (const reader of due) {
    const period = periodFor(reader);
    const made = await freezeOne(trx, reader, cadence, period, material, notes, input);
    await readers.update(trx, reader.id, advance(reader, cadence, period, input, made.state === "used"));
    if (made.state === "frozen") {
      counts.digests += 1;
      counts.papers += made.papers;
      ready.push({
        kind: "digest",
        digestId: made.id,
        readerId: reader.id,
        channel: reader.channel ?? input.channel,
        address: reader.channelAddress ?? reader.email,
        period: period.period,
        createdAt: input.now,
      });
    } else if (made.state === "empty") counts.empty += 1;
    else if (made.state === "skipped") counts.skipped += 1;
  }
  for (const [channel, own] of Map.groupBy(ready, (one) => one.channel)) {
    const groups = chunk(own, channel === input.channel ? input.maxBatch : channelFor(channel).maxBatch);
    await handOver(trx, channel, await batches.insertAll(trx, channel, groups));
  }
  return counts;
}

type Made =
  | { readonly state: "frozen"; readonly id: string; readonly papers: number }
  | { readonly state: "empty" | "skipped" | "used" };

async function freezeOne(
  trx: Trx,
  reader: Reader,
  cadence: "digest" | "instant",
  { dueAt, period, since }: Period,
  material: Material,
  notes: Awaited<ReturnType<typeof sourceNotes>>,
  input: ComposeInput,
): Promise<Made> {
  const frame = {
    readerId: reader.id,
    period,
    dueAt,
    frozenAt: input.now,
    fromSeq: horizonOf(reader, cadence),
    toSeq: input.upTo,
    content: undefined,
  };
  const because = await whyNot(trx, reader, input.now);
  if (because !== undefined) {
    if (cadence === "instant") return { state: "skipped" };
    const id = await digests.insertNew(trx, { ...frame, state: "skipped", because });
    return { state: id === undefined ? "used" : "skipped" };
  }
  const candidates = candidatesOf(reader, material, frame.fromSeq, since);
  const digest = composeDigest(candidates, { maxPapers: reader.maxPapers }, notes);
  if (!isWorthMailing(digest, { tellWhenNothing: reader.tellWhenNothing && cadence === "digest" })) {
    if (cadence === "instant") return { state: "empty" };
    const id = await digests.insertNew(trx, { ...frame, state: "empty" });
    return { state: id === undefined ? "used" : "empty" };
  }
  const id = await digests.insertNew(trx, { ...frame, content: digest, state: "frozen" });
  if (id === undefined) return { state: "used" };
  const items = itemsOf(digest);
  const overCap = new Map(candidates.map((candidate) => [candidate.paperId, candidate]));
  await digests.insertPapers(
    trx,
    id,
    reader.id,
    [
      ...items.map((item, rank) => ({
        paperId: item.paperId,
        rank,
        state: "in" as const,
        score: item.score,
        reasons: item.reasons,
      })),
      ...digest.overCap.map((paperId, index) => ({
        paperId,
        rank: items.length + index,
        state: "over-cap" as const,
        score: overCap.get(paperId)?.score ?? 0,
        reasons: overCap.get(paperId)?.reasons ?? [],
      })),
    ],
    input.now,
  );
  return { state: "frozen", id, papers: items.length };
}

/** Missed periods are not made up one by one: the next due instant lies after now. */
function advance(
  reader: Reader,
  cadence: "digest" | "instant",
  period: Period,
  input: ComposeInput,
  used: boolean,
) {
  if (cadence === "instant") return { instantHorizon: Math.max(reader.instantHorizon, input.upTo) };
  const next = nextDue(scheduleOf(reader), new Date(Math.max(input.now.getTime(), period.dueAt.getTime())));
  // A period that was used up already leaves what has matched since to the next one.
  const horizon = used ? reader.horizon : Math.max(reader.horizon, input.upTo);
  return { horizon, nextDigestAt: next, dueFor: null, heldUntil: null };
}

function isActive(reader: Reader): boolean {
  return reader.confirmedAt !== null && reader.unsubscribedAt === null;
}

async function whyNot(trx: Trx, reader: Reader, now: Date): Promise<string | undefined> {
  if (reader.pausedAt !== null && (reader.pausedUntil === null || reader.pausedUntil > now))
    return "the reader has paused";
  if (reader.channel !== null) return undefined;
  const suppressed = await suppressions.find(trx, reader.email);
  return suppressed === undefined ? undefined : `the address is suppressed: ${suppressed.because}`;
}
