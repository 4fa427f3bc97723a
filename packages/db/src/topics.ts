import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import type { TopicTable } from "./schema.ts";

export type OwnTopic = Selectable<TopicTable>;

export interface NewLabel {
  readonly paperId: string;
  readonly topic: string;
  readonly classifier: string;
  readonly version: string;
  readonly confidence: number;
}

/** The labels the papers have. */
export function labelsOf(db: Db | Trx, paperIds: readonly string[]): Promise<NewLabel[]> {
  if (paperIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom("paperTopics")
    .select(["paperId", "topic", "classifier", "version", "confidence"])
    .where("paperId", "in", [...paperIds])
    .execute();
}

/** Replaces all labels of these papers. */
export async function saveLabels(
  trx: Trx,
  paperIds: readonly string[],
  labels: readonly NewLabel[],
): Promise<void> {
  if (paperIds.length === 0) return;
  await sql`delete from paper_topics where paper_id = any(${[...paperIds]}::uuid[])`.execute(trx);
  await sql`
    insert into paper_topics (paper_id, topic, classifier, version, confidence)
    select r."paperId", r.topic, r.classifier, r.version, r.confidence
    from jsonb_to_recordset(${JSON.stringify(labels)}::jsonb) as r("paperId" uuid, topic text, classifier text,
      version text, confidence real)
    on conflict do nothing`.execute(trx);
}

/** The operator's own topics, by slug. */
export function list(db: Db | Trx): Promise<OwnTopic[]> {
  return db.selectFrom("topics").selectAll().orderBy("slug").execute();
}

export async function save(
  db: Db,
  topic: {
    readonly slug: string;
    readonly name: string;
    readonly query: string | null;
    readonly examples: readonly string[];
  },
  now: Date,
): Promise<void> {
  const row = { name: topic.name, query: topic.query, examples: [...topic.examples] };
  await db
    .insertInto("topics")
    .values({ slug: topic.slug, ...row, createdAt: now })
    .onConflict((conflict) => conflict.column("slug").doUpdateSet(row))
    .execute();
}

/** `false` when there was none. Its labels go with it. */
export async function remove(db: Db, slug: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom("paperTopics")
      .where("topic", "=", slug)
      .where("classifier", "in", ["own", "examples"])
      .execute();
    const result = await trx.deleteFrom("topics").where("slug", "=", slug).executeTakeFirst();
    return result.numDeletedRows > 0n;
  });
}

export interface LabelledText {
  readonly id: string;
  readonly title: string;
  readonly abstract: string | null;
  readonly categories: readonly string[];
  readonly published: Date | null;
}

/** Papers with categories, in pages by id: what a model learns from. */
export async function labelledTexts(
  db: Db,
  after: string | undefined,
  limit: number,
): Promise<LabelledText[]> {
  const { rows } = await sql<LabelledText>`
    select id, title, abstract, categories, published from papers
    where merged_into is null and cardinality(categories) > 0
      and id > ${after ?? "00000000-0000-0000-0000-000000000000"}::uuid
    order by id limit ${limit}`.execute(db);
  return rows;
}

/** Topics in use with the number of their papers, largest first; the operator's own with their names. */
export async function counts(
  db: Db,
  limit: number,
): Promise<{ topic: string; papers: number; name: string | null }[]> {
  const { rows } = await sql<{ topic: string; papers: number; name: string | null }>`
    select c.topic, c.papers, o.name from (
      select topic, count(*)::int as papers from paper_topics group by topic
    ) c left join topics o on o.slug = c.topic
    order by c.papers desc, c.topic limit ${limit}`.execute(db);
  return rows;
}

/**
 * Takes the next papers, in order of their ids, whose labels may be of an older version than `fingerprint` says;
 * another fingerprint than the last starts from the first paper. Empty when another process is at it, or all are
 * done. The row is held until the transaction ends.
 */
export async function takeForRelabelling(trx: Trx, fingerprint: string, limit: number): Promise<string[]> {
  await sql`insert into relabelling (fingerprint) values (${fingerprint}) on conflict do nothing`.execute(
    trx,
  );
  const { rows } = await sql<{ fingerprint: string; afterPaper: string | null; finished: boolean }>`
    select fingerprint, after_paper as "afterPaper", finished from relabelling for update skip locked`.execute(
    trx,
  );
  const [row] = rows;
  if (row === undefined || (row.finished && row.fingerprint === fingerprint)) return [];
  const after = row.fingerprint === fingerprint ? row.afterPaper : null;
  const { rows: next } = await sql<{ id: string }>`
    select id from papers where merged_into is null and id > ${after ?? "00000000-0000-0000-0000-000000000000"}::uuid
    order by id limit ${limit}`.execute(trx);
  await sql`
    update relabelling set fingerprint = ${fingerprint}, after_paper = ${next.at(-1)?.id ?? after},
      finished = ${next.length < limit}`.execute(trx);
  return next.map(({ id }) => id);
}

/** How many papers have the topic from which classifier, most first. */
export async function countsBy(db: Db, topic: string): Promise<{ classifier: string; papers: number }[]> {
  const { rows } = await sql<{ classifier: string; papers: number }>`
    select t.classifier, count(*)::int as papers from paper_topics t join papers p on p.id = t.paper_id
    where t.topic = ${topic} and p.merged_into is null
    group by t.classifier order by papers desc, t.classifier`.execute(db);
  return rows;
}
