import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { itemsOf } from "@paperwire/core/digest/digest.ts";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import { createDb, type Db } from "@paperwire/db";
import { openChannel } from "@paperwire/workers/channels/index.ts";
import { handOver } from "@paperwire/workers/deliver/hand-over.ts";
import { unpackRequest } from "@paperwire/workers/deliver/packed-request.ts";
import { chunk } from "@paperwire/workers/runtime/chunk.ts";
import { sql } from "kysely";
import { openLane } from "../failure/matrix/lane.ts";
import { startLine } from "../failure/matrix/line-process.ts";
import { copyTemplate } from "../harness/template-database.ts";
import { cpuNow } from "./ingest/cpu.ts";

/**
 * The whole way of a mail: frozen digests of ten papers in PostgreSQL, claimed, rendered, stored, handed to a
 * provider double in a process of its own, and settled, by two processes of `up deliver`:
 * `node test/bench/deliver.ts [resend|smtp] [mails]`. Beside it, what the double takes from memory.
 */
const transport = process.argv[2] === "smtp" ? "smtp" : "resend";
const mails = Number(process.argv[3] ?? (transport === "resend" ? 100_000 : 10_000));
const perBatch = transport === "resend" ? 100 : 1;
const concurrency = process.env.DELIVER_CONCURRENCY ?? "2";
const connections = 20;
const processes = Number(process.env.DELIVER_PROCESSES ?? 2);

