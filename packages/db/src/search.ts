import { type Author, authorKey, canonicalCategory, foldLetters, type Query } from "@paperwire/core";
import { type RawBuilder, sql } from "kysely";
import type { Db, Trx } from "./client.ts";
import { arrayOf, rowsOf } from "./row-arrays.ts";

export interface Hit {
  readonly id: string;
  /** Greater is better; only the order of one answer's hits means something. */
  readonly rank: number;
}

/**
 * Writes what searches read of these papers as they are now, so that they are found. A paper that has become another
 * one is left out.
 */
export async function saveTexts(
  trx: Trx,
  papers: readonly { readonly id: string; readonly authors: readonly Author[] }[],
): Promise<void> {
  if (papers.length === 0) return;
  await sql`
    insert into paper_texts (paper_id, first_seen, search, title_key, author_keys)
    select p.id, p.first_seen,
      setweight(to_tsvector('english', p.title), 'A') || setweight(to_tsvector('english', coalesce(p.abstract, '')), 'B'),
      p.title_key, r.author_keys
    from ${rowsOf(papers, [
      ["uuid", ({ id }) => id],
      ["text[]", ({ authors }) => arrayOf([...new Set(authors.map(({ name }) => authorKey(name)))])],
    ])} as r(id, author_keys) join papers p on p.id = r.id
    where p.merged_into is null order by p.id
    on conflict (paper_id) do update
      set search = excluded.search, title_key = excluded.title_key, author_keys = excluded.author_keys
      where (paper_texts.search, paper_texts.title_key, paper_texts.author_keys)
        is distinct from (excluded.search, excluded.title_key, excluded.author_keys)`.execute(trx);
}

/** Ids of the papers that are close to what a query names after `like:`, by that. */
export type ClosePapers = ReadonlyMap<string, readonly string[]>;

/**
 * Papers that satisfy the query by PostgreSQL's full text (stemmed, phrases as phrases) and by their labels, best
 * first. Authors are found by surname and initial, a little more than the query says: the caller looks again.
 * `close` says which papers satisfy the query's `like:` parts.
 */
export async function byQuery(db: Db, query: Query, limit: number, close: ClosePapers): Promise<Hit[]> {
  const wanted = wordsIn(query).join(" or ");
  const { rows } = await sql<Hit>`
    select paper_id as id, ts_rank_cd(search, websearch_to_tsquery('english', ${wanted}), 33) as rank
    from paper_texts p where ${conditionOf(query, close)}
    order by rank desc, first_seen desc, paper_id limit ${limit}`.execute(db);
  return rows;
}

/** What `byQuery` does for text that is no query of ours: words, `"phrases"`, `or`, `-not`. */
export async function byText(db: Db, text: string, limit: number): Promise<Hit[]> {
  const { rows } = await sql<Hit>`
    select paper_id as id, ts_rank_cd(search, query, 33) as rank
    from paper_texts, websearch_to_tsquery('english', ${text}) query
    where search @@ query order by rank desc, first_seen desc, paper_id limit ${limit}`.execute(db);
  return rows;
}

/** Papers with a title in which nearly that is written, letters mistaken or left out: most alike first. */
export async function bySpelling(db: Db, text: string, limit: number): Promise<Hit[]> {
  const said = foldLetters(text).slice(0, 200);
  if (said.trim().length < 4) return [];
  const { rows } = await sql<Hit>`
    select paper_id as id, word_similarity(${said}, title_key) as rank from paper_texts
    where ${said} <% title_key order by rank desc, paper_id limit ${limit}`.execute(db);
  return rows;
}

/** Papers of which one of these is a key phrase (by its stems), those for which it says most first. */
export async function byKeyPhrase(db: Db, phrases: readonly string[], limit: number): Promise<Hit[]> {
  if (phrases.length === 0) return [];
  const { rows } = await sql<Hit>`
    select v.paper_id as id,
      1.0 / (select min(at) from unnest(v.phrases) with ordinality as k(phrase, at) where phrase = any(${[...phrases]}))
        as rank
    from paper_vectors v join papers p on p.id = v.paper_id
    where v.phrases && ${[...phrases]}::text[] and p.merged_into is null
    order by rank desc, p.first_seen desc, v.paper_id limit ${limit}`.execute(db);
  return rows;
}

/** Puts into place what the text indexes have taken up since; until then every search reads it through. */
export async function tidy(db: Db): Promise<void> {
  await sql`select gin_clean_pending_list('paper_texts_search'), gin_clean_pending_list('paper_texts_title_trgm')`.execute(
    db,
  );
}

function conditionOf(query: Query, close: ClosePapers): RawBuilder<boolean> {
  switch (query.kind) {
    case "and":
    case "or": {
      const parts = query.parts.map((part) => sql`(${conditionOf(part, close)})`);
      return sql`${sql.join(parts, query.kind === "and" ? sql` and ` : sql` or `)}`;
    }
    case "not":
      return sql`not (${conditionOf(query.part, close)})`;
    case "words": {
      const phrase = sql`phraseto_tsquery('english', ${query.words.join(" ")})`;
      const found = sql<boolean>`search @@ ${phrase}`;
      if (query.in === undefined) return found;
      return sql`${found} and ts_filter(search, ${query.in === "title" ? "{a}" : "{b}"}) @@ ${phrase}`;
    }
    case "author":
      return sql`author_keys && ${authorKeysFor(query.value)}::text[]`;
    case "category":
    case "topic":
      return sql`exists (select from paper_topics t where t.paper_id = p.paper_id
        and lower(t.topic) = ${canonicalCategory(query.value).toLowerCase()})`;
    case "source":
      return sql`exists (select from homes h where h.paper_id = p.paper_id and lower(h.home) = ${query.value.toLowerCase()})`;
    case "id":
      return sql`exists (select from paper_keys k where k.paper_id = p.paper_id and k.key = ${query.value.toLowerCase()})`;
    case "like":
      return sql`p.paper_id = any(${[...(close.get(query.value) ?? [])]}::uuid[])`;
    default:
      return query satisfies never;
  }
}

/** A surname alone may have any initial. */
function authorKeysFor(name: string): string[] {
  const key = authorKey(name);
  if (/ \S$/.test(key)) return [key];
  return [key, ..."abcdefghijklmnopqrstuvwxyz"].map((initial, at) => (at === 0 ? key : `${key} ${initial}`));
}

/** The positive words and phrases, as full text reads them. */
function wordsIn(query: Query): string[] {
  switch (query.kind) {
    case "and":
    case "or":
      return query.parts.flatMap(wordsIn);
    case "words":
      return [`"${query.words.join(" ")}"`];
    default:
      return [];
  }
}
