import { UsageError } from "@paperwire/core";
import { Resend } from "resend";
import type { Channel, ChannelSettings, Message } from "./channel.ts";
import { budgetOf, resendOutcomeOf } from "./resend-outcome.ts";

/**
 * Sends batches of up to 100 mails to Resend. The request body is frozen as text in the API's own field
 * names and goes out byte for byte through the SDK's request method: `batch.send` would serialise again,
 * and another version of it could do so differently under the same key, which Resend answers with 409.
 * (`test/conformance/resend.test.ts` holds our bytes against those of `batch.send`.)
 */
export function createResend(settings: ChannelSettings): Channel {
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
    id: "resend",
    maxBatch: 100,
    keyed: true,

    async prepare(messages) {
      if (messages.length < 1 || messages.length > 100)
        throw new RangeError("Resend takes 1 to 100 mails at a time");
      return JSON.stringify(messages.map(toResendEmail));
    },

    async send(request, { idempotencyKey, count, signal }) {
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
      return { outcome: resendOutcomeOf(answer, count), ...(budget === undefined ? {} : { budget }) };
    },
  };
}

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
