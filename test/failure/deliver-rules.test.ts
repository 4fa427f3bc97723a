// biome-ignore-all lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its first pattern.
import { randomUUID } from "node:crypto";
import { type Digest, itemsOf } from "@paperwire/core";
import type { Db } from "@paperwire/db";
import { decide } from "@paperwire/workers/cli/delivery.ts";
import { composeNow } from "@paperwire/workers/digest/compose-due.ts";
import { parseEnv } from "@paperwire/workers/env.ts";
import { type Drained, drain } from "@paperwire/workers/runtime/drain.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { standingClock } from "@paperwire/workers/runtime/product-clock.ts";
import { sql } from "kysely";
import { expect, vi } from "vitest";
import { test as base } from "../harness/fixtures.ts";
import { type ResendDouble, startResendDouble } from "../harness/resend-double.ts";
import { startPlace } from "../harness/scripted-place.ts";
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
        FETCH_ALLOW_PRIVATE: "127.0.0.1",
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

test("a mail that cannot be rendered does not hold up those of the same job", async ({
  db,
  smtp,
  drainOver,
}) => {
  const { readers } = await freeze(db, "smtp", 10);
  const broken = readers[4];
  await sql`update digests set content = '{"sections": 7}' where reader_id = ${broken?.id}`.execute(db);
  expect(await db.selectFrom("outbox").select("id").execute()).toHaveLength(1);
  expect(await drainOver("smtp")).toMatchObject({ accepted: 9 });
  expect(new Set(smtp.delivered).size).toBe(9);
  expect(smtp.delivered).not.toContain(broken?.email);
  const open = await db
    .selectFrom("outbox")
    .select(["payload", "attempts"])
    .where("doneAt", "is", null)
    .execute();
  expect(open).toHaveLength(1);
  expect(open[0]?.attempts).toBeGreaterThan(0);
});

test("papers that a mail has no room for were not mailed", async ({ db, resend, drainOver }) => {
  const { readers } = await freeze(db, "resend", 2);
  const reader = readers[0]?.id ?? "";
  const { id, content } = await db
    .selectFrom("digests")
    .select(["id", "content"])
    .where("readerId", "=", reader)
    .executeTakeFirstOrThrow();
  const digest = content as unknown as Digest;
  const [section] = digest.sections;
  if (section === undefined) throw new Error("the sample has no section");
  const more = Array.from({ length: 120 }, () => randomUUID());
  const items = more.map((paperId) => ({ ...itemsOf(digest)[0], paperId, title: "深い学習".repeat(60) }));
  await sql`
    with made as (
      insert into papers (id, title, title_key, authors, first_seen, described_by)
      select id, 'A paper', 'a paper', '[]', ${now}, 'test' from unnest(${more}::uuid[]) as p(id) returning id
    ), chosen as (
      insert into digest_papers (digest_id, paper_id, rank, state, score, reasons)
      select ${id}::uuid, m.id, 100 + p.n, 'in', 1, '[]' from made m
      join unnest(${more}::uuid[]) with ordinality as p(id, n) on p.id = m.id returning paper_id
    )
    insert into mailed (reader_id, paper_id, digest_id, at) select ${reader}::uuid, paper_id, ${id}::uuid, ${now} from chosen`.execute(
    db,
  );
  const sections = [...digest.sections, { ...section, items }];
  await db
    .updateTable("digests")
    .set({ content: JSON.stringify({ ...digest, sections }) })
    .where("id", "=", id)
    .execute();
  const before = await mailedTo(db, reader);
  expect(await drainOver("resend")).toMatchObject({ accepted: 2 });
  expect(resend.delivered).toHaveLength(2);
  const rows = await db
    .selectFrom("digestPapers")
    .innerJoin("digests", "digests.id", "digestPapers.digestId")
    .select(["digestPapers.paperId", "digestPapers.state"])
    .where("digests.readerId", "=", reader)
    .orderBy("rank")
    .execute();
  const left = rows.filter(({ state }) => state === "over-cap").map(({ paperId }) => paperId);
  expect(left.length).toBeGreaterThan(0);
  expect(await mailedTo(db, reader)).toEqual(before.filter((paperId) => !left.includes(paperId)));
});

async function mailedTo(db: Db, reader: string): Promise<string[]> {
  const rows = await db
    .selectFrom("mailed")
    .select("paperId")
    .where("readerId", "=", reader)
    .orderBy("paperId")
    .execute();
  return rows.map(({ paperId }) => paperId);
}

test("a reader's digests are posted to the place that was named for them, and only there", async ({
  db,
  resend,
  drainOver,
}) => {
  const place = await startPlace();
  try {
    const reader = { email: "ada@example.org", createdAt: now, confirmedAt: now, tellWhenNothing: true };
    const { id } = await db
      .insertInto("readers")
      .values({
        ...reader,
        channel: "webhook",
        channelAddress: `${place.url}/hook#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await db
      .insertInto("readers")
      .values({ ...reader, email: "bob@example.org" })
      .execute();
    const everybody = await db.selectFrom("readers").select("id").execute();
    for (const one of everybody)
      await db
        .transaction()
        .execute((trx) => composeNow(trx, one.id, { channel: "resend", maxBatch: 100, now, upTo: 0 }));
    expect(await drainOver("resend")).toMatchObject({ accepted: 2 });
    expect(resend.delivered).toEqual(["bob@example.org"]);
    expect(place.requests.map(({ path }) => path)).toEqual(["/hook"]);
    const delivery = await db
      .selectFrom("deliveries")
      .select(["channel", "state"])
      .where("readerId", "=", id)
      .executeTakeFirstOrThrow();
    expect(delivery).toEqual({ channel: "webhook", state: "accepted" });
  } finally {
    await place.close();
  }
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
