import formbody from "@fastify/formbody";
import { UsageError } from "@paperwire/core";
import { type FastifyInstance, fastify } from "fastify";
import type { Context } from "../runtime/context.ts";
import { healthRoutes } from "./health-routes.ts";
import { hubRoutes } from "./hub-routes.ts";
import { outboxRoutes } from "./outbox-routes.ts";
import { paperRoutes } from "./paper-routes.ts";
import { readerRoutes } from "./reader-routes.ts";
import { styleSheet } from "./render.ts";
import { notFound, notice } from "./replies.ts";
import { webhookRoutes } from "./webhook-routes.ts";

/** The web worker without its socket: what tests inject requests into. */
export async function buildApp(context: Context): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: 256 * 1024, logger: false, routerOptions: { maxParamLength: 600 } });
  await app.register(formbody);
  app.addHook("onSend", async (_request, reply) => {
    if (!reply.hasHeader("content-security-policy")) {
      reply.header(
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
    }
    reply.header("x-content-type-options", "nosniff");
    // Addresses carry tokens: they are nobody else's business.
    reply.header("referrer-policy", "no-referrer");
  });
  app.get("/style.css", async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "max-age=3600").send(styleSheet),
  );
  app.get("/zone.js", async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").header("cache-control", "max-age=3600").send(zoneScript),
  );
  healthRoutes(app, context);
  paperRoutes(app, context);
  readerRoutes(app, context);
  webhookRoutes(app, context);
  hubRoutes(app, context);
  if (context.settings.MAIL_TRANSPORT === "outbox") outboxRoutes(app, context);
  app.setNotFoundHandler((_request, reply) => notFound(reply, "There is no such page."));
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode;
    if (error instanceof UsageError || (status !== undefined && status < 500)) {
      return notice(
        reply,
        { heading: "That cannot be used", lines: [(error as Error).message] },
        status ?? 400,
      );
    }
    context.log.error({ outcome: "page failed", err: error });
    return notice(
      reply,
      { heading: "Something is wrong on our side", lines: ["It was recorded. Try again in a minute."] },
      500,
    );
  });
  return app;
}

/** Fills in the visitor's time zone; without it the field says UTC. */
const zoneScript = `const zone = document.getElementById("zone");
if (zone && zone.value === "UTC") zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
`;
