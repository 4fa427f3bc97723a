import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { HubSubscriptionTable } from "./schema.ts";

/** Everything but `pollAt` is real time, as leases are. */
export type HubSubscription = Selectable<HubSubscriptionTable>;

/** Polls that pushes ask for are at least this far apart, however many come. */
export const pushGapMs = 5 * 60_000;
/** A source whose push ends is asked within an hour of its last poll. */
const backToRhythm = sql`next_fetch_at = case when failures = 0 and every_minutes is null
  then least(next_fetch_at, coalesce(last_fetch_at + interval '1 hour', next_fetch_at)) else next_fetch_at end`;

/**
 * Makes the subscriptions what the sources offer: one for each source that names a hub and is not paused, none for
 * any other. `base` is where a hub reaches this installation; null ends every subscription. Safe to run at once
 * and again: a source has at most one subscription that is wanted.
 */
export async function align(db: Db, base: string | null): Promise<void> {
  await sql`
    update hub_subscriptions h set wanted = false, failures = 0, next_ask_at = clock_timestamp(), due_for = null
    where h.wanted and (${base}::text is null or not exists (select from sources s where s.id = h.source_id
      and s.paused_at is null and s.hub_url = h.hub_url and s.hub_topic = h.topic))`.execute(db);
  if (base !== null) {
    await sql`
      update hub_subscriptions set base = ${base}, asked_at = null, confirmed_at = null, expires_at = null, failures = 0,
        next_ask_at = clock_timestamp(), due_for = null where wanted and base <> ${base}`.execute(db);
    await sql`
      insert into hub_subscriptions (source_id, hub_url, topic, secret, base)
      select s.id, s.hub_url, s.hub_topic, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), ${base}
      from sources s where s.hub_url is not null and s.hub_topic is not null and s.paused_at is null
        and not exists (select from hub_subscriptions h where h.source_id = s.id and h.wanted)
      on conflict do nothing`.execute(db);
  }
  await sql`
    update sources s set hub_expires_at = null, ${backToRhythm} where s.hub_expires_at is not null and not exists (
      select from hub_subscriptions h where h.source_id = s.id and h.wanted and h.expires_at = s.hub_expires_at)`.execute(
    db,
  );
}

