import { renderDigest } from "@paperwire/core";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import type { BatchOutcome, Channel, Message } from "@paperwire/workers/channels/channel.ts";
import { openChannel } from "@paperwire/workers/channels/index.ts";
import { Resend } from "resend";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ResendDouble, startResendDouble } from "../harness/resend-double.ts";

let double: ResendDouble;
let channel: Channel;
beforeEach(async () => {
  double = await startResendDouble({ keepBodies: true });
  channel = openChannel("resend", {
    home: "/nonexistent",
    resendApiKey: "re_test",
    resendBaseUrl: double.url,
  });
});
afterEach(() => double.close());

function mails(count: number, to = (i: number) => `reader${i}@example.org`): Message[] {
  const { shown: _, moved: __, ...mail } = renderDigest(sampleMail());
  return Array.from({ length: count }, (_each, i) => ({
    ...mail,
    deliveryId: `d-${i}`,
    to: to(i),
    from: "Paperwire <digest@example.org>",
    at: "2026-06-08T06:00:00Z",
    tags: { digest_id: `digest-${i}` },
  }));
}

async function send(
  request: Buffer,
  count: number,
  key = "key-1",
  timeoutMs = 20_000,
): Promise<BatchOutcome> {
  const signal = AbortSignal.timeout(timeoutMs);
  return (await channel.send(request, { idempotencyKey: key, count, signal })).outcome;
}

test("the bytes on the wire are the stored ones, and those that the SDK's batch.send would make", async () => {
  const messages = mails(3);
  const request = await channel.prepare(messages);
  await send(request, 3);
  const resend = new Resend("re_test", { baseUrl: double.url });
  await resend.batch.send(
    messages.map(({ from, headers, html, subject, tags = {}, text, to }) => ({
      from,
      headers: { ...headers },
      html,
      subject,
      tags: Object.entries(tags).map(([name, value]) => ({ name, value })),
      text,
      to: [to],
    })),
    { idempotencyKey: "key-2", batchValidation: "permissive" },
  );
  const [ours, theirs] = double.requests;
  expect(ours?.body).toBe(request.toString("utf8"));
  expect(ours?.body).toBe(theirs?.body);
  expect(ours?.path).toBe(theirs?.path);
  expect(ours?.digests).toEqual(["digest-0", "digest-1", "digest-2"]);
});

test("a hundred mails are one request with an id for each", async () => {
  const outcome = await send(await channel.prepare(mails(100)), 100);
  if (outcome.kind !== "answered") throw new Error(outcome.reason);
  expect(new Set(outcome.members.map((one) => (one.kind === "accepted" ? one.providerId : ""))).size).toBe(
    100,
  );
  expect(double.delivered).toHaveLength(100);
});

test("one bad address is rejected, the rest of the batch is accepted, each in its place", async () => {
  const request = await channel.prepare(
    mails(4, (i) => (i === 1 ? "refused@example.org" : `reader${i}@example.org`)),
  );
  const outcome = await send(request, 4);
  expect(outcome).toMatchObject({
    kind: "answered",
    members: [
      { kind: "accepted" },
      { kind: "rejected", scope: "message" },
      { kind: "accepted" },
      { kind: "accepted" },
    ],
  });
  expect(double.delivered).toEqual(["reader0@example.org", "reader2@example.org", "reader3@example.org"]);
});

test.each(["accept-reset", "accept-500", "accept-garbage", "accept-hang"])(
  "after %s the same request under the same key gets the first answer, and nothing goes out twice",
  async (fault) => {
    const request = await channel.prepare(mails(5));
    double.setScript([fault]);
    expect((await send(request, 5, "key-1", 500)).kind).toBe("uncertain");
    expect(await send(request, 5)).toMatchObject({ kind: "answered" });
    expect(double.delivered).toHaveLength(5);
  },
);

test("another request under a used key is given to a person, never sent again", async () => {
  await send(await channel.prepare(mails(2)), 2);
  expect(await send(await channel.prepare(mails(3)), 3)).toMatchObject({ kind: "uncertain", park: true });
});

test("a request that is still being worked on is asked for again later under its key", async () => {
  const request = await channel.prepare(mails(1));
  double.setScript(["slow:600"]);
  const first = send(request, 1);
  while (double.requests.length === 0) await new Promise(setImmediate);
  expect(await send(request, 1)).toMatchObject({ kind: "uncertain", delayMs: 5_000 });
  expect(await first).toMatchObject({ kind: "answered" });
});

test("an answer for another number of mails is not believed", async () => {
  double.setScript(["empty", "null"]);
  const request = await channel.prepare(mails(2));
  for (const _ of [1, 2]) {
    const outcome = await send(request, 2, "key-2");
    expect(outcome).toMatchObject({ kind: "uncertain" });
    expect(outcome).not.toHaveProperty("park");
  }
  expect(await send(request, 2, "key-2")).toMatchObject({ kind: "answered" });
});

test("the rate budget is read from the headers", async () => {
  const { budget } = await channel.send(await channel.prepare(mails(1)), {
    idempotencyKey: "k",
    count: 1,
    signal: AbortSignal.timeout(20_000),
  });
  expect(budget).toEqual({ limit: 1000, remaining: 999, resetMs: 1000 });
});

describe("every documented error means what the operator can do about it", () => {
  const park = { kind: "uncertain", park: true };
  const again = { kind: "uncertain" };
  const message = { kind: "rejected", scope: "message" };
  const sender = { kind: "rejected", scope: "sender" };
  const wait = { kind: "deferred", burnsAttempt: false, pausesSender: true };
  test.each([
    [400, "invalid_idempotency_key", message],
    [400, "validation_error", message],
    [401, "missing_api_key", sender],
    [401, "restricted_api_key", sender],
    [403, "invalid_api_key", sender],
    [403, "validation_error", sender],
    [404, "not_found", sender],
    [405, "method_not_allowed", sender],
    [409, "invalid_idempotent_request", park],
    [409, "concurrent_idempotent_requests", again],
    [413, "request_too_large", message],
    [422, "invalid_attachment", message],
    [422, "invalid_from_address", message],
    [422, "invalid_access", message],
    [422, "invalid_parameter", message],
    [422, "invalid_region", message],
    [422, "missing_required_field", message],
    [429, "rate_limit_exceeded", wait],
    [429, "daily_quota_exceeded", wait],
    [429, "monthly_quota_exceeded", wait],
    [451, "security_error", message],
    [500, "application_error", again],
    [500, "internal_server_error", again],
    [503, "something_new", again],
    [402, "something_new", sender],
    [400, "application_error", sender],
  ])("%i %s", async (status, name, meaning) => {
    double.setScript([`error:${status}:${name}`]);
    const request = await channel.prepare(mails(1));
    const outcome = await send(request, 1);
    expect(outcome).toMatchObject(meaning);
    if (meaning === again) expect(outcome).not.toHaveProperty("park");
    expect(double.requests).toHaveLength(1);
  });

  test("a quota waits much longer than a rate limit", async () => {
    const request = await channel.prepare(mails(1));
    const waits: number[] = [];
    for (const fault of ["429:2", "quota-daily", "quota-monthly"]) {
      double.setScript([fault]);
      const outcome = await send(request, 1);
      waits.push(outcome.kind === "deferred" ? outcome.delayMs : -1);
    }
    expect(waits).toEqual([2_000, 3_600_000, 21_600_000]);
  });
});
