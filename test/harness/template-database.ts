import { randomBytes } from "node:crypto";
import { createDb, migrateToLatest } from "@paperwire/db";
import { openQueues } from "@paperwire/workers/runtime/queues.ts";
import { Client } from "pg";

/** Makes a migrated database, the queues' schema included, and returns its name. At the end it goes, with its copies. */
export async function makeTemplate(
  adminUrl: string,
  onTeardown: (cleanup: () => Promise<void>) => void,
): Promise<string> {
  const name = `paperwire_test_${randomBytes(5).toString("hex")}`;
  await runAsAdmin(adminUrl, `create database ${name}`);
  onTeardown(() => dropAll(adminUrl, name));
  const url = urlOfDatabase(adminUrl, name);
  const db = createDb({ url, max: 2 });
  try {
    await migrateToLatest(db);
  } finally {
    await db.destroy();
  }
  const queues = openQueues({ databaseUrl: url, prefix: name, onError: () => {} });
  try {
    await queues.prepare();
  } finally {
    await queues.close();
  }
  return name;
}

export interface Database {
  readonly url: string;
  readonly name: string;
  /** Removes it, cutting whatever is still connected. */
  drop(): Promise<void>;
  /** Application names of the connections that are open. */
  connections(): Promise<string[]>;
}

let serial = 0;

/** A copy of the template of its own: about 50 ms. */
export async function copyTemplate(adminUrl: string, templateName: string): Promise<Database> {
  const name = `${templateName}_${process.pid}_${++serial}`;
  await runAsAdmin(adminUrl, `create database ${name} template ${templateName} strategy file_copy`);
  return {
    name,
    url: urlOfDatabase(adminUrl, name),
    async drop() {
      await runAsAdmin(adminUrl, `drop database if exists ${name} with (force)`);
    },
    async connections() {
      const query = `select application_name as name from pg_stat_activity where datname = '${name}'`;
      return (await runAsAdmin(adminUrl, query)).map((row) => String(row.name));
    },
  };
}

async function dropAll(adminUrl: string, templateName: string): Promise<void> {
  const like = templateName.replaceAll("_", "\\_");
  const rows = await runAsAdmin(adminUrl, `select datname from pg_database where datname like '${like}%'`);
  for (const { datname } of rows)
    await runAsAdmin(adminUrl, `drop database if exists ${datname} with (force)`);
}

async function runAsAdmin(adminUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

function urlOfDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}
