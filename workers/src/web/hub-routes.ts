import type { IncomingMessage } from "node:http";
import { type Db, hubSubscriptions } from "@paperwire/db";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { renewAt, signatureCheck, verificationOf } from "../fetch/websub.ts";
import type { Context } from "../runtime/context.ts";

/** As large as a fetched body may be; what is longer is not read to its end. */
const mostBytes = 15_000_000;
const longestMs = 30_000;

/**
 * Where hubs call (WebSub): to verify what was asked of them, and to push. A push is a bell: its body is checked
 * against its signature and thrown away, and its source is polled the ordinary way.
 */
export function hubRoutes(app: FastifyInstance, context: Context): void {
  const { db, clock, log } = context;
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

    scope.get<{ Params: { id: string } }>("/websub/:id", async (request, reply) => {
      const subscription = await find(db, request.params.id);
      const verification = verificationOf(singles(request.query), subscription, new Date());
      reply.type("text/plain; charset=utf-8");
      if (subscription === undefined || verification.kind === "unknown")
        return reply.code(404).send("This was not asked for.");
      const line = { event: "hub.verified", sourceId: subscription.sourceId, outcome: verification.kind };
      switch (verification.kind) {
        case "confirm": {
          const at = renewAt(new Date(), verification.expiresAt);
          await db
            .transaction()
            .execute((trx) => hubSubscriptions.confirm(trx, subscription.id, verification.expiresAt, at));
          log.info(line);
          return reply.send(verification.challenge);
        }
        case "release":
          await hubSubscriptions.remove(db, subscription.id);
          log.info(line);
          return reply.send(verification.challenge);
        case "denied":
          await deny(db, subscription, verification.because);
          log.warn(line);
          return reply.send("Understood.");
        default:
          return verification satisfies never;
      }
    });

    scope.post<{ Params: { id: string } }>("/websub/:id", async (request, reply) => {
      const subscription = await find(db, request.params.id);
      reply.type("text/plain; charset=utf-8");
      if (subscription === undefined || !subscription.wanted) {
        return reply.code(410).header("connection", "close").send("Nothing is pushed here any more.");
      }
      const signature = request.headers["x-hub-signature"];
      const problem = await pushProblem(request.raw, subscription.secret, [signature].flat()[0]);
      if (problem !== undefined) {
        await hubSubscriptions.noteRefused(db, subscription.id, problem.sentence);
        log.warn({ event: "hub.pushed", sourceId: subscription.sourceId, outcome: "refused" });
        // WebSub §7: a push whose signature is wrong is answered like any other, and nothing comes of it.
        return reply.code(problem.status).header("connection", "close").send("Taken.");
      }
      const next = await db
        .transaction()
        .execute((trx) => hubSubscriptions.ring(trx, subscription.id, clock.now()));
      log.info({
        event: "hub.pushed",
        sourceId: subscription.sourceId,
        outcome: "rung",
        pollAt: next?.toISOString(),
      });
      return reply.code(202).send("Taken.");
    });
  });
}

async function find(db: Db, id: string): Promise<hubSubscriptions.ReadSubscription | undefined> {
  return z.uuid().safeParse(id).success ? hubSubscriptions.find(db, id) : undefined;
}

/** A parameter that is given twice is none. */
function singles(query: unknown): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(query as Record<string, unknown>).map(([name, value]) => [
      name,
      typeof value === "string" ? value : undefined,
    ]),
  );
}

async function deny(db: Db, subscription: hubSubscriptions.HubSubscription, because?: string): Promise<void> {
  if (!subscription.wanted) return hubSubscriptions.remove(db, subscription.id);
  const said = because === undefined ? "" : ` (it says: ${because})`;
  await db
    .transaction()
    .execute((trx) =>
      hubSubscriptions.deny(
        trx,
        subscription.id,
        `The hub does not push this source${said}; it is asked again in a week, and the source is polled as before.`,
      ),
    );
}

interface PushProblem {
  readonly status: number;
  readonly sentence: string;
}

/** Reads the body through the signature's check and keeps none of it. */
async function pushProblem(
  body: IncomingMessage,
  secret: string,
  signature: string | undefined,
): Promise<PushProblem | undefined> {
  const check = signatureCheck(secret, signature);
  if (check === undefined)
    return { status: 202, sentence: "A push came without a signature that can be checked." };
  let read = 0;
  const timer = setTimeout(() => body.destroy(), longestMs);
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      read += piece.byteLength;
      if (read > mostBytes)
        return {
          status: 413,
          sentence: `A push was longer than ${mostBytes} bytes; it was not read to its end.`,
        };
      check.update(piece);
    }
  } catch {
    return { status: 400, sentence: "A push broke off before its end." };
  } finally {
    clearTimeout(timer);
  }
  return check.isGenuine()
    ? undefined
    : { status: 202, sentence: "A push came with a signature that is not the hub's." };
}
