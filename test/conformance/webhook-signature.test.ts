import { existsSync, readFileSync } from "node:fs";
import { toProviderWord } from "@paperwire/workers/channels/resend-webhook.ts";
import { verifyWebhook } from "@paperwire/workers/channels/webhook-signature.ts";
import { describe, expect, test } from "vitest";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const file = `${shared}/data/suites/standard-webhooks/vectors.json`;
const present = existsSync(file);

interface Vector {
  readonly name: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload_b64: string;
  readonly now: number;
  readonly valid: boolean;
}

describe.skipIf(!present)(
  `the published vectors of Standard Webhooks${present ? "" : ` (no ${file})`}`,
  () => {
    const cases: readonly Vector[] = present ? JSON.parse(readFileSync(file, "utf8")).cases : [];

    test.each(cases)("$name: $valid", ({ secret, headers, payload_b64, now, valid }) => {
      const verdict = verifyWebhook(
        Buffer.from(payload_b64, "base64"),
        headers,
        secret,
        new Date(now * 1000),
      );
      expect(verdict.genuine).toBe(valid);
    });
  },
);

const created_at = "2026-06-08T06:01:02.000Z";
const data = { email_id: "e-1", to: ["Reader <Reader@Example.org>"], tags: { digest_id: "d-1" } };

test("a bounce says which kind it is, and never what the other server wrote", () => {
  const body = {
    type: "email.bounced",
    created_at,
    data: { ...data, bounce: { type: "Permanent", subType: "General", message: "<x@y.z> unknown" } },
  };
  expect(toProviderWord(body)).toEqual({
    at: created_at,
    providerId: "e-1",
    status: "bounced",
    addresses: ["reader@example.org"],
    word: "hard",
    tags: { digest_id: "d-1" },
    detail: "Permanent General",
  });
  const soft = { ...body, data: { ...body.data, bounce: { type: "Transient", subType: "MailboxFull" } } };
  expect(toProviderWord(soft)?.word).toBe("soft");
});

test("every fate of a mail is understood, everything else is left alone", () => {
  const words = [
    "sent",
    "delivery_delayed",
    "delivered",
    "complained",
    "failed",
    "suppressed",
    "scheduled",
  ].map((kind) => {
    const word = toProviderWord({ type: `email.${kind}`, created_at, data });
    return [word?.status, word?.word];
  });
  expect(words).toEqual([
    ["sent", undefined],
    ["delayed", undefined],
    ["delivered", "delivered"],
    ["complained", "complained"],
    ["failed", undefined],
    ["suppressed", "suppressed"],
    ["scheduled", undefined],
  ]);
  for (const type of [
    "email.opened",
    "email.clicked",
    "email.received",
    "contact.created",
    "domain.updated",
  ]) {
    expect(toProviderWord({ type, data: {} })).toBeUndefined();
  }
  expect(() => toProviderWord({ type: "email.bounced", created_at, data: {} })).toThrow();
});
