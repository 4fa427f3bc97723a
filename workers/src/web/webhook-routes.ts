import { laterStatus, type MailStatus, nextDeliveryState, suppressionOf } from "@paperwire/core";
import { deliveries, providers, suppressions, type Trx } from "@paperwire/db";
import type { FastifyInstance } from "fastify";
import { ZodError, z } from "zod";
import { type ProviderWord, toProviderWord } from "../channels/resend-webhook.ts";
import { verifyWebhook } from "../channels/webhook-signature.ts";
import { settleMembers } from "../deliver/settle-members.ts";
import type { Context } from "../runtime/context.ts";

/**
 * What Resend says of mails it took. Signed over the raw body; told twice, late or in any order it comes to the
 * same. Without RESEND_WEBHOOK_SECRET there is no such page.
 */
export function webhookRoutes(app: FastifyInstance, context: Context): void {
  const secret = context.settings.RESEND_WEBHOOK_SECRET;
  if (secret === undefined) return;
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post("/webhooks/resend", async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const verdict = verifyWebhook(body, request.headers, secret, new Date());
      if (!verdict.genuine) return reply.code(401).send({ error: verdict.reason });
      let word: ProviderWord | undefined;
      try {
        word = toProviderWord(JSON.parse(body.toString("utf8")));
      } catch (error) {
        if (!(error instanceof ZodError || error instanceof SyntaxError)) throw error;
        context.log.error({ outcome: "webhook not understood", eventId: verdict.id, err: error });
        return reply.code(422).send({ error: "The body does not have the documented shape." });
      }
      if (word !== undefined) await hear(context, verdict.id, word);
      return reply.code(200).send({ heard: word !== undefined });
    });
  });
}

async function hear(context: Context, eventId: string, word: ProviderWord): Promise<void> {
  const ownId = z.uuid().safeParse(word.tags.delivery);
  const summary = await context.db.transaction().execute(async (trx) => {
    if (!(await providers.insertNewEvent(trx, eventId, word))) return { outcome: "repeated" };
    const delivery = await deliveries.lockByProvider(trx, word.providerId, ownId.data);
    if (delivery !== undefined) await moveForward(trx, delivery, word, context.clock.now());
    const because = await suppress(trx, word, delivery !== undefined);
    return {
      outcome: "heard",
      deliveryId: delivery?.id,
      ...(because === undefined ? {} : { suppressed: because }),
    };
  });
  const line = { event: "provider.word", eventId, status: word.status, detail: word.detail, ...summary };
  if ("suppressed" in summary) context.log.warn(line);
  else context.log.info(line);
}

/** The status only moves forward; and a mail nobody knew the fate of turns out to have been taken, or not. */
async function moveForward(
  trx: Trx,
  delivery: deliveries.Delivery,
  word: ProviderWord,
  now: Date,
): Promise<void> {
  const known = delivery.providerState === null ? undefined : (delivery.providerState as MailStatus);
  await deliveries.setProviderState(trx, delivery.id, laterStatus(known, word.status), word.providerId);
  if (delivery.state !== "uncertain") return;
  const state = nextDeliveryState(delivery.state, word.status === "failed" ? "reject" : "accept");
  if (state === undefined) return;
  const because = `The provider says: ${word.status}.`;
  await settleMembers(
    trx,
    [delivery],
    [{ id: delivery.id, state, because, providerId: word.providerId }],
    now,
  );
}

/**
 * A hard bounce, a complaint or the provider's own suppression counts at once, a soft bounce when three of the
 * last five mails met one. About a mail that is not ours only what is a fact about the address counts.
 */
async function suppress(
  trx: Trx,
  { word, addresses, detail }: ProviderWord,
  isOurs: boolean,
): Promise<string | undefined> {
  if (word === undefined || word === "delivered") return undefined;
  if (!isOurs && word !== "hard" && word !== "suppressed") return undefined;
  let said: string | undefined;
  for (const address of addresses) {
    const words = word === "soft" ? await providers.recentWords(trx, address) : [word];
    const because = suppressionOf(words.filter((one) => one === word || one === "delivered"));
    if (because === undefined) continue;
    await suppressions.add(trx, address, because, detail);
    said = because;
  }
  return said;
}
