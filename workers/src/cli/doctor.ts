import { UsageError } from "@paperwire/core";
import { createDb } from "@paperwire/db";
import { databaseChecks } from "../doctor/database-checks.ts";
import { type Finding, fail, reasonOf } from "../doctor/finding.ts";
import { machineChecks } from "../doctor/machine-checks.ts";
import { mailChecks } from "../doctor/mail-checks.ts";
import { queueChecks } from "../doctor/queue-checks.ts";
import { workChecks } from "../doctor/work-checks.ts";
import { acquirePostgres } from "../embedded/acquire-postgres.ts";
import { readEnv, type Settings } from "../env.ts";
import { createOutput, printable } from "./output.ts";
import type { Common } from "./run-command.ts";

/**
 * Looks at every dependency and setting, and says how to mend each. Nothing is changed but that the embedded
 * database is started. Exit code 1 when something fails, 2 when the settings cannot be used.
 */
export async function doctor(options: Common & { dns?: boolean }): Promise<void> {
  const output = createOutput(options.json === true);
  const { findings, usable } = await examine(options.dns !== false);
  const worst =
    (["fail", "warn"] as const).find((state) => findings.some((one) => one.state === state)) ?? "ok";
  output.result({ state: worst, checks: findings });
  for (const { check, state, sentence, mend } of findings) {
    output.say(`${state.padEnd(4)}  ${check}: ${printable(sentence)}`);
    if (mend !== undefined) output.say(`      ${printable(mend)}`);
  }
  const count = (state: Finding["state"]) => findings.filter((one) => one.state === state).length;
  output.say(`\n${count("ok")} ok, ${count("warn")} to know, ${count("fail")} to mend.`);
  if (!usable) process.exitCode = 2;
  else if (worst === "fail") process.exitCode = 1;
}

async function examine(lookUp: boolean): Promise<{ findings: Finding[]; usable: boolean }> {
  let settings: Settings;
  try {
    settings = readEnv();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [first = "", ...rest] = error.message.split("\n").map((line) => line.trim());
    return {
      findings: [
        fail("settings", `${first} ${rest.slice(0, -1).join("; ")}`, ".env.example describes each."),
      ],
      usable: false,
    };
  }
  const [machine, mail] = await Promise.all([machineChecks(settings), mailChecks(settings, lookUp)]);
  return { findings: [...machine, ...(await storeChecks(settings)), ...mail], usable: true };
}

async function storeChecks(settings: Settings): Promise<Finding[]> {
  const embedded = settings.DATABASE_URL === undefined;
  const postgres = embedded ? await acquirePostgres({ home: settings.home }).catch(reasonOf) : undefined;
  if (typeof postgres === "string")
    return [
      fail(
        "database",
        `The embedded database does not start: ${postgres}`,
        "Look into postgres/server.log in the home, or set DATABASE_URL to a server.",
      ),
    ];
  const databaseUrl = postgres?.url ?? settings.DATABASE_URL ?? "";
  const db = createDb({ url: databaseUrl, max: 2 });
  try {
    const { findings, isReadable } = await databaseChecks(db, embedded);
    const queue = { redisUrl: settings.REDIS_URL, databaseUrl, prefix: settings.REDIS_PREFIX };
    return [...findings, ...(await queueChecks(queue)), ...(isReadable ? await workChecks(db) : [])];
  } finally {
    await db.destroy();
    await postgres?.release();
  }
}
