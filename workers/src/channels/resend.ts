import { UsageError } from "@paperwire/core";
import { Resend } from "resend";
import type { ChannelKind, Message } from "./channel.ts";
import { watchConnect } from "./connect-watch.ts";
import { budgetOf, resendOutcomeOf } from "./resend-outcome.ts";

/**
 * Sends batches of up to 100 mails to Resend. The request body is frozen as text in the API's own field
 * names and goes out byte for byte through the SDK's request method: `batch.send` would serialise again,
 * and another version of it could do so differently under the same key, which Resend answers with 409.
 * (`test/conformance/resend.test.ts` holds our bytes against those of `batch.send`.)
 */
export const resend: ChannelKind = {
  id: "resend",
  maxBatch: 100,
  perJob: 1,
  keyed: true,

  open(settings) {
    if (settings.resendApiKey === undefined || settings.resendApiKey === "") {
      throw new UsageError(
        "MAIL_TRANSPORT=resend needs RESEND_API_KEY; make one at https://resend.com/api-keys.",
      );
    }
    const authorization = `Bearer ${settings.resendApiKey}`;
    const resend = new Resend(
      settings.resendApiKey,
      settings.resendBaseUrl === undefined ? {} : { baseUrl: settings.resendBaseUrl.replace(/\/+$/, "") },
    );
    return {
      async prepare(messages) {
        if (messages.length < 1 || messages.length > 100)
          throw new RangeError("Resend takes 1 to 100 mails at a time");
        // Mail by mail: one text of all of them would be megabytes that are copied twice more.
        const mails = messages.map((message) => Buffer.from(JSON.stringify(toResendEmail(message))));
        return Buffer.concat(mails.flatMap((mail, n) => [n === 0 ? OPEN : COMMA, mail]).concat(CLOSE));
      },

      async send(request, { idempotencyKey, count, signal }) {
        if (signal.aborted) return { outcome: UNREACHABLE };
        const watch = watchConnect(new URL(resend.baseUrl), idempotencyKey);
        try {
          const answer = await resend.fetchRequest<unknown>("/emails/batch", {
            method: "POST",
            body: request,
            headers: {
              authorization,
              "content-type": "application/json",
              "idempotency-key": idempotencyKey,
              "user-agent": resend.userAgent,
              "x-batch-validation": "permissive",
            },
            redirect: "error",
            signal,
          });
          const budget = budgetOf(answer.headers);
          const outcome = resendOutcomeOf(answer, count);
          if (outcome.kind === "uncertain" && watch.wasUnsent()) return { outcome: UNREACHABLE };
          return { outcome, ...(budget === undefined ? {} : { budget }) };
        } finally {
          watch.end();
        }
      },
    };
  },
};

const OPEN = Buffer.from("[");
const COMMA = Buffer.from(",");
const CLOSE = Buffer.from("]");

const UNREACHABLE = {
  kind: "deferred",
  delayMs: 15_000,
  burnsAttempt: false,
  reason: "Resend could not be reached; no connection was made.",
} as const;

/** The fields of one mail in the API's order and names; what is absent is left out. */
function toResendEmail(message: Message): Record<string, unknown> {
  return {
    from: message.from,
    headers: message.headers,
    html: message.html,
    subject: message.subject,
    ...(message.tags === undefined
      ? {}
      : { tags: Object.entries(message.tags).map(([name, value]) => ({ name, value })) }),
    text: message.text,
    to: [message.to],
  };
}
