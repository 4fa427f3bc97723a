import type { FastifyReply } from "fastify";
import { renderPage } from "./render.ts";

export function html(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(page);
}

export interface Notice {
  readonly heading: string;
  readonly lines?: readonly string[];
  /** A button that posts: what a GET only shows. */
  readonly action?: { readonly url: string; readonly label: string };
  readonly link?: { readonly url: string; readonly label: string };
}

export function notice(reply: FastifyReply, view: Notice, status = 200): FastifyReply {
  return html(reply, renderPage("message", { title: view.heading, private: true }, { ...view }), status);
}

export function notFound(reply: FastifyReply, sentence: string): FastifyReply {
  return notice(
    reply,
    { heading: "Not found", lines: [sentence], link: { url: "/", label: "To the newest papers" } },
    404,
  );
}
