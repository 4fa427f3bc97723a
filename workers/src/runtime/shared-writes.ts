import { setImmediate } from "node:timers/promises";
import { outbox, type Trx } from "@paperwire/db";
import type { Context } from "./context.ts";

/** Another run of the same job was faster; everything this one wanted to write is rolled back. */
export class Superseded extends Error {
  override name = "Superseded";
}

/** What the jobs of one kind write when they are done, written for several of them in one transaction. */
export interface SharedWrite<I, R> {
  /** Jobs in one transaction. */
  readonly most: number;
  /** All of them together may weigh this much; what is heavier alone goes alone. */
  readonly mostWeight?: number;
  weightOf?(item: I): number;
  /** Items with the same key are written one after the other, never in one transaction. */
  keyOf(item: I): string;
  /** Returns one result per item, in order. */
  write(trx: Trx, items: readonly I[], context: Context): Promise<readonly R[]>;
}

export interface SharedWrites {
  /** Closes the run and writes its item, both or neither. Throws what the write threw for this item alone. */
  submit<I, R>(shared: SharedWrite<I, R>, run: outbox.Run, item: I, signal: AbortSignal): Promise<R>;
}

interface Entry {
  readonly run: outbox.Run;
  readonly item: unknown;
  readonly signal: AbortSignal;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Line {
  waiting: Entry[];
  isMoving: boolean;
}

/**
 * Group commit: what becomes ready while one transaction runs goes into the next one, so that a busy process
 * needs fewer statements and an idle one waits for nobody. When a transaction fails, each of its items is tried
 * again alone: what is wrong with one costs the others nothing.
 */
export function createSharedWrites(context: Context): SharedWrites {
  const lines = new Map<unknown, Line>();
  return {
    submit(shared, run, item, signal) {
      const line = lines.get(shared) ?? { waiting: [], isMoving: false };
      lines.set(shared, line);
      return new Promise((resolve, reject) => {
        line.waiting.push({ run, item, signal, resolve, reject });
        if (!line.isMoving) move(shared, line, context).catch(reject);
      });
    },
  };
}

async function move(shared: SharedWrite<unknown, unknown>, line: Line, context: Context): Promise<void> {
  line.isMoving = true;
  try {
    // Whoever becomes ready in the same turn comes along.
    await setImmediate();
    while (line.waiting.length > 0) {
      const group = nextGroup(shared, line);
      if (group.length > 0) await writeGroup(shared, group, context);
    }
  } finally {
    line.isMoving = false;
  }
}

function nextGroup(shared: SharedWrite<unknown, unknown>, line: Line): Entry[] {
  const group = new Map<string, Entry>();
  const left: Entry[] = [];
  let weight = 0;
  for (const entry of line.waiting) {
    const key = shared.keyOf(entry.item);
    const own = shared.weightOf?.(entry.item) ?? 0;
    const isTooHeavy = group.size > 0 && weight + own > (shared.mostWeight ?? Number.POSITIVE_INFINITY);
    if (entry.signal.aborted) entry.reject(entry.signal.reason);
    else if (group.size >= shared.most || group.has(key) || isTooHeavy) left.push(entry);
    else {
      group.set(key, entry);
      weight += own;
    }
  }
  line.waiting = left;
  return [...group.values()];
}

async function writeGroup(
  shared: SharedWrite<unknown, unknown>,
  group: readonly Entry[],
  context: Context,
): Promise<void> {
  try {
    const results = await context.db.transaction().execute(async (trx) => {
      const closed = await outbox.closeAll(
        trx,
        group.map(({ run }) => run),
      );
      const live = group.filter(({ run }) => closed.has(run.id));
      const items = live.map(({ item }) => item);
      const written = live.length === 0 ? [] : await shared.write(trx, items, context);
      return new Map(live.map((entry, at) => [entry, written[at]]));
    });
    for (const entry of group) {
      if (results.has(entry)) entry.resolve(results.get(entry));
      else entry.reject(new Superseded());
    }
  } catch (error) {
    const [first] = group;
    if (group.length === 1) first?.reject(error);
    else await Promise.all(group.map((entry) => writeGroup(shared, [entry], context)));
  }
}
