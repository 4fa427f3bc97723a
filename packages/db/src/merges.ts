import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";

/**
 * Folds the paper `gone` into `kept`: every key, listing, home, version, occasion and reservation moves, so that
 * whoever had one never gets the other. What moved is kept, so that `split` can undo it.
 */
export async function mergeInto(trx: Trx, kept: string, gone: string): Promise<void> {
  const snapshot = await trx
    .selectFrom("papers")
    .select([
      sql<string[]>`array(select key from paper_keys where paper_id = ${gone})`.as("keys"),
      sql<string[][]>`array(select array[source_id, key] from listings where paper_id = ${gone})`.as(
        "listings",
      ),
      sql<string[]>`array(select reader_id::text from mailed where paper_id = ${gone})`.as("readers"),
    ])
    .where("id", "=", gone)
    .executeTakeFirstOrThrow();
  await sql`update merges set snapshot = ${JSON.stringify(snapshot)}
    where least(kept, gone) = least(${kept}::uuid, ${gone}::uuid)
      and greatest(kept, gone) = greatest(${kept}::uuid, ${gone}::uuid)`.execute(trx);
  await sql`update paper_keys set paper_id = ${kept} where paper_id = ${gone}`.execute(trx);
  await sql`update listings set paper_id = ${kept} where paper_id = ${gone}`.execute(trx);
  await sql`insert into paper_blocks select key, ${kept}, (select arxiv_id is not null from papers where id = ${kept})
    from paper_blocks where paper_id = ${gone} on conflict do nothing`.execute(trx);
  await sql`delete from paper_blocks where paper_id = ${gone}`.execute(trx);
  for (const [table, columns] of [
    ["versions", "home, version, title, abstract, authors, at, seen_at, changed"],
    ["homes", "home, url, seen_at"],
    ["announcements", "occasion, source_id, at, late, matched_at"],
    ["paper_topics", "topic, classifier, version, confidence"],
  ] as const) {
    await sql`insert into ${sql.table(table)} (paper_id, ${sql.raw(columns)})
      select ${kept}::uuid, ${sql.raw(columns)} from ${sql.table(table)} where paper_id = ${gone}
      on conflict do nothing`.execute(trx);
  }
  await sql`insert into mailed (reader_id, paper_id, digest_id, at)
    select reader_id, ${kept}::uuid, digest_id, at from mailed where paper_id = ${gone}
    on conflict do nothing`.execute(trx);
  await sql`insert into mailed (reader_id, paper_id, digest_id, at)
    select reader_id, ${gone}::uuid, digest_id, at from mailed where paper_id = ${kept}
    on conflict do nothing`.execute(trx);
  await sql`update papers set merged_into = ${kept} where id = ${gone} or merged_into = ${gone}`.execute(trx);
}

export interface Split {
  readonly kept: string;
  readonly gone: string;
}

/**
 * Undoes the newest merge into a paper: its keys, listings and blocks go back to the other paper, which lives
 * again, and the two are never joined again. Reservations stay with both: nobody is mailed either twice.
 * Returns nothing when the paper was never merged.
 */
export async function split(trx: Trx, paperId: string, now: Date): Promise<Split | undefined> {
  const merge = await trx
    .selectFrom("merges")
    .selectAll()
    .where("state", "=", "merged")
    .where((where) => where.or([where("kept", "=", paperId), where("gone", "=", paperId)]))
    .where("snapshot", "is not", null)
    .orderBy("decidedAt", "desc")
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  if (merge === undefined) return undefined;
  const snapshot = merge.snapshot as { keys?: string[]; listings?: string[][] } | null;
  const { kept, gone } = merge;
  await sql`update papers set merged_into = null where id = ${gone}`.execute(trx);
  await sql`update paper_keys set paper_id = ${gone} where key = any(${snapshot?.keys ?? []}) and paper_id = ${kept}`.execute(
    trx,
  );
  for (const [sourceId, key] of snapshot?.listings ?? []) {
    await sql`update listings set paper_id = ${gone} where source_id = ${sourceId} and key = ${key} and paper_id = ${kept}`.execute(
      trx,
    );
  }
  await sql`insert into paper_blocks select key, ${gone}::uuid, (select arxiv_id is not null from papers where id = ${gone})
    from paper_blocks where paper_id = ${kept} on conflict do nothing`.execute(trx);
  await sql`update merges set state = 'split', decided_at = ${now} where id = ${merge.id}`.execute(trx);
  return { kept, gone };
}

/** Pairs that a person should look at, newest first. */
export function candidates(db: Db, limit: number) {
  return db
    .selectFrom("merges")
    .selectAll()
    .where("state", "=", "candidate")
    .orderBy("at", "desc")
    .limit(limit)
    .execute();
}

/** Every decision about a paper, newest first. */
export function ofPaper(db: Db, paperId: string) {
  return db
    .selectFrom("merges")
    .selectAll()
    .where((where) => where.or([where("kept", "=", paperId), where("gone", "=", paperId)]))
    .orderBy("at", "desc")
    .execute();
}
