import { Webhook } from "standardwebhooks";
import type { ChannelKind } from "./channel.ts";
import { onlyMessage, readPost, storePost } from "./chat-request.ts";
import { httpOutcomeOf } from "./http-outcome.ts";
import { createPoster } from "./post.ts";

/**
 * Posts the digest as JSON to a URL (`to` is `https://…#whsec_…`, the secret in the fragment), signed as
 * Standard Webhooks (https://www.standardwebhooks.com). The idempotency key is the `webhook-id`, by which
 * receivers recognise a repeated post; the time stamp is that of the attempt, as the specification asks.
 */
export const webhook: ChannelKind = {
  id: "webhook",
  place: "https://example.org/hook#whsec_<secret>",
  maxBatch: 1,
  perJob: 1,
  keyed: true,

  open(settings) {
    const poster = createPoster(settings);
    return {
      async prepare(messages) {
        const { message, chat } = onlyMessage(messages, "A webhook");
        const { deliveryId, subject, text, at } = message;
        return storePost(message.to, {
          type: "digest.ready",
          timestamp: at,
          data: { deliveryId, subject, text, ...chat },
        });
      },

      async send(request, { idempotencyKey, signal }) {
        const { url, body } = readPost(request);
        const [address = "", secret = ""] = url.split("#");
        const at = new Date();
        const headers = {
          "content-type": "application/json",
          "webhook-id": idempotencyKey,
          "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
          ...(secret === ""
            ? {}
            : { "webhook-signature": new Webhook(secret).sign(idempotencyKey, at, body) }),
        };
        return httpOutcomeOf(
          "The webhook",
          await poster.post({ method: "POST", url: address, body, headers }, signal),
          () => "",
        );
      },

      close: poster.close,
    };
  },
};
