import { createDb, migrateToLatest } from "@paperwire/db";
import { acquirePostgres } from "../embedded/acquire-postgres.ts";
import { readEnv } from "../env.ts";
import { openQueues } from "../runtime/queues.ts";
import { createOutput } from "./output.ts";
import type { Common } from "./run-command.ts";

/** Brings the schema up to date; the queue's own too where it lives on PostgreSQL. */
export async function migrate(options: Common): Promise<void> {
  const settings = readEnv();
  const output = createOutput(options.json === true);
  const embedded =
    settings.DATABASE_URL === undefined ? await acquirePostgres({ home: settings.home }) : undefined;
  const databaseUrl = embedded?.url ?? settings.DATABASE_URL ?? "";
  const db = createDb({ url: databaseUrl, max: 2 });
  try {
    const applied = await migrateToLatest(db);
    const queues = openQueues({
      redisUrl: settings.REDIS_URL,
      databaseUrl,
      prefix: settings.REDIS_PREFIX,
      onError: () => undefined,
    });
    try {
      await queues.prepare();
    } finally {
      await queues.close();
    }
    output.say(applied.length === 0 ? "The schema is up to date." : `Applied: ${applied.join(", ")}`);
    output.result({ applied });
  } finally {
    await db.destroy();
    await embedded?.release();
  }
}
