// biome-ignore-all lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its first pattern.
import type { Db } from "@paperwire/db";
import { decide } from "@paperwire/workers/cli/delivery.ts";
import { parseEnv } from "@paperwire/workers/env.ts";
import { type Drained, drain } from "@paperwire/workers/runtime/drain.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { standingClock } from "@paperwire/workers/runtime/product-clock.ts";
import { sql } from "kysely";
import { expect, vi } from "vitest";
import { test as base } from "../harness/fixtures.ts";
import { type ResendDouble, startResendDouble } from "../harness/resend-double.ts";
import { type SmtpDouble, startSmtpDouble } from "../harness/smtp-double.ts";
import { freezeDigests } from "./matrix/frozen-digests.ts";
import { passWaits } from "./matrix/pass-waits.ts";

// Drains wait for retries, half a minute at most.
vi.setConfig({ testTimeout: 120_000 });

const now = new Date("2026-06-08T06:00:00Z");

type Drain = (transport: "resend" | "smtp") => Promise<Drained>;

const test = base
  .extend("resend", async ({}, { onCleanup }): Promise<ResendDouble> => {
    const double = await startResendDouble();
    onCleanup(() => double.close());
    return double;
  })
  .extend("smtp", async ({}, { onCleanup }): Promise<SmtpDouble> => {
    const double = await startSmtpDouble();
    onCleanup(() => double.close());
    return double;
  })
  .extend("drainOver", ({ databaseUrl, folder, resend, smtp }): Drain => {
    return async (transport) => {
      const settings = parseEnv({
        DATABASE_URL: databaseUrl,
        SECRET_KEY: "0123456789abcdef0123456789abcdef",
        PAPERWIRE_HOME: folder,
        MAIL_TRANSPORT: transport,
        MAIL_FROM: "Paperwire <digest@example.org>",
        RESEND_API_KEY: "re_double",
        RESEND_BASE_URL: resend.url,
        SMTP_URL: smtp.url,
        LOG_LEVEL: "silent",
      });
      const context = await openContext(settings, { clock: standingClock(now), poolSize: 24 });
      try {
        return await drain(context, { onlyOpen: true });
      } finally {
        await context.close();
      }
    };
  });

function freeze(db: Db, channel: "resend" | "smtp", readers: number) {
  const perBatch = channel === "smtp" ? 1 : 10;
  return freezeDigests(db, { readers, perBatch, channel, period: "2026-06-08", now });
}

async function states(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`
    select state, count(*)::int as count from deliveries group by state`.execute(db);
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

test("an uncertain mail is sent again when a person says so, and not before", async ({
  db,
  smtp,
  drainOver,
}) => {
  await freeze(db, "smtp", 3);
  smtp.setScript(["reset-after-dot"]);
  expect(await drainOver("smtp")).toMatchObject({ accepted: 2, uncertain: 1 });
  expect(await drainOver("smtp")).toMatchObject({ accepted: 0 });
  const { id } = await db
    .selectFrom("deliveries")
    .select("id")
    .where("state", "=", "uncertain")
    .executeTakeFirstOrThrow();
  expect(await decide(db, "resend", [id], now)).toBe(1);
  expect(await decide(db, "resend", [id], now)).toBe(0);
  expect(await drainOver("smtp")).toMatchObject({ accepted: 1 });
  expect(new Set(smtp.delivered).size).toBe(3);
});

test("an uncertain mail that a person says has gone out is accepted and keeps its papers", async ({
  db,
  smtp,
  drainOver,
}) => {
  await freeze(db, "smtp", 1);
  smtp.setScript(["accept-reset"]);
  await drainOver("smtp");
  const { id } = await db.selectFrom("deliveries").select("id").executeTakeFirstOrThrow();
  expect(await decide(db, "accept", [id], now)).toBe(1);
  expect(await drainOver("smtp")).toMatchObject({ accepted: 0 });
  expect(await states(db)).toEqual({ accepted: 1 });
  expect(smtp.delivered).toHaveLength(1);
  expect(await db.selectFrom("mailed").selectAll().execute()).not.toEqual([]);
});

test("one mail that cannot be rendered does not hold up the others of its batch", async ({
  db,
  resend,
  drainOver,
}) => {
  const { readers } = await freeze(db, "resend", 10);
  const broken = readers[4];
  await sql`update digests set content = '{"sections": 7}' where reader_id = ${broken?.id}`.execute(db);
  expect(await drainOver("resend")).toMatchObject({ accepted: 9 });
  expect(new Set(resend.delivered).size).toBe(9);
  expect(resend.delivered).not.toContain(broken?.email);
  const job = await db
    .selectFrom("outbox")
    .select(["attempts", "doneAt", "error"])
    .where("doneAt", "is", null)
    .executeTakeFirstOrThrow();
  expect(job.attempts).toBeGreaterThan(0);
});

test("open mail goes out over the channel that is set now", async ({ db, resend, smtp, drainOver }) => {
  await freeze(db, "resend", 12);
  expect(await drainOver("smtp")).toMatchObject({ accepted: 12 });
  expect(new Set(smtp.delivered).size).toBe(12);
  expect(resend.delivered).toEqual([]);
});

test("mail that may have gone out is asked about where it may have gone", async ({
  db,
  resend,
  smtp,
  drainOver,
}) => {
  await freeze(db, "resend", 10);
  resend.setScript(["accept-reset", "accept-500", "500", "500", "500", "500"]);
  await drainOver("resend");
  expect(await states(db)).toEqual({ claimed: 10 });
  resend.setScript([]);
  await passWaits(db);
  await drainOver("smtp");
  expect(await states(db)).toEqual({ accepted: 10 });
  expect(resend.delivered).toHaveLength(10);
  expect(smtp.delivered).toEqual([]);
});

test("an answer is read right after a reader of the batch was deleted", async ({ db, resend, drainOver }) => {
  const { readers } = await freeze(db, "resend", 10);
  resend.setScript(["accept-reset", "500", "500", "500", "500", "500"]);
  await drainOver("resend");
  await db
    .deleteFrom("readers")
    .where("id", "=", readers[2]?.id ?? "")
    .execute();
  resend.setScript([]);
  await passWaits(db);
  await drainOver("resend");
  const rows = await db
    .selectFrom("deliveries")
    .select(["address", "state", "providerId"])
    .orderBy("address")
    .execute();
  expect(rows.map(({ state }) => state)).toEqual(Array(9).fill("accepted"));
  const sent = resend.requests.find(({ delivered }) => delivered.length > 0);
  for (const { address, providerId } of rows) {
    const place = (sent?.recipients.indexOf(address) ?? -1) + 1;
    expect(providerId).toMatch(new RegExp(`0*${place}$`));
  }
});
