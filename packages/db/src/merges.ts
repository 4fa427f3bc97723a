import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";

/** What a merge moved or copied, so that `split` can give it back. */
interface Snapshot {
  readonly keys?: readonly string[];
  /** Source and key of each. */
  readonly listings?: readonly (readonly string[])[];
  readonly homes?: readonly string[];
  /** Home and number of each. */
  readonly versions?: readonly (readonly (string | number)[])[];
  readonly occasions?: readonly string[];
  readonly matches?: readonly number[];
  readonly voters?: readonly string[];
}

/**
 * Folds the paper `gone` into `kept`: every key, listing, home, version, occasion, match, vote and reservation moves
 * or is copied, so that whoever had one never gets the other, and whoever was to get one still does. What moved is
 * kept with the pair's row in `merges`, which must be there.
 */
export async function mergeInto(trx: Trx, kept: string, gone: string): Promise<void> {
  const moved: Snapshot = {
    keys: await keysMoved(trx, kept, gone),
    listings: await rowsOf<string[]>(
      trx,
      sql`
      update listings set paper_id = ${kept} where paper_id = ${gone} returning array[source_id, key] as value`,
    ),
    homes: await rowsOf<string>(
      trx,
      sql`
      insert into homes (paper_id, home, url, seen_at) select ${kept}::uuid, home, url, seen_at from homes
      where paper_id = ${gone} on conflict do nothing returning home as value`,
    ),
    versions: await rowsOf<(string | number)[]>(
      trx,
      sql`
      insert into versions (paper_id, home, version, title, abstract, authors, at, seen_at, changed)
      select ${kept}::uuid, home, version, title, abstract, authors, at, seen_at, changed from versions
      where paper_id = ${gone} on conflict do nothing returning jsonb_build_array(home, version) as value`,
    ),
    occasions: await rowsOf<string>(
      trx,
      sql`
      insert into announcements (paper_id, occasion, source_id, at, late, matched_at)
      select ${kept}::uuid, occasion, source_id, at, late, matched_at from announcements
      where paper_id = ${gone} on conflict do nothing returning occasion as value`,
    ),
    matches: await rowsOf<number>(
      trx,
      sql`
      update matches m set paper_id = ${kept}, occasion = case
        when exists (select from matches o where o.paper_id = ${kept} and o.occasion = m.occasion)
        then m.occasion || ' ' || m.paper_id else m.occasion end
      where m.paper_id = ${gone} returning id as value`,
    ),
    voters: await rowsOf<string>(
      trx,
      sql`
      insert into votes (reader_id, paper_id, at) select reader_id, ${kept}::uuid, at from votes
      where paper_id = ${gone} on conflict do nothing returning reader_id as value`,
    ),
  };
  await moveBlocks(trx, kept, gone);
  await sql`delete from paper_texts where paper_id = ${gone}`.execute(trx);
  await trx
    .updateTable("merges")
    .set({ snapshot: JSON.stringify(moved) })
    .where(pairOf(kept, gone))
    .execute();
  for (const [table, columns] of [
    ["paper_topics", "topic, classifier, version, confidence"],
    ["paper_signals", "kind, of, count, at"],
  ] as const) {
    await sql`insert into ${sql.table(table)} (paper_id, ${sql.raw(columns)})
      select ${kept}::uuid, ${sql.raw(columns)} from ${sql.table(table)} where paper_id = ${gone}
      on conflict do nothing`.execute(trx);
  }
  await sql`insert into feedback (reader_id, paper_id, said, at)
    select reader_id, ${kept}::uuid, said, at from feedback where paper_id = ${gone}
    on conflict do nothing`.execute(trx);
  for (const [from, to] of [
    [gone, kept],
    [kept, gone],
  ]) {
    await sql`insert into mailed (reader_id, paper_id, digest_id, at)
      select reader_id, ${to}::uuid, digest_id, at from mailed where paper_id = ${from}
      on conflict do nothing`.execute(trx);
  }
  await sql`update subscriptions set liked = array_replace(liked, ${gone}::uuid, ${kept}::uuid)
    where liked @> array[${gone}::uuid]`.execute(trx);
  await sql`update papers k set votes = greatest(k.votes, g.votes),
      picked_by = array(select distinct unnest(k.picked_by || g.picked_by))
    from papers g where k.id = ${kept} and g.id = ${gone}`.execute(trx);
  await sql`update papers set merged_into = ${kept} where id = ${gone} or merged_into = ${gone}`.execute(trx);
}

