import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createDb, type Db } from "@paperwire/db";
import { sql } from "kysely";
import { startResendDouble } from "../../harness/resend-double.ts";
import { startSmtpDouble } from "../../harness/smtp-double.ts";
import { copyTemplate } from "../../harness/template-database.ts";
import { type Frozen, freezeDigests } from "./frozen-digests.ts";
import { type Gate, startGate } from "./gate.ts";
import type { Lane } from "./lane.ts";
import { type LineProcess, startLine } from "./line-process.ts";
import { passWaits } from "./pass-waits.ts";
import { until } from "./until.ts";

export type Transport = "resend" | "smtp" | "outbox";
export type Backend = "postgres" | "redis";

/** What the provider has on record. */
export interface Provider {
  /** Requests with their keys; one per mail over SMTP. */
  requests(): readonly {
    readonly at: string;
    readonly key: string;
    readonly sha256: string;
    readonly recipients: readonly string[];
    readonly delivered: readonly string[];
    readonly fault: string;
  }[];
  delivered(): readonly string[];
  setScript(faults: readonly string[]): void;
  close(): Promise<void>;
}

/** One case: a database, a provider and a gate before it, with frozen digests waiting. */
export interface World {
  readonly lane: Lane;
  readonly transport: Transport;
  readonly backend: Backend;
  readonly folder: string;
  readonly databaseUrl: string;
  readonly db: Db;
  readonly provider: Provider;
  readonly gate: Gate;
  readonly frozen: Frozen;
  readonly secretKey: string;
  /** Starts a process of the deployment; `more` are other settings than the usual ones. */
  start(more?: Record<string, string>, options?: readonly string[]): LineProcess;
  readonly processes: readonly LineProcess[];
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly transport: Transport;
  readonly backend: Backend;
  readonly readers: number;
  readonly perBatch: number;
}

const secretKey = "0123456789abcdef0123456789abcdef";
let serial = 0;

export async function openWorld(lane: Lane, options: WorldOptions): Promise<World> {
  const { transport, backend } = options;
  const folder = join(lane.folder, `case-${++serial}`);
  await mkdir(folder, { recursive: true });
  const database = await copyTemplate(lane.adminUrl, lane.templateName);
  const db = createDb({ url: database.url, max: 4, applicationName: "test" });
  const provider = await openProvider(transport);
  const gate = await startGate(provider.port);
  const frozen = await freezeDigests(db, {
    readers: options.readers,
    perBatch: options.perBatch,
    channel: transport,
    period: "2026-06-08",
    now: new Date(),
  });
  const processes: LineProcess[] = [];
  const environment = {
    DATABASE_URL: database.url,
    SECRET_KEY: secretKey,
    PAPERWIRE_HOME: folder,
    PUBLIC_URL: "https://papers.example.org",
    MAIL_TRANSPORT: transport,
    MAIL_FROM: "Paperwire <digest@example.org>",
    RESEND_API_KEY: "re_double",
    RESEND_BASE_URL: `http://127.0.0.1:${gate.port}`,
    SMTP_URL: `smtp://127.0.0.1:${gate.port}`,
    LOG_LEVEL: "info",
    DELIVER_TIMEOUT_MS: "4000",
    SHUTDOWN_GRACE_MS: "3000",
    ...(backend === "redis" && "url" in lane.redis
      ? { REDIS_URL: lane.redis.url, REDIS_PREFIX: `case-${serial}` }
      : {}),
  };
  return {
    lane,
    transport,
    backend,
    folder,
    databaseUrl: database.url,
    db,
    provider,
    gate,
    frozen,
    secretKey,
    processes,
    start(more = {}, flags = []) {
      const started = startLine(folder, { ...environment, ...more }, flags);
      processes.push(started);
      return started;
    },
    async close() {
      for (const one of processes) {
        one.signal("SIGCONT");
        await one.kill();
      }
      await db.destroy();
      await gate.close();
      await provider.close();
      await database.drop();
    },
  };
}

async function openProvider(transport: Transport): Promise<Provider & { port: number }> {
  if (transport === "smtp") {
    const double = await startSmtpDouble();
    return {
      port: Number(new URL(double.url).port),
      requests: () =>
        double.mails.map((mail) => ({
          ...mail,
          key: mail.messageId,
          recipients: mail.to,
          delivered: mail.delivered ? mail.to : [],
        })),
      delivered: () => double.delivered,
      setScript: double.setScript,
      close: double.close,
    };
  }
  const double = await startResendDouble();
  return {
    port: Number(new URL(double.url).port),
    requests: () => double.requests,
    delivered: () => double.delivered,
    setScript: double.setScript,
    close: double.close,
  };
}

/**
 * Lets the work run until every delivery has come to its end. Waits that the line took upon itself (after a
 * refusal, a doubt or a lost doorbell) are made to pass in the database instead of being sat out.
 */
export async function untilSettled(world: World, timeoutMs: number): Promise<void> {
  const { db } = world;
  await until("every delivery has come to its end", timeoutMs, async () => {
    const crashed = world.processes.find((one) => one.hasCrashed());
    if (crashed !== undefined) throw new Error(`A process ended by itself (${crashed.ending()}).`);
    try {
      const { rows } = await sql<{ open: number }>`
        select (select count(*) from deliveries where state in ('pending', 'claimed', 'deferred'))
          + (select count(*) from outbox where event = 'digest.ready' and done_at is null and failed_at is null) as open`.execute(
        db,
      );
      if (rows[0]?.open === 0) return true;
      await passWaits(db);
    } catch {
      // PostgreSQL is away, as the case wanted.
    }
    return false;
  });
}
