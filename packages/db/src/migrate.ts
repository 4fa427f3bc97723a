import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Db } from "./client.ts";
import * as firstSchema from "./migrations/0001-first-schema.ts";
import * as batchHolder from "./migrations/0002-batch-holder.ts";
import * as packedRequests from "./migrations/0003-packed-requests.ts";
import * as receipts from "./migrations/0003-receipts.ts";
import * as archiveAtScale from "./migrations/0004-archive-at-scale.ts";
import * as relabelling from "./migrations/0005-relabelling.ts";
import * as search from "./migrations/0006-search.ts";
import * as papersOfRows from "./migrations/0007-papers-of-rows.ts";
import * as keyPhrases from "./migrations/0008-key-phrases.ts";
import * as trendLists from "./migrations/0009-trend-lists.ts";
import * as readerChannels from "./migrations/0012-reader-channels.ts";
import * as hubSubscriptions from "./migrations/0013-hub-subscriptions.ts";
import * as portions from "./migrations/0014-portions.ts";
import * as cheaperRows from "./migrations/0015-cheaper-rows.ts";
import * as searchTexts from "./migrations/0016-search-texts.ts";

/** In order; appended to, never edited. */
const migrations: Record<string, Migration> = {
  "0001-first-schema": firstSchema,
  "0002-batch-holder": batchHolder,
  "0003-packed-requests": packedRequests,
  "0003-receipts": receipts,
  "0004-archive-at-scale": archiveAtScale,
  "0005-relabelling": relabelling,
  "0006-search": search,
  "0007-papers-of-rows": papersOfRows,
  "0008-key-phrases": keyPhrases,
  "0009-trend-lists": trendLists,
  "0012-reader-channels": readerChannels,
  "0013-hub-subscriptions": hubSubscriptions,
  "0014-portions": portions,
  "0015-cheaper-rows": cheaperRows,
  "0016-search-texts": searchTexts,
};

/** Brings the schema up to date and returns the names of what was applied. Safe to run twice and at once. */
export async function migrateToLatest(db: Db): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error(String(error));
  return (results ?? []).map((result) => result.migrationName);
}

export type SchemaState = "current" | "behind" | "ahead";

/** `behind`: run `migrate`. `ahead`: a newer release migrated this database; this one must not touch it. */
export async function schemaState(db: Db): Promise<SchemaState> {
  const { rows } = await sql<{
    name: string | null;
  }>`select to_regclass('kysely_migration')::text as name`.execute(db);
  if (rows[0]?.name == null) return "behind";
  const done = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  const applied = new Set(done.rows.map((row) => row.name));
  if ([...applied].some((name) => !(name in migrations))) return "ahead";
  return Object.keys(migrations).every((name) => applied.has(name)) ? "current" : "behind";
}
