import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import PostalMime from "postal-mime";
import type { Context } from "../runtime/context.ts";
import { renderPage } from "./render.ts";
import { html, notFound } from "./replies.ts";

/** The written mails, for whoever tries Paperwire on their own machine. Answers that machine only. */
export function outboxRoutes(app: FastifyInstance, { settings }: Context): void {
  const folder = join(settings.home, "outbox");

  app.get("/outbox", async (request, reply) => {
    if (!isLocal(request.ip)) return notFound(reply, "There is no such page.");
    const files = (await readdir(folder).catch(() => []))
      .filter((name) => name.endsWith(".eml"))
      .sort()
      .reverse()
      .slice(0, 200);
    const mails = await Promise.all(
      files.map(async (file) => {
        const mail = await PostalMime.parse(await readFile(join(folder, file)));
        return {
          file,
          subject: mail.subject ?? "(no subject)",
          to: mail.to?.map((one) => one.address).join(", "),
          date: mail.date,
        };
      }),
    );
    return html(reply, renderPage("outbox", { title: "Outbox", private: true }, { mails }));
  });
  app.get<{ Params: { file: string } }>("/outbox/:file", async (request, reply) => {
    const { file } = request.params;
    if (!isLocal(request.ip) || !/^[\w@.+-]+\.eml$/.test(file))
      return notFound(reply, "There is no such mail.");
    const bytes = await readFile(join(folder, file)).catch(() => undefined);
    if (bytes === undefined) return notFound(reply, "There is no such mail.");
    const mail = await PostalMime.parse(bytes);
    // The mail is shown as it is; it may style itself and do nothing else.
    reply.header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups",
    );
    return html(reply, mail.html ?? `<pre>${escapeText(mail.text ?? "")}</pre>`);
  });
}

function isLocal(ip: string): boolean {
  return ip === "127.0.0.1" || ip === "::1" || ip === "::ffff:127.0.0.1";
}

function escapeText(text: string): string {
  return text.replace(
    /[&<>]/g,
    (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? character,
  );
}