export interface Split {
  readonly kept: string;
  readonly gone: string;
}

/**
 * Undoes the newest merge into a paper, or the merge of that paper into another: its keys, listings, homes,
 * versions and blocks go back, it lives again, and the two are never joined again. Reservations stay with both:
 * nobody is mailed either twice. Returns nothing when the paper was never merged.
 */
export async function split(trx: Trx, paperId: string, now: Date): Promise<Split | undefined> {
  const merge = await trx
    .selectFrom("merges")
    .selectAll()
    .where("state", "=", "merged")
    .where((where) => where.or([where("kept", "=", paperId), where("gone", "=", paperId)]))
    .where("snapshot", "is not", null)
    .orderBy("decidedAt", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (merge === undefined) return undefined;
  const moved = (merge.snapshot ?? {}) as Snapshot;
  const { gone } = merge;
  // What is kept now may itself have become another paper since.
  const { rows } = await sql<{
    id: string | null;
  }>`select merged_into as id from papers where id = ${gone}`.execute(trx);
  const kept = rows[0]?.id ?? merge.kept;
  const listings = JSON.stringify((moved.listings ?? []).map(([source, key]) => ({ source, key })));
  await sql`
    update papers p set merged_into = null, abstract = coalesce(p.abstract, (
      select l.said ->> 'abstract' from listings l, jsonb_to_recordset(${listings}::jsonb) as r(source text, key text)
      where l.source_id = r.source and l.key = r.key and l.said ? 'abstract' limit 1))
    where p.id = ${gone}`.execute(trx);
  await sql`update paper_keys set paper_id = ${gone} where key = any(${[...(moved.keys ?? [])]}) and paper_id = ${kept}`.execute(
    trx,
  );
  await sql`
    update listings l set paper_id = ${gone} from jsonb_to_recordset(${listings}::jsonb) as r(source text, key text)
    where l.source_id = r.source and l.key = r.key and l.paper_id = ${kept}`.execute(trx);
  await giveBack(trx, kept, gone, moved);
  await sql`
    insert into paper_blocks (key, paper_id, arxiv)
    select k.key, p.id, p.arxiv_id is not null from papers p, unnest(p.blocks) as k(key) where p.id = ${gone}`.execute(
    trx,
  );
  // What only the other's listings said of identifiers goes with them.
  await sql`
    update papers p set doi = null, published_at = null where id = ${kept} and doi is not null
      and not exists (select from paper_keys k where k.key = 'doi:' || p.doi and k.paper_id = p.id)`.execute(
    trx,
  );
  await trx
    .updateTable("merges")
    .set({ state: "split", decidedAt: now })
    .where("id", "=", merge.id)
    .execute();
  return { kept, gone };
}

async function giveBack(trx: Trx, kept: string, gone: string, moved: Snapshot): Promise<void> {
  const homes = [...(moved.homes ?? [])];
  await sql`insert into homes (paper_id, home, url, seen_at)
    select ${gone}::uuid, home, url, seen_at from homes where paper_id = ${kept} and home = any(${homes})
    on conflict do nothing`.execute(trx);
  await sql`delete from homes where paper_id = ${kept} and home = any(${homes})`.execute(trx);
  const versions = JSON.stringify((moved.versions ?? []).map(([home, version]) => ({ home, version })));
  await sql`delete from versions v using jsonb_to_recordset(${versions}::jsonb) as r(home text, version int)
    where v.paper_id = ${kept} and v.home = r.home and v.version = r.version`.execute(trx);
  // An occasion that was not matched yet belongs to the paper that had it; one that was is closed for both.
  await sql`update announcements g set matched_at = k.matched_at from announcements k
    where g.paper_id = ${gone} and k.paper_id = ${kept} and k.occasion = g.occasion and g.matched_at is null`.execute(
    trx,
  );
  await sql`delete from announcements where paper_id = ${kept} and occasion = any(${[...(moved.occasions ?? [])]})`.execute(
    trx,
  );
  await sql`update matches m set paper_id = ${gone}, occasion = split_part(m.occasion, ' ', 1)
    where m.id = any(${[...(moved.matches ?? [])]}::bigint[]) and m.paper_id = ${kept}
      and not exists (select from matches o where o.paper_id = ${gone} and o.occasion = split_part(m.occasion, ' ', 1))`.execute(
    trx,
  );
  await sql`delete from votes where paper_id = ${kept} and reader_id = any(${[...(moved.voters ?? [])]}::uuid[])`.execute(
    trx,
  );
  for (const [from, to] of [
    [kept, gone],
    [gone, kept],
  ]) {
    await sql`insert into mailed (reader_id, paper_id, digest_id, at)
      select reader_id, ${to}::uuid, digest_id, at from mailed where paper_id = ${from}
      on conflict do nothing`.execute(trx);
  }
}

/** Records that a person wants the pair to be one paper; the merge itself is `mergeInto`. */
export async function confirm(
  trx: Trx,
  kept: string,
  gone: string,
  because: string,
  now: Date,
): Promise<void> {
  await sql`
    insert into merges (kept, gone, state, probability, because, at, decided_at)
    values (${kept}, ${gone}, 'merged', 1, ${[because]}, ${now}, ${now})
    on conflict (least(kept, gone), greatest(kept, gone)) do update
      set kept = excluded.kept, gone = excluded.gone, state = 'merged',
        because = merges.because || excluded.because, decided_at = excluded.decided_at`.execute(trx);
}

/** A person says that a pair is two papers: they are never joined. Returns whether it was a candidate. */
export async function reject(trx: Trx, one: string, other: string, now: Date): Promise<boolean> {
  const result = await trx
    .updateTable("merges")
    .set({ state: "rejected", decidedAt: now })
    .where(pairOf(one, other))
    .where("state", "=", "candidate")
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Pairs that a person should look at, the most probable first; pairs that are one paper by now are left out. */
export async function candidates(db: Db, limit: number) {
  const { rows } = await sql<{
    kept: string;
    gone: string;
    probability: number;
    because: string[];
    at: Date;
    titles: string[];
  }>`
    select m.kept, m.gone, m.probability, m.because, m.at, array[a.title, b.title] as titles
    from merges m join papers a on a.id = m.kept join papers b on b.id = m.gone
    where m.state = 'candidate' and coalesce(a.merged_into, a.id) <> coalesce(b.merged_into, b.id)
    order by m.probability desc, m.at desc, m.id limit ${limit}`.execute(db);
  return rows;
}

/** Every decision about a paper, newest first. */
export function ofPaper(db: Db, paperId: string) {
  return db
    .selectFrom("merges")
    .selectAll()
    .where((where) => where.or([where("kept", "=", paperId), where("gone", "=", paperId)]))
    .orderBy("at", "desc")
    .orderBy("id")
    .execute();
}

function pairOf(one: string, other: string) {
  return sql<boolean>`least(kept, gone) = least(${one}::uuid, ${other}::uuid)
    and greatest(kept, gone) = greatest(${one}::uuid, ${other}::uuid)`;
}

async function keysMoved(trx: Trx, kept: string, gone: string): Promise<string[]> {
  return rowsOf(
    trx,
    sql`update paper_keys set paper_id = ${kept} where paper_id = ${gone} returning key as value`,
  );
}

async function moveBlocks(trx: Trx, kept: string, gone: string): Promise<void> {
  await sql`
    delete from paper_blocks b using papers g, unnest(g.blocks) as k(key)
    where g.id = ${gone} and b.key = k.key and b.paper_id = g.id`.execute(trx);
  await sql`
    with missing as (
      select k.key, p.arxiv_id is not null as arxiv from papers g, papers p, unnest(g.blocks) as k(key)
      where g.id = ${gone} and p.id = ${kept} and not k.key = any(p.blocks)
    ), added as (
      insert into paper_blocks (key, paper_id, arxiv) select key, ${kept}::uuid, arxiv from missing
    )
    update papers set blocks = blocks || array(select key from missing) where id = ${kept}`.execute(trx);
}

async function rowsOf<T>(trx: Trx, statement: ReturnType<typeof sql>): Promise<T[]> {
  const { rows } = await statement.execute(trx);
  return (rows as { value: T }[]).map((row) => row.value);
}
