import type { Db } from "@paperwire/db";
import { sql } from "kysely";
import type { CrashPoint } from "./crash-points.ts";
import { type Fault, leavers } from "./faults.ts";
import type { World } from "./world.ts";

export interface Verdict {
  readonly delivered: number;
  readonly uncertain: number;
  /** What is wrong, in sentences; empty when the case has passed. */
  readonly wrong: readonly string[];
}

/** Most mails that one process has in hand at once. */
const inFlight = 4;

/** Holds what the provider has on record against what was to go out, and against what we have on record. */
export async function verify(
  world: World,
  crash: CrashPoint,
  fault: Fault,
  leftAt: Date | undefined,
): Promise<Verdict> {
  const wrong: string[] = [];
  const requests = world.provider.requests();
  const times = countOf(world.provider.delivered());
  const leaving = new Set(fault.leaving === undefined ? [] : leavers(world).map(({ email }) => email));
  const states = await statesOf(world.db);
  const uncertain = new Set([...states].filter(([, state]) => state === "uncertain").map(([email]) => email));

  for (const [email, count] of times) if (count > 1) wrong.push(`${email} was mailed ${count} times`);
  for (const { email } of world.frozen.readers) {
    const state = states.get(email);
    const went = times.has(email);
    if (leaving.has(email) || fault.tooLate === true) {
      if (!went && state === "accepted") wrong.push(`${email} is recorded accepted and was not mailed`);
      if (went && state === "skipped") wrong.push(`${email} is recorded skipped and was mailed`);
      continue;
    }
    if (!went && !uncertain.has(email)) wrong.push(`${email} was not mailed, and is recorded ${state}`);
    if (went && state !== "accepted" && state !== "uncertain")
      wrong.push(`${email} was mailed, and is recorded ${state}`);
  }
  if (world.transport === "smtp") {
    const most = (crash.leavesDoubt ? inFlight : 0) + (fault.doubts ?? 0);
    if (uncertain.size > most)
      wrong.push(`${uncertain.size} mails are uncertain, of which only ${most} can be`);
  } else {
    if (uncertain.size > 0) wrong.push(`${uncertain.size} mails are uncertain, though there are keys`);
    wrong.push(...keysWrong(requests));
  }
  if (leftAt !== undefined) wrong.push(...(await leftWrong(world.db, requests, leaving, leftAt)));
  wrong.push(...(await ledgerWrong(world.db)));
  return { delivered: world.provider.delivered().length, uncertain: uncertain.size, wrong };
}

type Requests = ReturnType<World["provider"]["requests"]>;

/** Equal bytes under one key, and mail by one request of a key only. */
function keysWrong(requests: Requests): string[] {
  const wrong: string[] = [];
  for (const [key, same] of Map.groupBy(requests, (request) => request.key)) {
    if (key === "") wrong.push("a request had no key");
    if (new Set(same.map(({ sha256 }) => sha256)).size > 1) wrong.push(`the bytes under ${key} changed`);
    if (same.filter(({ delivered }) => delivered.length > 0).length > 1) wrong.push(`${key} was taken twice`);
  }
  const taken = requests.filter(({ delivered }) => delivered.length > 0);
  const batches = countOf(taken.map(({ key }) => key.replace(/\/\d+$/, "")));
  for (const [batch, count] of batches) if (count > 1) wrong.push(`${batch} was taken under ${count} keys`);
  return wrong;
}

/**
 * Who has left is in no request whose first attempt began after that. An attempt begins when its request is stored:
 * a process that is killed right then may or may not have sent it, and from then on only these bytes may follow.
 */
async function leftWrong(
  db: Db,
  requests: Requests,
  leaving: ReadonlySet<string>,
  leftAt: Date,
): Promise<string[]> {
  const batches = await db.selectFrom("batches").select(["id", "firstAttemptAt"]).execute();
  const begun = new Map(batches.map(({ id, firstAttemptAt }) => [`paperwire/${id}/1`, firstAttemptAt]));
  const wrong: string[] = [];
  for (const [key, same] of Map.groupBy(requests, (request) => request.key)) {
    const first = same[0];
    if (first === undefined || (begun.get(key) ?? new Date(first.at)) <= leftAt) continue;
    const found = first.recipients.filter((email) => leaving.has(email));
    if (found.length > 0) wrong.push(`${found[0]} had left and was in ${key}, first attempted after that`);
  }
  return wrong;
}

/** Accepted and uncertain mails keep their papers; those of skipped and rejected ones are free again. */
async function ledgerWrong(db: Db): Promise<string[]> {
  const { rows } = await sql<{ state: string; reserved: boolean; count: number }>`
    select d.state, exists (select from mailed m where m.digest_id = d.digest_id) as reserved, count(*)::int as count
    from deliveries d where d.kind = 'digest' group by 1, 2`.execute(db);
  return rows
    .filter(({ state, reserved }) => reserved !== (state === "accepted" || state === "uncertain"))
    .map(
      ({ state, reserved, count }) =>
        `${count} ${state} deliveries have their papers ${reserved ? "reserved" : "free"}`,
    );
}

async function statesOf(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom("deliveries").select(["address", "state"]).execute();
  return new Map(rows.map(({ address, state }) => [address, state]));
}

function countOf(all: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}
