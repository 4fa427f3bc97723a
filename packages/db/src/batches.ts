import { PermanentError } from "@paperwire/core";
import type { Selectable, Updateable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { NewDelivery } from "./deliveries.ts";
import type { BatchTable } from "./schema.ts";

/** The request is megabytes long and is asked for only where it is sent again. */
export type Batch = Omit<Selectable<BatchTable>, "request">;

/** Puts deliveries of one channel into new open batches, one per group, in the given order; returns the batches. */
export async function insertAll(
  trx: Trx,
  channel: string,
  groups: readonly (readonly NewDelivery[])[],
): Promise<string[]> {
  if (groups.length === 0) return [];
  const ids = await insertEmpty(trx, channel, groups.length);
  await trx
    .insertInto("deliveries")
    .values(
      groups.flatMap((group, n) =>
        group.map((delivery, position) => ({ ...delivery, batchId: ids[n] ?? null, position })),
      ),
    )
    .execute();
  return ids;
}

/** New batches for members of others that certainly did not go out, under keys of their own. */
export async function rebatch(
  trx: Trx,
  channel: string,
  groups: readonly (readonly string[])[],
): Promise<string[]> {
  if (groups.length === 0) return [];
  const ids = await insertEmpty(trx, channel, groups.length);
  const moves = groups.flatMap((members, n) =>
    members.map((id, position) => ({ id, batch: ids[n], position })),
  );
  await sql`
    update deliveries d set batch_id = r.batch, channel = ${channel}, position = r.position, state = 'pending'
    from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as r(id uuid, batch uuid, position int)
    where d.id = r.id`.execute(trx);
  return ids;
}

async function insertEmpty(trx: Trx, channel: string, count: number): Promise<string[]> {
  const rows = await trx
    .insertInto("batches")
    .values(Array.from({ length: count }, () => ({ channel })))
    .returning("id")
    .execute();
  return rows.map(({ id }) => id);
}

/** Those of the batches that there are, locked in the order of their ids. */
export function lock(trx: Trx, ids: readonly string[]): Promise<Batch[]> {
  return trx
    .selectFrom("batches")
    .select([
      "id",
      "channel",
      "state",
      "generation",
      "burned",
      "doubts",
      "firstAttemptAt",
      "attemptStartedAt",
      "ambiguousSince",
      "fence",
      "leaseUntil",
      "heldBy",
      "size",
      "createdAt",
      "settledAt",
      "because",
    ])
    .where("id", "in", [...ids])
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** The channel of a batch; undefined where there is no such batch. */
export async function channelOf(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom("batches").select("channel").where("id", "=", id).executeTakeFirst();
  return row?.channel;
}

/** The stored request of a batch that is attempted or sealed. */
export async function requestOf(trx: Trx, id: string): Promise<Buffer> {
  const row = await trx.selectFrom("batches").select("request").where("id", "=", id).executeTakeFirst();
  if (row?.request == null) throw new PermanentError(`batch ${id} has no stored request`);
  return row.request;
}

export async function update(
  trx: Trx,
  ids: readonly string[],
  change: Updateable<BatchTable>,
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable("batches")
    .set(change)
    .where("id", "in", [...ids])
    .execute();
}

/** Who attempts, and for how long nobody else may. */
export interface Hold {
  readonly heldBy: string;
  readonly at: Date;
  readonly leaseUntil: Date;
}

export interface FirstAttempt {
  readonly id: string;
  readonly fence: number;
  readonly size: number;
  readonly generation: number;
  /** The exact bytes, as they are stored. */
  readonly request: Buffer;
}

/** Stores what is about to be sent for batches that were open. */
export async function startAttempts(trx: Trx, attempts: readonly FirstAttempt[], hold: Hold): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map(
    ({ id, fence, size, generation, request }) =>
      sql`(${id}::uuid, ${fence}::int, ${size}::int, ${generation}::int, ${request}::bytea)`,
  );
  await sql`
    update batches b set state = 'attempting', fence = r.fence, size = r.size, generation = r.generation,
      request = r.request, first_attempt_at = coalesce(b.first_attempt_at, ${hold.at}::timestamptz),
      attempt_started_at = ${hold.at}, held_by = ${hold.heldBy}, lease_until = ${hold.leaseUntil}
    from (values ${sql.join(rows)}) as r(id, fence, size, generation, request)
    where b.id = r.id`.execute(trx);
}

/** The database's own clock: leases are compared with it, never with a worker's. */
export async function realNow(db: Db | Trx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error("the database did not tell the time");
  return now;
}

export async function logAttempts(
  trx: Trx,
  attempts: readonly {
    batchId: string;
    fence: number;
    key: string;
    outcome: string;
    detail: string | null;
  }[],
): Promise<void> {
  if (attempts.length === 0) return;
  await trx
    .insertInto("deliveryAttempts")
    .values([...attempts])
    .execute();
}

/** Stored requests hold addresses: they go 48 hours after the batch is settled. */
export async function prune(db: Db): Promise<void> {
  await sql`update batches set request = null
    where request is not null and settled_at < clock_timestamp() - interval '48 hours'`.execute(db);
}
