import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import type { Tables } from "./schema.ts";

/** Anything that can run a statement: the pool, or a transaction. */
export type Db = Kysely<Tables>;
/** Asked for where the statement must commit together with another. A pool does not fit. */
export type Trx = Transaction<Tables>;

// Instants as Date, `date` as the text it is, bigint as number: cursors and sequences stay below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface DbOptions {
  readonly url: string;
  /** Most connections at once; `concurrency + 2` is right for a worker. */
  readonly max?: number;
  readonly applicationName?: string;
  /** Told of connections that break while no statement runs on them. */
  readonly onError?: (error: Error) => void;
}

/** Opens a pool. Nothing connects until the first statement. */
export function createDb(options: DbOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? "paperwire",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  const onError = options.onError ?? (() => undefined);
  pool.on("error", onError);
  // A connection in use that breaks between two statements has nobody else to tell, and would end the process.
  pool.on("connect", (client) => client.on("error", onError));
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
