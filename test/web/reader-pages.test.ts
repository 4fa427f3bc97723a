import { randomUUID } from "node:crypto";
import { deliveries, readers, subscriptions } from "@paperwire/db";
import { parseEnv } from "@paperwire/workers/env.ts";
import { subscribeReader } from "@paperwire/workers/readers/subscribe.ts";
import { type OpenContext, openContext } from "@paperwire/workers/runtime/open-context.ts";
import { type Purpose, signToken } from "@paperwire/workers/tokens.ts";
import { buildApp } from "@paperwire/workers/web/app.ts";
import type { FastifyInstance } from "fastify";
import { expect } from "vitest";
import { test as base } from "../harness/fixtures.ts";

const secretKey = "0123456789abcdef0123456789abcdef";

interface Site {
  readonly app: FastifyInstance;
  readonly context: OpenContext;
}

const test = base.extend("site", async ({ databaseUrl, folder }, { onCleanup }): Promise<Site> => {
  const settings = parseEnv({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey,
    PAPERWIRE_HOME: folder,
    LOG_LEVEL: "error",
  });
  const context = await openContext(settings);
  const app = await buildApp(context);
  onCleanup(async () => {
    await app.close();
    await context.close();
  });
  return { app, context };
});

const post = (app: FastifyInstance, url: string, form: Record<string, string>) =>
  app.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams(form).toString(),
  });

async function tokenFor(
  context: OpenContext,
  email: string,
  purpose: Purpose,
  about?: string,
): Promise<string> {
  const reader = await readers.findByEmail(context.db, email);
  if (reader === undefined) throw new Error(`no reader ${email}`);
  return signToken(
    { purpose, readerId: reader.id, epoch: reader.tokenEpoch, ...(about === undefined ? {} : { about }) },
    secretKey,
  );
}

test("the answer to a subscription never tells whether the address is known", async ({
  site: { app, context },
}) => {
  await subscribeReader(
    context,
    { email: "ada@example.org", categories: ["cs.CL"], confirmed: true },
    new Date(),
  );
  const form = { query: "cat:cs.LG", at: "08:00", zone: "UTC" };
  const known = await post(app, "/subscribe", { email: "ada@example.org", ...form });
  const unknown = await post(app, "/subscribe", { email: "new@example.org", ...form });
  expect(known.statusCode).toBe(200);
  expect(known.body).toBe(unknown.body);
});

test("what a stranger types changes nothing of a known reader before it is confirmed", async ({
  site: { app, context },
}) => {
  const { readerId } = await subscribeReader(
    context,
    { email: "ada@example.org", categories: ["cs.CL"], at: "07:00", confirmed: true },
    new Date(),
  );
  await post(app, "/subscribe", {
    email: "ada@example.org",
    query: "cat:math.AG",
    at: "23:00",
    zone: "Asia/Tokyo",
  });
  expect((await subscriptions.ofReader(context.db, readerId)).map((one) => one.query)).toEqual(["cat:cs.CL"]);
  expect(await readers.findById(context.db, readerId)).toMatchObject({ at: "07:00", zone: "UTC" });
});

test("looking at the confirmation changes nothing; pressing the button subscribes", async ({
  site: { app, context },
}) => {
  await post(app, "/subscribe", {
    email: "bo@example.org",
    query: "cat:cs.LG",
    at: "09:30",
    zone: "Europe/Berlin",
  });
  const wish = await context.db.selectFrom("wishes").select("id").executeTakeFirstOrThrow();
  const url = `/confirm/${await tokenFor(context, "bo@example.org", "confirm", wish.id)}`;
  expect((await app.inject({ url })).statusCode).toBe(200);
  expect(await readers.findByEmail(context.db, "bo@example.org")).toMatchObject({ confirmedAt: null });
  expect((await post(app, url, {})).body).toContain("You are subscribed");
  const reader = await readers.findByEmail(context.db, "bo@example.org");
  expect(reader).toMatchObject({ at: "09:30", zone: "Europe/Berlin" });
  expect(reader?.confirmedAt).toBeInstanceOf(Date);
});

test("one click unsubscribes by POST only, without a cookie or a login", async ({
  site: { app, context },
}) => {
  await subscribeReader(
    context,
    { email: "cy@example.org", categories: ["cs.CL"], confirmed: true },
    new Date(),
  );
  const url = `/unsubscribe/${await tokenFor(context, "cy@example.org", "unsubscribe")}`;
  expect((await app.inject({ url })).statusCode).toBe(200);
  expect(await readers.findByEmail(context.db, "cy@example.org")).toMatchObject({ unsubscribedAt: null });
  const answer = await post(app, url, { "List-Unsubscribe": "One-Click" });
  expect(answer.statusCode).toBe(200);
  expect((await readers.findByEmail(context.db, "cy@example.org"))?.unsubscribedAt).toBeInstanceOf(Date);
});

test("a token for one purpose does nothing else, and a forged one does nothing", async ({
  site: { app, context },
}) => {
  await subscribeReader(
    context,
    { email: "di@example.org", categories: ["cs.CL"], confirmed: true },
    new Date(),
  );
  const token = await tokenFor(context, "di@example.org", "preferences");
  expect((await post(app, `/unsubscribe/${token}`, {})).statusCode).toBe(404);
  expect((await app.inject({ url: `/preferences/${token.slice(0, -2)}xx` })).statusCode).toBe(404);
  expect((await app.inject({ url: `/preferences/${token}` })).statusCode).toBe(200);
});

test("nonsense gets a sentence and a 400", async ({ site: { app } }) => {
  const wrong = await post(app, "/subscribe", { email: "not an address", query: "cat:cs.CL" });
  expect(wrong.statusCode).toBe(400);
  expect(wrong.body).toContain("is no e-mail address");
  const zone = await post(app, "/subscribe", {
    email: "ed@example.org",
    query: "cat:cs.CL",
    zone: "Mars/Olympus",
  });
  expect(zone.statusCode).toBe(400);
});

test("strangers' tries are limited by the hour", async ({ site: { app, context } }) => {
  const statuses: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    statuses.push(
      (await post(app, "/subscribe", { email: "flood@example.org", query: "cat:cs.CL" })).statusCode,
    );
  }
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  expect((await deliveries.countStates(context.db)).pending).toBe(3);
});

test("health, readiness and figures answer", async ({ site: { app } }) => {
  expect((await app.inject({ url: "/healthz" })).json()).toEqual({ status: "ok" });
  expect((await app.inject({ url: "/readyz" })).statusCode).toBe(200);
  expect((await app.inject({ url: "/metrics" })).body).toContain("paperwire_work_ready 0");
});

test("markup from a source is shown as text", async ({ site: { app, context } }) => {
  await context.db
    .insertInto("papers")
    .values({
      id: randomUUID(),
      title: "<script>alert(1)</script> & more",
      titleKey: "x",
      authors: JSON.stringify([{ name: "<b>Eve</b>" }]),
      firstSeen: new Date(),
      describedBy: "x",
    })
    .execute();
  const page = await app.inject({ url: "/" });
  expect(page.body).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more");
  expect(page.body).not.toContain("<script>alert");
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
});
