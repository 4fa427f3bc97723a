import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";

export interface StoredQuery {
  readonly id: number;
  readonly text: string;
  readonly rev: number;
}

/** The id of a canonical query; equal queries of any number of subscriptions share one. */
export async function save(
  trx: Trx,
  query: { readonly hash: string; readonly text: string },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into queries (hash, text, rev) values (${query.hash}, ${query.text}, nextval('queries_rev'))
    on conflict (hash) do update set hash = excluded.hash returning id`.execute(trx);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("the database did not answer with the query's id");
  return id;
}

/** Queries that an active subscription of a confirmed reader uses. Ordered by id. */
export async function listActive(db: Db | Trx): Promise<StoredQuery[]> {
  const { rows } = await sql<StoredQuery>`
    select q.id, q.text, q.rev from queries q
    where exists (
      select from subscriptions s join readers r on r.id = s.reader_id
      where s.query_id = q.id and s.cadence <> 'paused' and r.confirmed_at is not null and r.unsubscribed_at is null
    ) order by q.id`.execute(db);
  return rows;
}

/** Changes whenever the set of active queries may have: the key of the in-memory index. */
export async function fingerprint(db: Db | Trx): Promise<string> {
  const { rows } = await sql<{ fingerprint: string }>`
    select (select coalesce(max(rev), 0) from queries)::text || '.' ||
      (select count(*)::text || '.' || coalesce(extract(epoch from max(changed_at))::text, '')
        from subscriptions where cadence <> 'paused') || '.' ||
      (select count(*)::text || '.' || coalesce(extract(epoch from max(greatest(confirmed_at, unsubscribed_at)))::text, '')
        from readers where confirmed_at is not null and unsubscribed_at is null) as fingerprint`.execute(db);
  return rows[0]?.fingerprint ?? "";
}
