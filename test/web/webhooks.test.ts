import { createHmac, randomUUID } from "node:crypto";
import { batches, type Db, deliveries, suppressions } from "@paperwire/db";
import { parseEnv } from "@paperwire/workers/env.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { buildApp } from "@paperwire/workers/web/app.ts";
import { describe, expect } from "vitest";
import { test as base } from "../harness/fixtures.ts";

const secret = `whsec_${Buffer.from("a secret that only Resend and we know").toString("base64")}`;

type Tell = (
  event: Record<string, unknown>,
  options?: { id?: string; body?: string; secret?: string },
) => Promise<number>;

const test = base
  .extend("webhookSecret", secret as string | undefined)
  .extend("tell", async ({ databaseUrl, folder, webhookSecret }, { onCleanup }): Promise<Tell> => {
    const settings = parseEnv({
      DATABASE_URL: databaseUrl,
      SECRET_KEY: "0123456789abcdef0123456789abcdef",
      PAPERWIRE_HOME: folder,
      RESEND_WEBHOOK_SECRET: webhookSecret,
      LOG_LEVEL: "silent",
    });
    const context = await openContext(settings);
    const app = await buildApp(context);
    onCleanup(async () => {
      await app.close();
      await context.close();
    });
    return async (event, options = {}) => {
      const id = options.id ?? randomUUID();
      const signed = JSON.stringify(event);
      const timestamp = String(Math.floor(Date.now() / 1000));
      const key = Buffer.from((options.secret ?? secret).slice(6), "base64");
      const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${signed}`).digest("base64");
      const answer = await app.inject({
        method: "POST",
        url: "/webhooks/resend",
        headers: {
          "content-type": "application/json",
          "svix-id": id,
          "svix-timestamp": timestamp,
          "svix-signature": `v1,${signature}`,
        },
        payload: options.body ?? signed,
      });
      return answer.statusCode;
    };
  });

/** A delivery to `ada@example.org` that stands where `state` says. */
async function delivered(db: Db, state: "accepted" | "uncertain", providerId?: string): Promise<string> {
  const createdAt = new Date();
  return db.transaction().execute(async (trx) => {
    const reader = await trx
      .insertInto("readers")
      .values({ email: `ada@example.org`, createdAt })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    const readerId =
      reader?.id ?? (await trx.selectFrom("readers").select("id").executeTakeFirstOrThrow()).id;
    const one = {
      kind: "settings",
      readerId,
      channel: "resend",
      address: "ada@example.org",
      createdAt,
    } as const;
    const [batchId = ""] = await batches.insertAll(trx, "resend", [[one]]);
    const row = await trx
      .selectFrom("deliveries")
      .select("id")
      .where("batchId", "=", batchId)
      .executeTakeFirstOrThrow();
    await deliveries.settle(
      trx,
      [{ id: row.id, state, ...(providerId === undefined ? {} : { providerId }) }],
      createdAt,
    );
    return row.id;
  });
}

function said(type: string, providerId: string, more: Record<string, unknown> = {}, minute = 1) {
  return {
    type: `email.${type}`,
    created_at: `2026-06-08T06:${String(minute).padStart(2, "0")}:00.000Z`,
    data: { email_id: providerId, to: ["Ada <Ada@Example.org>"], ...more },
  };
}
const soft = { bounce: { type: "Transient", subType: "MailboxFull" } };

async function stateOf(db: Db, id: string) {
  return db
    .selectFrom("deliveries")
    .select(["state", "providerState", "providerId"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
}

test("a word about a mail is kept, and a later one only moves it forward", async ({ db, tell }) => {
  const id = await delivered(db, "accepted", "e-1");
  expect(await tell(said("delivered", "e-1"))).toBe(200);
  expect(await tell(said("sent", "e-1"))).toBe(200);
  expect(await stateOf(db, id)).toMatchObject({ state: "accepted", providerState: "delivered" });
  expect(await suppressions.find(db, "ada@example.org")).toBeUndefined();
});

test("a complaint suppresses the address at once, and delivered after it changes nothing", async ({
  db,
  tell,
}) => {
  const id = await delivered(db, "accepted", "e-1");
  await tell(said("complained", "e-1"));
  await tell(said("delivered", "e-1", {}, 2));
  expect(await suppressions.find(db, "ada@example.org")).toMatchObject({ because: "complained" });
  expect(await stateOf(db, id)).toMatchObject({ providerState: "complained" });
});

test("a hard bounce suppresses at once and keeps the kind for the operator", async ({ db, tell }) => {
  await delivered(db, "accepted", "e-1");
  await tell(said("bounced", "e-1", { bounce: { type: "Permanent", subType: "General" } }));
  expect(await suppressions.find(db, "ADA@example.org")).toMatchObject({
    because: "hard",
    detail: "Permanent General",
  });
});

test("soft bounces suppress when three of the last five mails met one", async ({ db, tell }) => {
  for (const n of [1, 2, 3, 4, 5, 6]) await delivered(db, "accepted", `e-${n}`);
  await tell(said("bounced", "e-1", soft, 1));
  await tell(said("bounced", "e-2", soft, 2));
  await tell(said("bounced", "e-2", soft, 3));
  await tell(said("delivered", "e-3", {}, 4));
  await tell(said("delivered", "e-4", {}, 5));
  await tell(said("delivered", "e-5", {}, 6));
  expect(await suppressions.find(db, "ada@example.org")).toBeUndefined();
  await tell(said("bounced", "e-6", soft, 7));
  expect(await suppressions.find(db, "ada@example.org")).toBeUndefined();
  await tell(said("bounced", "e-5", soft, 8));
  await tell(said("bounced", "e-4", soft, 9));
  expect(await suppressions.find(db, "ada@example.org")).toMatchObject({ because: "soft" });
});

test("soft bounces told at the same moment are all counted", async ({ db, tell }) => {
  for (const n of [1, 2, 3]) await delivered(db, "accepted", `e-${n}`);
  const answers = await Promise.all([1, 2, 3].map((n) => tell(said("bounced", `e-${n}`, soft, n))));
  expect(answers).toEqual([200, 200, 200]);
  expect(await suppressions.find(db, "ada@example.org")).toMatchObject({ because: "soft" });
});

test("an event told twice counts once", async ({ db, tell }) => {
  await delivered(db, "accepted", "e-1");
  const event = said("delivered", "e-1");
  expect(await tell(event, { id: "msg_1" })).toBe(200);
  expect(await tell(event, { id: "msg_1" })).toBe(200);
  expect(await db.selectFrom("providerEvents").selectAll().execute()).toHaveLength(1);
});

test("a mail whose answer was lost is found by its tag, and is no longer uncertain", async ({ db, tell }) => {
  const id = await delivered(db, "uncertain");
  await tell(said("delivered", "e-9", { tags: { delivery: id, kind: "settings" } }));
  expect(await stateOf(db, id)).toEqual({ state: "accepted", providerState: "delivered", providerId: "e-9" });
});

test("a complaint about somebody else's mail is heard and suppresses nobody", async ({ db, tell }) => {
  expect(await tell(said("complained", "not-ours"))).toBe(200);
  expect(await suppressions.find(db, "ada@example.org")).toBeUndefined();
});

test("a kind of event that says nothing of a mail's fate is answered and not kept", async ({ db, tell }) => {
  expect(await tell({ type: "contact.created", created_at: "2026-06-08T06:00:00Z", data: {} })).toBe(200);
  expect(await db.selectFrom("providerEvents").selectAll().execute()).toEqual([]);
});

test.for([
  ["another secret", { secret: `whsec_${Buffer.from("somebody else").toString("base64")}` }, 401],
  ["a changed body", { body: JSON.stringify(said("complained", "e-2")) }, 401],
] as const)("%s changes nothing", async ([, options, status], { db, tell }) => {
  await delivered(db, "accepted", "e-1");
  expect(await tell(said("complained", "e-1"), options)).toBe(status);
  expect(await suppressions.find(db, "ada@example.org")).toBeUndefined();
  expect(await db.selectFrom("providerEvents").selectAll().execute()).toEqual([]);
});

test("a signed event of another shape is refused in words, so that it is told again", async ({ tell }) => {
  expect(await tell({ type: "email.bounced", data: { to: 7 } })).toBe(422);
});

describe("without RESEND_WEBHOOK_SECRET", () => {
  test.override("webhookSecret", undefined);
  test("there is no such page", async ({ tell }) => {
    expect(await tell(said("complained", "e-1"))).toBe(404);
  });
});
