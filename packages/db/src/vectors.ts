import { sql } from "kysely";
import type { Db, Trx } from "./client.ts";

export interface PaperVector {
  readonly paperId: string;
  /** Signed bytes. */
  readonly vector: Buffer;
}

export interface NewVector extends PaperVector {
  /** Key phrases by their stems, best first. */
  readonly phrases: readonly string[];
}

/** Replaces the papers' vectors and key phrases. */
export async function save(trx: Trx, version: string, rows: readonly NewVector[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into paper_vectors (paper_id, version, vector, phrases)
    select id, ${version}, decode(vector, 'base64'), string_to_array(phrases, chr(10))
    from unnest(${rows.map((row) => row.paperId)}::uuid[], ${rows.map((row) => row.vector.toString("base64"))}::text[],
      ${rows.map((row) => row.phrases.join("\n"))}::text[]) as r(id, vector, phrases)
    on conflict (paper_id) do update set version = excluded.version, vector = excluded.vector,
      phrases = excluded.phrases, seq = default`.execute(trx);
}

/** Vectors of one version, in the order in which they were written, after a place in it. */
export async function after(
  db: Db,
  version: string,
  seq: number,
  limit: number,
): Promise<(PaperVector & { readonly seq: number })[]> {
  return db
    .selectFrom("paperVectors")
    .select(["paperId", "vector", "seq"])
    .where("version", "=", version)
    .where("seq", ">", seq)
    .orderBy("seq")
    .limit(limit)
    .execute();
}
