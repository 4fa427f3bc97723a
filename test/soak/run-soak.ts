import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createDb, type Db } from "@paperwire/db";
import { sql } from "kysely";
import { type Frozen, freezeDigests } from "../failure/matrix/frozen-digests.ts";
import { startGate } from "../failure/matrix/gate.ts";
import type { Lane } from "../failure/matrix/lane.ts";
import { type LineProcess, startLine } from "../failure/matrix/line-process.ts";
import { passWaits } from "../failure/matrix/pass-waits.ts";
import { until } from "../failure/matrix/until.ts";
import { randomFrom } from "../harness/fault-script.ts";
import { copyTemplate } from "../harness/template-database.ts";
import { injections } from "./injections.ts";
import { type SoakProvider, startProvider } from "./provider.ts";

export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly transport: "resend" | "smtp";
  readonly queue: "postgres" | "redis";
  readonly onProgress?: (line: string) => void;
}

export interface SoakReport {
  readonly digests: number;
  readonly delivered: number;
  readonly lost: number;
  readonly doubled: number;
  readonly uncertain: number;
  readonly kills: number;
  /** By name, kills included. */
  readonly faults: Readonly<Record<string, number>>;
  /** What contradicts the records or the rules of keys, in sentences. */
  readonly wrong: readonly string[];
}

/** What the faults may touch. */
export interface Soak {
  readonly lane: Lane;
  readonly db: Db;
  readonly provider: SoakProvider;
  readonly gate: Awaited<ReturnType<typeof startGate>>;
  readonly processes: LineProcess[];
  readonly queue: "postgres" | "redis";
  /** The last words of processes that ended by themselves. */
  readonly crashes: string[];
  start(random: () => number): LineProcess;
}

const perPeriod = 40;
const lines = 3;

/**
 * Freezes digests without end, and meanwhile kills, restarts, cuts and fills whatever there is, as the seed says;
 * then lets the line finish and counts what the provider has on record.
 */
export async function runSoak(lane: Lane, options: SoakOptions): Promise<SoakReport> {
  const { transport, queue } = options;
  const folder = join(lane.folder, `soak-${options.seed}-${transport}`);
  await mkdir(folder, { recursive: true });
  const database = await copyTemplate(lane.adminUrl, lane.templateName);
  const db = createDb({ url: database.url, max: 6, applicationName: "test" });
  const provider = await startProvider(transport, join(folder, "provider.log"), options.seed);
  const gate = await startGate(provider.port);
  const environment = {
    DATABASE_URL: database.url,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    PAPERWIRE_HOME: folder,
    MAIL_TRANSPORT: transport,
    RESEND_API_KEY: "re_double",
    RESEND_BASE_URL: `http://127.0.0.1:${gate.port}`,
    SMTP_URL: `smtp://127.0.0.1:${gate.port}`,
    LOG_LEVEL: "warn",
    DELIVER_TIMEOUT_MS: "3000",
    SHUTDOWN_GRACE_MS: "1000",
    ...(queue === "redis" && "url" in lane.redis ? { REDIS_URL: lane.redis.url, REDIS_PREFIX: "soak" } : {}),
  };
  const soak: Soak = {
    lane,
    db,
    provider,
    gate,
    queue,
    processes: [],
    crashes: [],
    // Every start may be of another release: other sender, other addresses in the mail.
    start: (random) =>
      startLine(folder, {
        ...environment,
        MAIL_FROM: `Paperwire <digest@v${Math.floor(random() * 5)}.example.org>`,
        PUBLIC_URL: `https://v${Math.floor(random() * 5)}.example.org`,
      }),
  };
  const counts: Record<string, number> = {};
  try {
    const random = randomFrom(options.seed);
    for (let n = 0; n < lines; n++) soak.processes.push(soak.start(random));
    const end = performance.now() + options.seconds * 1000;
    const load = freezeUntil(soak, transport, end);
    while (performance.now() < end) {
      await delay(200 + random() * 900);
      replaceEnded(soak, random);
      const injection = pick(injections, random);
      if (injection.only !== undefined && injection.only !== queue) continue;
      await injection.inject(soak, random);
      counts[injection.name] = (counts[injection.name] ?? 0) + 1;
      options.onProgress?.(`${Math.round((end - performance.now()) / 1000)} s left, last: ${injection.name}`);
    }
    await load;
    provider.calm();
    gate.set("open");
    await until("every delivery has come to its end", 300_000, () => {
      replaceEnded(soak, random);
      return isSettled(db);
    });
    for (const one of soak.processes) await one.stop();
    const report = await count(soak, counts);
    return { ...report, wrong: [...report.wrong, ...soak.crashes] };
  } finally {
    for (const one of soak.processes) await one.kill();
    await db.destroy();
    await gate.close();
    await provider.close();
    await database.drop();
  }
}

