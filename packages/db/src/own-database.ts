import { UsageError } from "@paperwire/core";
import pg from "pg";

export interface OwnDatabase {
  /** Gives the database free for the next one. */
  release(): Promise<void>;
}

/**
 * Takes a database for this process alone and empties it: everything in it, the queues included, is gone.
 * @throws UsageError when another process is connected to it; then nothing is touched.
 */
export async function takeEmptied(url: string): Promise<OwnDatabase> {
  const client = new pg.Client({ connectionString: url, application_name: "paperwire alone" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ taken: boolean; others: number }>(`
      select pg_try_advisory_lock(hashtext('paperwire.alone')) as taken, (
        select count(*)::int from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
      ) as others`);
    if (rows[0]?.taken !== true || rows[0].others > 0) {
      throw new UsageError(
        "Another process uses this database and it cannot be emptied under it. Stop that process first.",
      );
    }
    await client.query(
      "drop schema if exists bullmq cascade; drop schema public cascade; create schema public",
    );
  } catch (error) {
    await client.end();
    throw error;
  }
  return { release: () => client.end() };
}
