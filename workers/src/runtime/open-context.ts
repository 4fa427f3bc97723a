import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@paperwire/core";
import { createDb, migrateToLatest, schemaState } from "@paperwire/db";
import { type Logger, pino } from "pino";
import { channelSettingsOf } from "../channels/settings.ts";
import { openWaysOut } from "../channels/ways-out.ts";
import { acquirePostgres } from "../embedded/acquire-postgres.ts";
import type { Settings } from "../env.ts";
import { parseAllowList } from "../fetch/address-rules.ts";
import { createFetchAgents } from "../fetch/pinned-agent.ts";
import { createSharedBudget } from "../fetch/shared-budget.ts";
import type { Context } from "./context.ts";
import { type ProductClock, realClock } from "./product-clock.ts";
import { openQueues } from "./queues.ts";

export interface OpenContext extends Context {
  /** Gives everything back, in the order workers → producers → pool → PostgreSQL. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly clock?: ProductClock;
  /** Connections of the pool. */
  readonly poolSize?: number;
  /** Make the schema current first (the default with the embedded database), or only check that it is. */
  readonly migrate?: boolean;
}

/** Opens what a process needs: the database (embedded without `DATABASE_URL`), queues, mail and fetching. */
export async function openContext(settings: Settings, options: OpenOptions = {}): Promise<OpenContext> {
  const log = createLog(settings.LOG_LEVEL);
  const embedded =
    settings.DATABASE_URL === undefined
      ? await acquirePostgres({ home: settings.home, log: (line) => log.debug(line) })
      : undefined;
  const databaseUrl = embedded?.url ?? settings.DATABASE_URL ?? "";
  let closing = false;
  const onError = (error: Error) => {
    if (!closing) log.warn({ outcome: "connection trouble", err: error });
  };
  const db = createDb({ url: databaseUrl, max: options.poolSize ?? 10, onError });
  try {
    await readySchema(db, options.migrate ?? embedded !== undefined);
  } catch (error) {
    await db.destroy();
    await embedded?.release();
    throw reachable(error, settings);
  }
  const queues = openQueues({
    redisUrl: settings.REDIS_URL,
    databaseUrl,
    prefix: settings.REDIS_PREFIX,
    onError,
  });
  const agents = createFetchAgents({ allowPrivate: parseAllowList(settings.FETCH_ALLOW_PRIVATE) });
  const ways = openWaysOut(settings.MAIL_TRANSPORT, channelSettingsOf(settings));
  return {
    db,
    databaseUrl,
    settings,
    secretKey: settings.SECRET_KEY ?? ownSecretKey(settings.home),
    clock: options.clock ?? realClock,
    log,
    queues,
    mail: ways.mail,
    wayOut: ways.over,
    fetching: { agents, budget: createSharedBudget({ db }) },
    async close() {
      closing = true;
      ways.close();
      await queues.close();
      await agents.close();
      await db.destroy();
      await embedded?.release();
    },
  };
}

/** JSON lines on stderr: stdout belongs to answers. No addresses, titles or bodies. */
export function createLog(level: Settings["LOG_LEVEL"]): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { err: errorFacts },
      redact: ["email", "address", "to", "*.email", "*.address"],
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** Drivers hang whole connections on their errors; a log line needs four facts. */
function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    stack: error.stack,
  };
}

async function readySchema(db: Context["db"], migrate: boolean): Promise<void> {
  const state = await schemaState(db);
  if (state === "ahead") {
    throw new UsageError(
      "The database was migrated by a newer release of Paperwire. Start that release, or restore a backup.",
    );
  }
  if (state === "current") return;
  if (!migrate)
    throw new UsageError("The database's schema is behind this release. Run: pnpm paperwire migrate");
  await migrateToLatest(db);
}

function reachable(error: unknown, settings: Settings): unknown {
  const code = (error as { code?: unknown })?.code;
  const text = error instanceof Error ? error.message : String(error);
  const isConnection = typeof code === "string" && /^(E[A-Z]+|28\w{3}|3D000|08\w{3})$/.test(code);
  if (settings.DATABASE_URL === undefined || !(isConnection || /timeout|terminated/i.test(text)))
    return error;
  const shown = new URL(settings.DATABASE_URL);
  shown.password = shown.password === "" ? "" : "…";
  return new UsageError(
    `The database at ${decodeURIComponent(shown.href)} cannot be used: ${text || code}. Check DATABASE_URL, that the server runs, and the name and password.`,
    { cause: error },
  );
}

/** Made at first use and kept for this installation only (mode 0600). */
function ownSecretKey(home: string): string {
  const file = join(home, "secret-key");
  if (!existsSync(file)) {
    mkdirSync(home, { recursive: true });
    try {
      writeFileSync(file, randomBytes(32).toString("hex"), { mode: 0o600, flag: "wx" });
      chmodSync(file, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  return readFileSync(file, "utf8").trim();
}