const double = spawn(
  process.execPath,
  [fileURLToPath(new URL(`../harness/${transport}-double.ts`, import.meta.url)), "--per-second", "100000"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const lane = await openLane();
try {
  const url = await new Promise<string>((resolve) => {
    double.stdout.once("data", (line: Buffer) => resolve(JSON.parse(line.toString()).url));
  });
  const database = await copyTemplate(lane.adminUrl, lane.templateName);
  const db = createDb({ url: database.url, max: 2, applicationName: "bench" });
  try {
    const seeded = performance.now();
    await seed(db);
    console.log(`${mails} digests frozen in ${((performance.now() - seeded) / 1000).toFixed(1)} s`);
    await deliverAll(db, database.url, url);
    await fromMemory(db, url);
  } finally {
    await db.destroy();
    await database.drop();
  }
} finally {
  double.kill("SIGTERM");
  await once(double, "exit");
  await lane.close();
}

async function deliverAll(db: Db, databaseUrl: string, url: string): Promise<void> {
  const folder = join(lane.folder, "bench");
  await mkdir(folder, { recursive: true });
  const start = () =>
    startLine(folder, {
      DATABASE_URL: databaseUrl,
      SECRET_KEY: "0123456789abcdef0123456789abcdef",
      PAPERWIRE_HOME: folder,
      PUBLIC_URL: "https://papers.example.org",
      MAIL_TRANSPORT: transport,
      MAIL_FROM: "Paperwire <digest@example.org>",
      ...(transport === "resend"
        ? { RESEND_API_KEY: "re_bench", RESEND_BASE_URL: url }
        : { SMTP_URL: `${url}?maxConnections=${connections}&maxMessages=100000` }),
      DELIVER_CONCURRENCY: concurrency,
      LOG_LEVEL: "warn",
      ...(process.env.LINE_NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS: process.env.LINE_NODE_OPTIONS }),
    });
  const lines = Array.from({ length: processes }, start);
  try {
    await Promise.all(lines.map((line) => line.ready()));
    // The provider's rate is known from the first answer on; a deployment that has run before knows it.
    await sql`insert into provider_budgets (provider, per_second) values ('resend', 100000)
      on conflict (provider) do update set per_second = 100000`.execute(db);
    const started = performance.now();
    const before = await usageOf(lines);
    const others = await otherCpuMs();
    const memory: number[] = [];
    const warmUp = mails / 10;
    let warm: { at: number; accepted: number } | undefined;
    let accepted = 0;
    while (accepted < mails) {
      await delay(250);
      accepted = await countAccepted(db);
      const ended = lines.find((line) => line.hasEnded());
      if (ended !== undefined) throw new Error(`A process ended:\n${ended.log()}`);
      if (accepted > warmUp) {
        warm ??= { at: performance.now(), accepted };
        memory.push((await usageOf(lines)).rssMb);
      }
      if (performance.now() - started > 1_200_000)
        throw new Error(`After 20 minutes ${accepted} mails were accepted.`);
    }
    const seconds = (performance.now() - started) / 1000;
    const cpu = ((await usageOf(lines)).cpuMs - before.cpuMs) / mails;
    const after = await otherCpuMs();
    const steady = warm === undefined ? 0 : ((mails - warm.accepted) / (performance.now() - warm.at)) * 1000;
    console.log(
      `${transport}: ${mails} mails of ten papers, ${perBatch} a request, ${processes} processes with ${concurrency} jobs each`,
    );
    console.log(
      `database to provider: ${Math.round(mails / seconds)} mails/s over all, ${Math.round(steady)} after the first tenth, ${cpu.toFixed(2)} ms CPU per mail in the workers, ${((after.postgres - others.postgres) / mails).toFixed(2)} in PostgreSQL, ${((after.double - others.double) / mails).toFixed(2)} in the double`,
    );
    const [first = 0] = memory;
    console.log(
      `memory of the workers: ${first} MB after the first tenth, at most ${Math.max(...memory)} MB, ${memory.at(-1)} MB at the end`,
    );
  } finally {
    await Promise.all(lines.map((line) => line.stop()));
  }
}

/** The requests that were stored, sent once more under keys of their own, with nothing else to do. */
async function fromMemory(db: Db, url: string): Promise<void> {
  const rows = await db
    .selectFrom("batches")
    .select("request")
    .where("request", "is not", null)
    .limit(20)
    .execute();
  const requests = await Promise.all(
    rows.flatMap(({ request }) => (request === null ? [] : unpackRequest(request))),
  );
  const channel = openChannel(transport, {
    home: "/nonexistent",
    resendApiKey: "re_bench",
    resendBaseUrl: url,
    smtpUrl: `${url}?maxConnections=${connections}&maxMessages=100000`,
  });
  const started = performance.now();
  const count = Math.min(mails, transport === "resend" ? 20_000 : 5_000);
  let next = 0;
  const work = async () => {
    while (next < count) {
      const n = next;
      next += perBatch;
      const signal = AbortSignal.timeout(60_000);
      const { outcome } = await channel.send(requests[(n / perBatch) % requests.length] ?? Buffer.alloc(0), {
        idempotencyKey: `memory-${n}`,
        count: perBatch,
        signal,
      });
      if (outcome.kind !== "answered") throw new Error(outcome.reason);
    }
  };
  await Promise.all(Array.from({ length: transport === "resend" ? Number(concurrency) : connections }, work));
  console.log(
    `sent from memory: ${Math.round((count / (performance.now() - started)) * 1000)} mails/s; a request has ${Math.round((requests[0]?.length ?? 0) / perBatch / 1000)} kB per mail`,
  );
  channel.close?.();
}

async function countAccepted(db: Db): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from deliveries where state = 'accepted'`.execute(db);
  return rows[0]?.count ?? 0;
}

async function usageOf(all: readonly { readonly pid: number }[]): Promise<{ cpuMs: number; rssMb: number }> {
  const each = await Promise.all(all.map(({ pid }) => usage(pid)));
  return {
    cpuMs: each.reduce((sum, one) => sum + one.cpuMs, 0),
    rssMb: each.reduce((sum, one) => sum + one.rssMb, 0),
  };
}

async function otherCpuMs(): Promise<{ postgres: number; double: number }> {
  return {
    postgres: cpuNow(lane.dataDir).server * 1000,
    double: (await usage(double.pid ?? 0)).cpuMs,
  };
}

async function usage(pid: number): Promise<{ cpuMs: number; rssMb: number }> {
  const stat = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return {
    cpuMs: (Number(stat[11]) + Number(stat[12])) * 10,
    rssMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
  };
}

/** Readers, digests of ten papers each, deliveries and batches, made in the database. */
async function seed(db: Db): Promise<void> {
  const { digest } = sampleMail();
  const items = [0, 1].flatMap(() => itemsOf(digest).map((item) => ({ ...item, paperId: randomUUID() })));
  const sections = [
    { subscriptionId: "s1", name: "First interest", items: items.slice(0, 5) },
    { subscriptionId: "s2", name: "Second interest", items: items.slice(5) },
  ];
  const content = JSON.stringify({ ...digest, sections });
  await sql`insert into readers (email, created_at, confirmed_at)
    select 'reader' || n || '@example.org', now(), now() from generate_series(1, ${mails}::int) n`.execute(
    db,
  );
  await sql`insert into digests (reader_id, period, due_at, frozen_at, from_seq, to_seq, content, state)
    select id, '2026-06-08', now(), now(), 0, 0, ${content}::jsonb, 'frozen' from readers`.execute(db);
  await sql`insert into batches (channel)
    select ${transport} from generate_series(1, ${Math.ceil(mails / perBatch)}::int)`.execute(db);
  await sql`
    with r as (select *, row_number() over (order by id)::int - 1 as n from readers),
      b as (select id, row_number() over (order by id)::int - 1 as n from batches)
    insert into deliveries (kind, digest_id, reader_id, channel, address, batch_id, position, period, created_at)
    select 'digest', d.id, r.id, ${transport}, r.email, b.id, r.n % ${perBatch}::int, d.period, now()
    from r join digests d on d.reader_id = r.id join b on b.n = r.n / ${perBatch}::int`.execute(db);
  const ids = await db.selectFrom("batches").select("id").execute();
  await db.transaction().execute(async (trx) => {
    for (const group of chunk(ids, 1000))
      await handOver(
        trx,
        transport,
        group.map(({ id }) => id),
      );
  });
  await sql`analyze`.execute(db);
}
