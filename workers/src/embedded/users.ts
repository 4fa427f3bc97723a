import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { PermanentError } from "@paperwire/core/errors.ts";
import { type PostgresPlace, readRecord, writeRecord } from "./place.ts";
import { identityOf, isRunning, type ProcessIdentity } from "./process-identity.ts";

let serial = 0;
let self: Promise<ProcessIdentity | undefined> | undefined;

/** Records that this process uses the server, once per call. Returns how to take the record back. */
export async function registerUser(place: PostgresPlace): Promise<() => Promise<void>> {
  self ??= identityOf(process.pid);
  const identity = await self;
  if (identity === undefined) throw new PermanentError("The start time of this process cannot be read.");
  const file = join(place.usersFolder, `${process.pid}-${process.hrtime.bigint()}-${++serial}.json`);
  await writeRecord(place, file, JSON.stringify(identity));
  return () => rm(file, { force: true });
}

/** Call it under the lock: it drops the records of processes that ended without taking theirs back. */
export async function countLiveUsers(place: PostgresPlace): Promise<number> {
  let live = 0;
  for (const name of await readdir(place.usersFolder)) {
    const file = join(place.usersFolder, name);
    const record = await readRecord(file);
    if (isIdentity(record) && (await isRunning(record))) live++;
    else await rm(file, { force: true });
  }
  return live;
}

export function isIdentity(
  record: Record<string, unknown> | undefined,
): record is Record<string, unknown> & ProcessIdentity {
  return typeof record?.pid === "number" && typeof record.startedAt === "string";
}
