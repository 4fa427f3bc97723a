import { type Db, type SchemaState, schemaState } from "@paperwire/db";
import { type ServerFacts, serverFacts } from "@paperwire/db/health.ts";
import { type Finding, fail, ok, reasonOf, warn } from "./finding.ts";

const clocksApartMs = 5_000;

export interface DatabaseState {
  readonly findings: readonly Finding[];
  /** It answers, and rows may be read with the schema of this release. */
  readonly isReadable: boolean;
}

/** Whether the database answers, has the schema of this release and what that needs. */
export async function databaseChecks(db: Db, embedded: boolean): Promise<DatabaseState> {
  const asked = Date.now();
  const facts = await serverFacts(db).catch((error: unknown) => reasonOf(error));
  if (typeof facts === "string") {
    const mend = embedded
      ? "Look into postgres/server.log in the home."
      : "Check DATABASE_URL, that the server runs, and the name and password.";
    return {
      findings: [fail("database", `The database cannot be used: ${facts}.`, mend)],
      isReadable: false,
    };
  }
  const tookMs = Date.now() - asked;
  const apartMs = Math.abs(facts.now.getTime() - (asked + tookMs / 2));
  const state = await schemaState(db);
  const findings = [
    ok(
      "database",
      `PostgreSQL ${facts.version}${embedded ? ", embedded in the home" : ""}, answers in ${tookMs} ms.`,
    ),
    ...clockChecks(apartMs - tookMs),
    schemaCheck(state, embedded),
    trigramCheck(state, facts),
  ];
  return { findings, isReadable: state === "current" };
}

function clockChecks(apartMs: number): Finding[] {
  if (apartMs <= clocksApartMs) return [];
  const sentence = `This machine's clock and the database's are ${Math.round(apartMs / 1000)} s apart.`;
  return [warn("clock", sentence, "Let both keep time (NTP); leases and links depend on it.")];
}

function schemaCheck(state: SchemaState, embedded: boolean): Finding {
  switch (state) {
    case "current":
      return ok("schema", "The schema is the one of this release.");
    case "ahead":
      return fail(
        "schema",
        "A newer release has migrated this database.",
        "Start that release, or restore a backup.",
      );
    case "behind":
      return embedded
        ? ok("schema", "The schema is brought up to date at the next start.")
        : fail("schema", "The schema is behind this release.", "Run: paperwire migrate");
    default:
      return state satisfies never;
  }
}

function trigramCheck(state: SchemaState, { trigrams, mayCreate }: ServerFacts): Finding {
  const install = "create extension pg_trgm";
  if (trigrams === "installed") return ok("pg_trgm", "The extension is there.");
  if (trigrams === "absent") {
    return fail(
      "pg_trgm",
      "The server does not have the extension pg_trgm.",
      "Install PostgreSQL's contrib package on the server.",
    );
  }
  if (state === "current")
    return fail(
      "pg_trgm",
      "The extension was dropped; searching fails.",
      `As the database's owner: ${install}`,
    );
  return mayCreate
    ? ok("pg_trgm", "The extension is made by the migration.")
    : fail(
        "pg_trgm",
        "This account may not make the extension.",
        `As a superuser, in this database: ${install}`,
      );
}
