import { sql } from "kysely";
import type { Db } from "./client.ts";

export interface ServerFacts {
  /** Such as `18.4`. */
  readonly version: string;
  readonly now: Date;
  /** `installed` in this database, only `available` on the server, or `absent`. */
  readonly trigrams: "installed" | "available" | "absent";
  readonly mayCreate: boolean;
}

/** What the database server is and whether it has what the schema needs. */
export async function serverFacts(db: Db): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version') as version, clock_timestamp() as now,
      case when exists (select from pg_extension where extname = 'pg_trgm') then 'installed'
        when exists (select from pg_available_extensions where name = 'pg_trgm') then 'available'
        else 'absent' end as trigrams,
      has_database_privilege(current_database(), 'create') as "mayCreate"`.execute(db);
  const [facts] = rows;
  if (facts === undefined) throw new Error("the database did not say what it is");
  return facts;
}
