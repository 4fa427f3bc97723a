import { z } from "zod";
import type { Accepted, BatchOutcome, RateBudget, Rejected } from "./channel.ts";

/** What the SDK returns: it never throws, and knows no status where there was no usable answer. */
export interface ResendAnswer {
  readonly data: unknown;
  readonly error: unknown;
  readonly headers: Readonly<Record<string, string>> | null;
}

const errorBody = z.object({
  statusCode: z.number().int().nullable().optional(),
  name: z.string().optional(),
});
const batchBody = z.object({
  data: z.array(z.object({ id: z.string().min(1) })),
  errors: z.array(z.object({ index: z.number().int().min(0), message: z.string().catch("") })).optional(),
});

/**
 * What an answer means for a batch. Follows Resend's documented error names
 * (https://resend.com/docs/api-reference/errors); a status that is not documented is *rejected* when it
 * says the request was refused, and *uncertain* whenever it could have been taken.
 */
export function resendOutcomeOf(answer: ResendAnswer, count: number): BatchOutcome {
  if (answer.error === null || answer.error === undefined) return successOf(answer.data, count);
  const parsed = errorBody.safeParse(answer.error);
  const status = parsed.data?.statusCode ?? undefined;
  const name = (parsed.data?.name ?? "").replace(/[^a-z_]/g, "").slice(0, 60) || "no name";
  if (status === undefined) return { kind: "uncertain", reason: `Resend gave no usable answer (${name}).` };
  return failureOf(status, name, answer.headers ?? {});
}

/** Resend's headers of one answer: `ratelimit-limit`, `-remaining`, `-reset` (seconds). */
export function budgetOf(headers: ResendAnswer["headers"]): RateBudget | undefined {
  const limit = numberOf(headers?.["ratelimit-limit"]);
  const remaining = numberOf(headers?.["ratelimit-remaining"]);
  const reset = numberOf(headers?.["ratelimit-reset"]);
  if (limit === undefined && remaining === undefined && reset === undefined) return undefined;
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { resetMs: reset * 1000 }),
  };
}

function successOf(data: unknown, count: number): BatchOutcome {
  const body = batchBody.safeParse(data);
  if (!body.success)
    return { kind: "uncertain", reason: "Resend answered 200 without the ids of the mails." };
  const ids = body.data.data.map(({ id }) => id);
  const refused = new Map((body.data.errors ?? []).map(({ index, message }) => [index, message]));
  if (ids.length + refused.size !== count || [...refused.keys()].some((index) => index >= count)) {
    const reason = `Resend answered for ${ids.length + refused.size} mails, the batch has ${count}.`;
    // Something on the way may have answered in its place: asked again, the key gives its own first answer.
    return { kind: "uncertain", reason };
  }
  let next = 0;
  const members = Array.from({ length: count }, (_, i): Accepted | Rejected => {
    if (refused.has(i)) {
      return {
        kind: "rejected",
        scope: "message",
        reason: `Resend refused this mail of the batch: ${said(refused.get(i))}`,
      };
    }
    return { kind: "accepted", providerId: ids[next++] ?? "" };
  });
  return { kind: "answered", members };
}

function failureOf(status: number, name: string, headers: Readonly<Record<string, string>>): BatchOutcome {
  const what = `${status} ${name}`;
  const waitMs = (numberOf(headers["retry-after"]) ?? 0) * 1000;
  if (name === "invalid_idempotent_request") {
    const reason = `Resend already has another request under this key (${what}); the stored request was changed.`;
    return { kind: "uncertain", reason, park: true };
  }
  if (name === "concurrent_idempotent_requests") {
    return {
      kind: "uncertain",
      reason: `Resend is still working on this batch (${what}).`,
      delayMs: waitMs || 5_000,
    };
  }
  if (name === "daily_quota_exceeded" || name === "monthly_quota_exceeded") {
    // A wait of seconds is the rate window's, which a quota does not care about.
    const usualMs = name === "daily_quota_exceeded" ? HOUR_MS : 6 * HOUR_MS;
    const delayMs = waitMs >= 60_000 ? waitMs : usualMs;
    return {
      kind: "deferred",
      delayMs,
      burnsAttempt: false,
      pausesSender: true,
      reason: `Resend's quota is used up (${what}).`,
    };
  }
  if (status === 429) {
    return {
      kind: "deferred",
      delayMs: waitMs || (numberOf(headers["ratelimit-reset"]) ?? 1) * 1000,
      burnsAttempt: false,
      pausesSender: true,
      reason: `Resend asks us to slow down (${what}).`,
    };
  }
  if (status === 408 || status === 409 || status === 425 || status >= 500 || status < 400) {
    return {
      kind: "uncertain",
      reason: `Resend failed (${what}).`,
      ...(waitMs > 0 ? { delayMs: waitMs } : {}),
    };
  }
  if (MESSAGE_STATUSES.has(status) && (name !== "application_error" || status === 413)) {
    return { kind: "rejected", scope: "message", reason: `Resend refused the request (${what}).` };
  }
  return {
    kind: "rejected",
    scope: "sender",
    reason: `Resend refuses us (${what}); check RESEND_API_KEY, RESEND_BASE_URL and MAIL_FROM.`,
  };
}

const HOUR_MS = 3_600_000;
/**
 * Statuses that blame this content. Any other refusal (key, domain, payment, address of the API, or a page
 * of some proxy's, which the SDK calls `application_error`) would meet every mail, so it stops the sender
 * and costs no mail.
 */
const MESSAGE_STATUSES = new Set([400, 413, 422, 451]);

function numberOf(text: string | undefined): number | undefined {
  const number = Number(text);
  return text === undefined || text.trim() === "" || !Number.isFinite(number) || number < 0
    ? undefined
    : number;
}

/** A provider's own words, without addresses and cut short. */
function said(text = ""): string {
  return text
    .replace(/\S+@\S+/g, "…")
    .replace(/\s+/g, " ")
    .slice(0, 200);
}
