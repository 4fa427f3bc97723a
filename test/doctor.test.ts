import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";
import { startSmtpDouble } from "./harness/smtp-double.ts";

const main = fileURLToPath(new URL("../workers/src/cli/main.ts", import.meta.url));

interface Answer {
  readonly code: number;
  readonly state: string;
  readonly checks: Record<string, { state: string; sentence: string; mend?: string }>;
}

function doctor(settings: Record<string, string | undefined>): Promise<Answer> {
  const env = { PATH: process.env.PATH, SECRET_KEY: "0123456789abcdef0123456789abcdef", ...settings };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [main, "doctor", "--no-dns", "--json"], { env }, (error, stdout) => {
      if (stdout === "") return reject(error ?? new Error("doctor said nothing"));
      const { state, checks } = JSON.parse(stdout) as {
        state: string;
        checks: { check: string; state: string; sentence: string }[];
      };
      resolve({
        code: Number(error?.code ?? 0),
        state,
        checks: Object.fromEntries(checks.map((one) => [one.check, one])),
      });
    });
  });
}

test("a sound installation on servers has nothing to mend", async ({ databaseUrl, folder, redisUrl }) => {
  const { code, checks } = await doctor({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PAPERWIRE_HOME: folder,
  });
  expect(code).toBe(0);
  for (const name of [
    "node",
    "home",
    "disk",
    "secret key",
    "database",
    "schema",
    "pg_trgm",
    "queue",
    "redis memory",
    "failed jobs",
  ]) {
    expect(checks[name], name).toMatchObject({ state: "ok" });
  }
  expect(checks.workers).toMatchObject({ state: "warn", mend: expect.stringContaining("paperwire up") });
});

test("failed work and silent sources are named with what to type", async ({ databaseUrl, db, folder }) => {
  const at = new Date(0);
  await db
    .insertInto("sources")
    .values({
      id: "quiet",
      url: "https://quiet.example/feed",
      kind: "feed",
      failures: 3,
      lastError: "It answered 500.",
      nextFetchAt: at,
      createdAt: at,
    })
    .execute();
  await db
    .insertInto("outbox")
    .values({
      event: "source.due",
      payload: JSON.stringify({ sourceId: "quiet" }),
      failedAt: at,
      error: "boom",
    })
    .execute();
  const { code, state, checks } = await doctor({ DATABASE_URL: databaseUrl, PAPERWIRE_HOME: folder });
  expect({ code, state }).toEqual({ code: 1, state: "fail" });
  expect(checks["failed jobs"]).toMatchObject({
    state: "fail",
    mend: expect.stringContaining("paperwire failed"),
  });
  expect(checks["source quiet"]).toMatchObject({
    state: "warn",
    sentence: expect.stringContaining("It answered 500."),
  });
});

test("a database without the schema says which command to run", async ({ databaseUrl, db, folder }) => {
  await sql`drop table kysely_migration`.execute(db);
  const { code, checks } = await doctor({ DATABASE_URL: databaseUrl, PAPERWIRE_HOME: folder });
  expect(code).toBe(1);
  expect(checks.schema).toMatchObject({ state: "fail", mend: "Run: paperwire migrate" });
});

test("an SMTP server that answers is ok, and links to the own machine fail once mail really leaves", async ({
  databaseUrl,
  folder,
}) => {
  const smtp = await startSmtpDouble();
  try {
    const settings = {
      DATABASE_URL: databaseUrl,
      PAPERWIRE_HOME: folder,
      MAIL_TRANSPORT: "smtp",
      MAIL_FROM: "Papers <papers@example.org>",
    };
    const { code, checks } = await doctor({ ...settings, SMTP_URL: smtp.url });
    expect(checks.mail).toMatchObject({ state: "ok" });
    expect(checks.links).toMatchObject({ state: "fail", mend: expect.stringContaining("PUBLIC_URL") });
    expect(code).toBe(1);
    expect(
      await doctor({ ...settings, SMTP_URL: smtp.url, PUBLIC_URL: "https://papers.example.org" }),
    ).toMatchObject({ code: 0 });
  } finally {
    await smtp.close();
  }
});

test("nothing that can be reached is several sentences, not one crash", async ({ folder }) => {
  const { code, checks } = await doctor({
    DATABASE_URL: "postgres://a:geheim@127.0.0.1:1/x",
    REDIS_URL: "redis://127.0.0.1:1",
    PAPERWIRE_HOME: folder,
  });
  expect(code).toBe(1);
  expect(checks.database).toMatchObject({ state: "fail" });
  expect(checks.queue).toMatchObject({ state: "fail" });
  expect(JSON.stringify(checks)).not.toContain("geheim");
});

test("settings that cannot be used end with exit code 2 and name every setting", async ({ folder }) => {
  const { code, checks } = await doctor({
    PORT: "eighty",
    HOST: "",
    LOG_LEVEL: "loud",
    PAPERWIRE_HOME: folder,
  });
  expect(code).toBe(2);
  expect(checks.settings?.sentence).toMatch(/PORT.*LOG_LEVEL/);
});
