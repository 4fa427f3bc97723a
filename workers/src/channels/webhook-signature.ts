import { createHmac, timingSafeEqual } from "node:crypto";
import { UsageError } from "@paperwire/core";

export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type WebhookVerdict =
  | { readonly genuine: true /** Unique per webhook, the same when it is sent again. */; readonly id: string }
  | { readonly genuine: false; readonly reason: string };

const TOLERANCE_S = 300;

/**
 * Checks a Standard Webhooks signature (https://www.standardwebhooks.com; Svix's header names too) over
 * the raw bytes of a body, at the instant `now` of real time. Written out here because the library turns
 * bytes into text first, and takes `1614265330.0` for a time stamp.
 * @throws UsageError when the secret is none.
 */
export function verifyWebhook(
  rawBody: Uint8Array,
  headers: WebhookHeaders,
  secret: string,
  now: Date,
): WebhookVerdict {
  const id = headerOf(headers, "id");
  const timestamp = headerOf(headers, "timestamp");
  const signatures = headerOf(headers, "signature");
  if (id === "" || timestamp === "" || signatures === "")
    return { genuine: false, reason: "A signature header is missing." };
  if (!/^\d{1,12}$/.test(timestamp))
    return { genuine: false, reason: "The time stamp is no number of seconds." };
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_S) {
    return { genuine: false, reason: "The time stamp is more than five minutes off." };
  }
  const expected = createHmac("sha256", keyOf(secret))
    .update(`${id}.${timestamp}.`)
    .update(rawBody)
    .digest("base64");
  const genuine = signatures.split(" ").some((one) => equalTexts(one, `v1,${expected}`));
  return genuine ? { genuine, id } : { genuine, reason: "No signature matches." };
}

function headerOf(headers: WebhookHeaders, part: string): string {
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if ((lower === `webhook-${part}` || lower === `svix-${part}`) && typeof value === "string") return value;
  }
  return "";
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (key.byteLength === 0)
    throw new UsageError("The webhook secret is empty; copy it from the provider's page (whsec_…).");
  return key;
}

function equalTexts(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
