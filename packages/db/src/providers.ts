import type { AddressWord } from "@paperwire/core";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";

/** Requests a second until the provider says otherwise: the smallest rate that any of them documents. */
const startingRate: Record<string, number> = { resend: 2 };

export interface Turn {
  /** Until this deployment's turn; 0 when it is now. The turn is taken unless it is more than 5 s away. */
  readonly waitMs: number;
  /** Until the provider lets anything through again; 0 when it does. */
  readonly blockedMs: number;
  readonly because: string | null;
}

/**
 * Takes this deployment's next turn at a provider: one budget over all processes, on the database's clock.
 * A provider without a known rate has no turns, only pauses, and is only asked about.
 */
export async function takeTurn(db: Db, provider: string): Promise<Turn> {
  const rate = startingRate[provider] ?? 0;
  const { rows } = await (rate === 0 ? askPause(db, provider) : reserve(db, provider, rate));
  return rows[0] ?? { waitMs: 0, blockedMs: 0, because: null };
}

const blockedMs = sql<number>`
  greatest(0, coalesce(extract(epoch from blocked_until - clock_timestamp()) * 1000, 0))::float8`;

function askPause(db: Db, provider: string) {
  return sql<Turn>`
    select 0 as "waitMs", ${blockedMs} as "blockedMs", because from provider_budgets
    where provider = ${provider}`.execute(db);
}

function reserve(db: Db, provider: string, rate: number) {
  return sql<Turn>`
    insert into provider_budgets as b (provider, per_second, next_at)
    values (${provider}, ${rate}, clock_timestamp())
    on conflict (provider) do update set next_at = case
      when b.blocked_until > clock_timestamp() then b.next_at
      when b.next_at > clock_timestamp() + interval '5 seconds' then b.next_at
      else greatest(b.next_at, clock_timestamp()) + make_interval(secs => 1 / b.per_second) end
    returning
      greatest(0, extract(epoch from next_at - clock_timestamp()) * 1000 - 1000 / per_second)::float8 as "waitMs",
      ${blockedMs} as "blockedMs", because`.execute(db);
}

/** Follows what the provider says of its rate. */
export async function learnBudget(
  db: Db,
  provider: string,
  budget: { readonly limit?: number; readonly remaining?: number; readonly resetMs?: number },
): Promise<void> {
  if (budget.limit !== undefined && budget.limit > 0) {
    await sql`update provider_budgets set per_second = ${budget.limit} where provider = ${provider} and per_second <> ${budget.limit}`.execute(
      db,
    );
  }
}

/** Nobody sends through the provider before the instant (real time). */
export async function pause(trx: Db | Trx, provider: string, until: Date, because: string): Promise<void> {
  await sql`
    insert into provider_budgets as b (provider, per_second, blocked_until, because)
    values (${provider}, ${startingRate[provider] ?? 0}, ${until}, ${because})
    on conflict (provider) do update set because = excluded.because,
      blocked_until = greatest(b.blocked_until, excluded.blocked_until)`.execute(trx);
}

export function list(db: Db) {
  return db.selectFrom("providerBudgets").selectAll().orderBy("provider").execute();
}

export interface HeardWord {
  readonly at: string;
  readonly providerId: string;
  readonly status: string;
  readonly addresses: readonly string[];
  readonly word?: AddressWord;
  readonly detail?: string;
}

/**
 * Keeps a provider's event under its own id; `false` when it is known already. Until the transaction ends nobody
 * else keeps one about the same address, so that bounces are counted one after another.
 */
export async function insertNewEvent(trx: Trx, id: string, heard: HeardWord): Promise<boolean> {
  const { at, providerId, status, addresses, word, detail } = heard;
  const [address = null] = addresses;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`provider event ${address}`}, 0))`.execute(trx);
  const result = await trx
    .insertInto("providerEvents")
    .values({ id, type: status, providerId, address, at, data: JSON.stringify({ word, detail }) })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** The last word about each of the last five mails to the address, oldest first. */
export async function recentWords(trx: Trx, address: string): Promise<AddressWord[]> {
  const { rows } = await sql<{ word: AddressWord }>`
    select word from (
      select distinct on (provider_id) data->>'word' as word, at from provider_events
      where address = ${address} and data->>'word' is not null order by provider_id, at desc
    ) as mails order by at desc limit 5`.execute(trx);
  return rows.map((row) => row.word).reverse();
}

/** What a provider said half a year ago is not asked for any more. */
export async function pruneEvents(db: Db): Promise<void> {
  await sql`delete from provider_events where received_at < clock_timestamp() - interval '180 days'`.execute(
    db,
  );
}
