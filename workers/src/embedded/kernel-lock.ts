import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { PermanentError } from "@paperwire/core/errors.ts";

const WAIT_MS = 180_000;

/**
 * Runs `work` while no other process (and no other call in this one) holds the same lock file. The lock is
 * SQLite's exclusive lock on an empty database: the kernel drops it when its holder ends, however it ends, so
 * there is nothing stale to detect. Node itself offers no file lock.
 */
export async function withKernelLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  let held = tryLock(file);
  while (held === undefined) {
    if (performance.now() > deadline) {
      throw new PermanentError(
        `Another process has held ${file} for three minutes: look for one that starts or stops PostgreSQL and hangs.`,
      );
    }
    await delay(10);
    held = tryLock(file);
  }
  try {
    return await work();
  } finally {
    held.close();
  }
}

function tryLock(file: string): DatabaseSync | undefined {
  const database = openLock(file);
  try {
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw new PermanentError(`The file ${file} cannot be locked: ${String(error)}.`, { cause: error });
  }
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw new PermanentError(`The lock file ${file} cannot be opened: ${String(error)}.`, { cause: error });
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  return typeof error.errcode === "number" && (error.errcode & 0xff) === SQLITE_BUSY;
}