/** Takes the subscriptions whose hub is to be asked, each once per time. */
export async function takeDue(trx: Trx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update hub_subscriptions set due_for = next_ask_at where id in (
      select id from hub_subscriptions where next_ask_at <= clock_timestamp()
        and due_for is distinct from next_ask_at
      order by next_ask_at limit ${limit} for update skip locked
    ) returning id`.execute(trx);
  return rows.map((row) => row.id);
}

export interface ReadSubscription extends HubSubscription {
  /** The database's clock, by which its instants are to be judged. */
  readonly readAt: Date;
}

export function find(db: Db | Trx, id: string): Promise<ReadSubscription | undefined> {
  return db
    .selectFrom("hubSubscriptions")
    .selectAll()
    .select(sql<Date>`clock_timestamp()`.as("readAt"))
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Those that are wanted, by source. */
export function listWanted(db: Db): Promise<ReadSubscription[]> {
  return db
    .selectFrom("hubSubscriptions")
    .selectAll()
    .select(sql<Date>`clock_timestamp()`.as("readAt"))
    .where("wanted", "=", true)
    .orderBy("sourceId")
    .execute();
}

export function findWanted(db: Db, sourceId: string): Promise<ReadSubscription | undefined> {
  return db
    .selectFrom("hubSubscriptions")
    .selectAll()
    .select(sql<Date>`clock_timestamp()`.as("readAt"))
    .where("sourceId", "=", sourceId)
    .where("wanted", "=", true)
    .executeTakeFirst();
}

/**
 * What came of asking the hub, which began at `askedAt` (the database's clock). A hub may verify while the request
 * still runs: what was confirmed since then stands.
 */
export async function noteAsked(
  trx: Trx,
  id: string,
  answer: { readonly askedAt: Date; readonly againInMs: number; readonly problem?: string | undefined },
): Promise<void> {
  await sql`
    update hub_subscriptions set asked_at = ${answer.askedAt}, due_for = null, failures = failures + 1,
      last_error = ${answer.problem ?? null},
      next_ask_at = clock_timestamp() + ${answer.againInMs} * interval '1 millisecond'
    where id = ${id} and (confirmed_at is null or confirmed_at < ${answer.askedAt})
      and (denied_at is null or denied_at < ${answer.askedAt})`.execute(trx);
}

/** The hub verified what was asked: it pushes until `expiresAt`, and is asked again at `renewAt`. */
export async function confirm(trx: Trx, id: string, expiresAt: Date, renewAt: Date): Promise<void> {
  await sql`
    with confirmed as (
      update hub_subscriptions set confirmed_at = clock_timestamp(), expires_at = ${expiresAt}, denied_at = null,
        failures = 0, last_error = null, next_ask_at = ${renewAt}, due_for = null
      where id = ${id} and wanted returning source_id
    ) update sources set hub_expires_at = ${expiresAt} from confirmed where sources.id = confirmed.source_id`.execute(
    trx,
  );
}

/** The hub does not push, or no longer: it is asked again in a week, and the source is polled as before. */
export async function deny(trx: Trx, id: string, because: string): Promise<void> {
  await sql`
    with denied as (
      update hub_subscriptions set denied_at = clock_timestamp(), expires_at = null, failures = 0,
        last_error = ${because}, next_ask_at = clock_timestamp() + interval '7 days', due_for = null
      where id = ${id} and wanted returning source_id
    ) update sources set hub_expires_at = null, ${backToRhythm} from denied where sources.id = denied.source_id`.execute(
    trx,
  );
}

export async function remove(trx: Trx | Db, id: string): Promise<void> {
  await trx.deleteFrom("hubSubscriptions").where("id", "=", id).execute();
}

/**
 * A push makes its source due at `now` (product time), and not within `pushGapMs` of its last poll or of the one
 * that an earlier push asked for. A source that fails or was told to wait keeps its own next check. Returns when
 * the source is asked next; undefined when it is paused or gone.
 */
export async function ring(trx: Trx, id: string, now: Date): Promise<Date | undefined> {
  const gap = sql`${pushGapMs} * interval '1 millisecond'`;
  const at = sql`${now}::timestamptz`;
  const { rows } = await sql<{ nextFetchAt: Date }>`
    with bell as (
      update hub_subscriptions h set pushes = pushes + 1, last_push_at = clock_timestamp(),
        poll_at = case when h.poll_at > ${at} and h.poll_at <= ${at} + ${gap} then h.poll_at
          else greatest(${at},
            case when h.poll_at <= ${at} then h.poll_at + ${gap} end,
            case when s.last_fetch_at <= ${at} then s.last_fetch_at + ${gap} end) end
      from sources s where h.id = ${id} and s.id = h.source_id returning h.source_id, h.poll_at
    ) update sources s set pushed_at = ${at},
        next_fetch_at = case when s.failures = 0 then least(s.next_fetch_at, bell.poll_at) else s.next_fetch_at end
      from bell where s.id = bell.source_id and s.paused_at is null
      returning s.next_fetch_at as "nextFetchAt"`.execute(trx);
  return rows[0]?.nextFetchAt;
}

/** A push that is not believed: counted, and nothing else comes of it. */
export async function noteRefused(db: Db, id: string, because: string): Promise<void> {
  await sql`
    update hub_subscriptions set refused_pushes = refused_pushes + 1, last_refused_at = clock_timestamp(),
      last_refused_because = ${because} where id = ${id}`.execute(db);
}

/** A push that came while its source was being polled is not lost in the poll's own next check. */
export async function keepBell(trx: Trx, sourceId: string, startedAt: Date, now: Date): Promise<void> {
  await sql`
    update sources set next_fetch_at = least(next_fetch_at, ${now}::timestamptz + ${pushGapMs} * interval '1 millisecond')
    where id = ${sourceId} and pushed_at > ${startedAt} and pushed_at <= ${now} and failures = 0`.execute(
    trx,
  );
}
