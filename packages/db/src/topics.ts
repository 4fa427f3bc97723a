import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { TopicTable } from "./schema.ts";

export interface PaperText {
  readonly id: string;
  readonly title: string;
  readonly abstract: string | null;
  readonly categories: readonly string[];
}

/** What classifiers look at; merged papers are left out. */
export async function textsOf(db: Db, ids: readonly string[]): Promise<PaperText[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom("papers")
    .select(["id", "title", "abstract", "categories"])
    .where("id", "in", [...ids])
    .where("mergedInto", "is", null)
    .orderBy("id")
    .execute();
}

export interface NewLabel {
  readonly paperId: string;
  readonly topic: string;
  readonly classifier: string;
  readonly version: string;
  readonly confidence: number;
}

/** Replaces the labels that the classifier gave these papers. */
export async function saveLabels(
  trx: Trx,
  classifier: string,
  paperIds: readonly string[],
  labels: readonly NewLabel[],
): Promise<void> {
  if (paperIds.length === 0) return;
  await sql`delete from paper_topics where classifier = ${classifier} and paper_id = any(${[...paperIds]}::uuid[])`.execute(
    trx,
  );
  await sql`
    insert into paper_topics (paper_id, topic, classifier, version, confidence)
    select r."paperId", r.topic, r.classifier, r.version, r.confidence
    from jsonb_to_recordset(${JSON.stringify(labels)}::jsonb) as r("paperId" uuid, topic text, classifier text,
      version text, confidence real)
    on conflict do nothing`.execute(trx);
}

export function list(db: Db): Promise<Selectable<TopicTable>[]> {
  return db.selectFrom("topics").selectAll().orderBy("slug").execute();
}

/** Topics in use with the number of their papers, largest first. */
export async function counts(db: Db, limit: number): Promise<{ topic: string; papers: number }[]> {
  const { rows } = await sql<{ topic: string; papers: number }>`
    select topic, count(*)::int as papers from paper_topics group by topic order by papers desc, topic limit ${limit}`.execute(
    db,
  );
  return rows;
}
