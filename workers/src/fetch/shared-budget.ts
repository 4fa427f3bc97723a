import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { RetryLaterError } from "@paperwire/core/errors.ts";
import { type Db, hostBudgets } from "@paperwire/db";
import type { HostBudget, HostGroup, Reservation } from "./host-budget.ts";

export interface SharedBudgetOptions {
  /** The longest that a job waits for its slot; beyond it, it is put off and another host gets its turn (20 s). */
  readonly patienceMs?: number;
  /** Longer than any request can last, so that only a dead holder loses its slot (60 s). */
  readonly leaseMs?: number;
  readonly db: Db;
}

/** How many jobs of one process may wait for a host with a gap; the rest are put off at once. */
const MOST_WAITING = 4;

/** How long one process may keep a host without a gap while its own jobs take turns on it. */
const BURST_MS = 1_000;

/** There while one job of this process has, or asks the database for, the slot. */
interface Line {
  /** Jobs of this process that wait, first come first served. */
  readonly waiting: (() => void)[];
  /** A slot that is passed on within the process (hosts without a gap). */
  kept?: { readonly holder: string; readonly sinceMs: number };
}

/**
 * The shared budget on PostgreSQL. Within a process jobs stand in line, so that one at a time asks the
 * database, whose row decides between the processes.
 */
export function createSharedBudget({
  db,
  patienceMs = 20_000,
  leaseMs = 60_000,
}: SharedBudgetOptions): HostBudget {
  const lines = new Map<string, Line>();

  function leave(name: string, line: Line): void {
    const next = line.waiting.shift();
    if (next === undefined) lines.delete(name);
    else next();
  }

  function slotOf(group: HostGroup, line: Line, holder: string, sinceMs: number): Reservation {
    let released = false;
    return {
      async release(end) {
        if (released) return;
        released = true;
        try {
          const passOn = group.gapMs === 0 && line.waiting.length > 0 && typeof end !== "object";
          if (passOn && performance.now() - sinceMs < BURST_MS) line.kept = { holder, sinceMs };
          else await hostBudgets.release(db, group.group, holder, group.gapMs, end, group.blockAfter);
        } finally {
          leave(group.group, line);
        }
      },
    };
  }

  return {
    async reserve(group, signal) {
      signal?.throwIfAborted();
      const deadline = performance.now() + patienceMs;
      const ahead = lines.get(group.group);
      if (ahead !== undefined) await standInLine(ahead, group, patienceMs, signal);
      const line: Line = ahead ?? { waiting: [] };
      lines.set(group.group, line);
      try {
        const { kept } = line;
        delete line.kept;
        if (kept !== undefined) return slotOf(group, line, kept.holder, kept.sinceMs);
        const holder = randomUUID();
        await holdByDeadline(db, group, holder, { leaseMs, deadline, behind: line.waiting.length, signal });
        return slotOf(group, line, holder, performance.now());
      } catch (error) {
        leave(group.group, line);
        throw error;
      }
    },
  };
}

/** Resolves when the one before has left. */
async function standInLine(
  line: Line,
  group: HostGroup,
  patienceMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const expectedMs = (line.waiting.length + 1) * group.gapMs;
  if (group.gapMs > 0 && (line.waiting.length >= MOST_WAITING || expectedMs > patienceMs)) {
    throw putOff(group, expectedMs);
  }
  await new Promise<void>((resolve, reject) => {
    const turn = () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      line.waiting.splice(line.waiting.indexOf(turn), 1);
      reject(signal?.reason);
    };
    line.waiting.push(turn);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

interface Wait {
  readonly leaseMs: number;
  readonly deadline: number;
  readonly behind: number;
  readonly signal: AbortSignal | undefined;
}

async function holdByDeadline(db: Db, group: HostGroup, holder: string, wait: Wait): Promise<void> {
  for (;;) {
    const hold = await hostBudgets.tryHold(db, group.group, holder, wait.leaseMs);
    if (hold.held) return;
    const delayMs = nextTryMs(hold.waitMs, hold.busy, group.gapMs, Math.random());
    if (performance.now() + delayMs > wait.deadline) throw putOff(group, delayMs + wait.behind * group.gapMs);
    await pause(delayMs, undefined, wait.signal === undefined ? {} : { signal: wait.signal }).catch(
      (error) => {
        wait.signal?.throwIfAborted();
        throw error;
      },
    );
  }
}

/**
 * When to ask for the slot again: at the end of the gap or the block when nobody holds it; while somebody
 * does, a few times in a gap. A little chance keeps processes from asking in step.
 */
export function nextTryMs(waitMs: number, busy: boolean, gapMs: number, random: number): number {
  const poll = Math.min(500, Math.max(10, gapMs / 8));
  return Math.ceil((busy ? Math.max(waitMs, poll) : waitMs) + random * Math.min(50, 1 + gapMs / 20));
}

function putOff(group: HostGroup, delayMs: number): RetryLaterError {
  const spread = delayMs * (1 + Math.random() * 0.25) + 100;
  return new RetryLaterError(
    `The budget for ${group.group} (one request every ${group.gapMs / 1000} s) is used up for another ${Math.ceil(delayMs / 1000)} s.`,
    Math.ceil(spread),
  );
}