/** As a supervisor would. One that ended by itself is a fault of ours, which must not hide behind the others. */
function replaceEnded(soak: Soak, random: () => number): void {
  for (const [n, one] of soak.processes.entries()) {
    if (!one.hasEnded()) continue;
    if (one.hasCrashed())
      soak.crashes.push(`a process ended by itself (${one.ending()}): ${one.log().slice(-1_500)}`);
    soak.processes[n] = soak.start(random);
  }
}

function pick<T extends { readonly weight: number }>(all: readonly T[], random: () => number): T {
  let left = random() * all.reduce((sum, { weight }) => sum + weight, 0);
  for (const one of all) {
    left -= one.weight;
    if (left < 0) return one;
  }
  return all[0] as T;
}

/** A period for every reader each second and a half, while the line keeps up. */
async function freezeUntil({ db }: Soak, channel: "resend" | "smtp", end: number): Promise<void> {
  let of: Frozen | undefined;
  for (let period = 1; performance.now() < end; period++) {
    try {
      const { rows } = await sql<{ open: number }>`
        select count(*)::int as open from deliveries where state in ('pending', 'claimed', 'deferred')`.execute(
        db,
      );
      if ((rows[0]?.open ?? 0) < 20 * perPeriod) {
        of = await freezeDigests(db, {
          readers: perPeriod,
          perBatch: channel === "smtp" ? 1 : 10,
          channel,
          period: `soak-${period}`,
          now: new Date(),
          ...(of === undefined ? {} : { of }),
        });
      }
    } catch {
      // PostgreSQL is away: nothing was frozen, and nothing is owed.
    }
    await delay(1_500);
  }
}

async function isSettled(db: Db): Promise<boolean> {
  try {
    const { rows } = await sql<{ open: number }>`
      select (select count(*) from deliveries where state in ('pending', 'claimed', 'deferred'))
        + (select count(*) from outbox where event = 'digest.ready' and done_at is null and failed_at is null) as open`.execute(
      db,
    );
    if (rows[0]?.open === 0) return true;
    await passWaits(db);
  } catch {
    // Connections were cut a moment ago.
  }
  return false;
}

async function count({ db, provider }: Soak, faults: Record<string, number>): Promise<SoakReport> {
  const rows = await db.selectFrom("deliveries").select(["id", "digestId", "state"]).execute();
  const taken = provider.taken();
  const times = new Map<string, number>();
  for (const id of taken) times.set(id, (times.get(id) ?? 0) + 1);
  const wrong = [...provider.wrong()];
  let lost = 0;
  let uncertain = 0;
  for (const { id, digestId, state } of rows) {
    const went = times.has(provider.idOf({ id, digestId: digestId ?? "" }));
    if (state === "uncertain") uncertain += 1;
    else if (!went) lost += 1;
    if (!["accepted", "uncertain"].includes(state)) wrong.push(`delivery ${id} is ${state}`);
  }
  if (provider.keyed && uncertain > 0) wrong.push(`${uncertain} mails are uncertain, though there are keys`);
  const failed = await db
    .selectFrom("outbox")
    .select(["id", "error"])
    .where("failedAt", "is not", null)
    .execute();
  for (const { id, error } of failed) wrong.push(`job ${id} ended in failure: ${error}`);
  return {
    digests: rows.length,
    delivered: taken.length,
    lost,
    doubled: [...times.values()].filter((count) => count > 1).length,
    uncertain,
    kills: faults.kill ?? 0,
    faults,
    wrong,
  };
}
