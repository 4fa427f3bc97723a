import { z } from "zod";
import type { BatchOutcome, SendResult } from "./channel.ts";
import type { PostResult } from "./post.ts";

/**
 * What an HTTP answer means for one post to one place. `providerIdOf` reads a success: an id, an empty
 * text where the place gives none, or undefined when the body is not what this place answers.
 */
export function httpOutcomeOf(
  place: string,
  result: PostResult,
  providerIdOf: (body: string) => string | undefined,
): SendResult {
  return { outcome: outcomeOf(place, result, providerIdOf) };
}

function outcomeOf(
  place: string,
  result: PostResult,
  providerIdOf: (body: string) => string | undefined,
): BatchOutcome {
  if (result.kind === "lost") {
    return {
      kind: "uncertain",
      reason: `${place} did not answer after the post was written (${result.reason}).`,
    };
  }
  if (result.kind === "unsent") {
    return result.forbidden
      ? { kind: "rejected", scope: "message", reason: result.reason }
      : {
          kind: "deferred",
          delayMs: 30_000,
          burnsAttempt: false,
          reason: `${place} could not be reached (${result.reason}).`,
        };
  }
  const { status } = result;
  if (status >= 200 && status < 300) {
    const providerId = providerIdOf(result.body);
    if (providerId === undefined) {
      return {
        kind: "uncertain",
        reason: `${place} answered ${status} with something that is not its answer.`,
      };
    }
    return {
      kind: "answered",
      members: [{ kind: "accepted", ...(providerId === "" ? {} : { providerId }) }],
    };
  }
  if (status === 429) {
    const delayMs = waitMsOf(result) ?? 5_000;
    return { kind: "deferred", delayMs, burnsAttempt: false, reason: `${place} asks to slow down (429).` };
  }
  if (status >= 500 || status === 408 || status === 425) {
    const delayMs = waitMsOf(result);
    return {
      kind: "uncertain",
      reason: `${place} failed (${status}).`,
      ...(delayMs === undefined ? {} : { delayMs }),
    };
  }
  return { kind: "rejected", scope: "message", reason: `${place} refused the post (${status}).` };
}

const limitBody = z.object({
  /** Seconds (Discord). */
  retry_after: z.number().nonnegative().optional(),
  /** Matrix. */
  retry_after_ms: z.number().nonnegative().optional(),
  /** Telegram, seconds. */
  parameters: z.object({ retry_after: z.number().nonnegative().optional() }).optional(),
});

/** How long the answer says to wait: `Retry-After` in seconds or as a date, or a field of the body. */
function waitMsOf({ headers, body }: Extract<PostResult, { kind: "answer" }>): number | undefined {
  const header = headers["retry-after"];
  const text = typeof header === "string" ? header.trim() : "";
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const until = Date.parse(text);
  if (!Number.isNaN(until)) return Math.max(0, until - Date.now());
  const parsed = limitBody.safeParse(jsonOf(body));
  if (!parsed.success) return undefined;
  const { retry_after, retry_after_ms, parameters } = parsed.data;
  const seconds = retry_after ?? parameters?.retry_after;
  return retry_after_ms ?? (seconds === undefined ? undefined : Math.ceil(seconds * 1000));
}

/** The value of a JSON text; undefined for anything else. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
