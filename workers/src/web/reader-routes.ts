import { parseDays, parseTime, parseZone, UsageError } from "@paperwire/core";
import { batches, deliveries, digests, papers, readers, subscriptions } from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";
import type { FastifyInstance, FastifyReply } from "fastify";
import { resume } from "../cli/reader.ts";
import { handOver } from "../deliver/hand-over.ts";
import { confirmReader, subscribeReader, wishFor } from "../readers/subscribe.ts";
import type { Context } from "../runtime/context.ts";
import { type Purpose, parseFeedbackToken, readToken, signToken } from "../tokens.ts";
import { allow } from "./allowance.ts";
import { paperView } from "./paper-view.ts";
import { preferencesPage } from "./preferences-page.ts";
import { renderPage } from "./render.ts";
import { html, notice } from "./replies.ts";

type Form = Readonly<Record<string, string | undefined>>;

/** Everything a reader does without a login: the token in the address says who and what for. A GET changes nothing. */
export function readerRoutes(app: FastifyInstance, context: Context): void {
  const { db, clock } = context;

  app.post<{ Body: Form }>("/subscribe", async (request, reply) => {
    const form = request.body ?? {};
    const address = (form.email ?? "").trim().toLowerCase();
    if (
      !(await allow(db, "subscribe", request.ip, 10)) ||
      !(await allow(db, "subscribe-address", address, 3))
    )
      return tooMany(reply);
    try {
      await wishFor(
        context,
        {
          email: form.email ?? "",
          ...(form.query === undefined ? {} : { query: form.query }),
          ...(form.at === undefined ? {} : { at: form.at }),
          ...(form.zone === undefined ? {} : { zone: form.zone }),
        },
        clock.now(),
      );
    } catch (error) {
      if (error instanceof UsageError)
        return notice(
          reply,
          { heading: "That cannot be used", lines: [error.message], link: { url: "/", label: "Back" } },
          400,
        );
      throw error;
    }
    // The same words whether or not the address is known: nobody learns who reads here.
    return notice(reply, {
      heading: "Look into your mailbox",
      lines: [
        "If the address can receive mail, a message with a link to confirm is on its way.",
        "Nothing else is sent before you confirm.",
      ],
    });
  });

  app.get<{ Params: { token: string } }>("/confirm/:token", async (request, reply) => {
    const reader = await readerOf(context, request.params.token, "confirm");
    if (reader === undefined) return badLink(reply);
    return notice(reply, {
      heading: "One click to confirm",
      lines: ["Press the button, and your digests begin."],
      action: { url: `/confirm/${request.params.token}`, label: "Confirm" },
    });
  });
  app.post<{ Params: { token: string } }>("/confirm/:token", async (request, reply) => {
    const reader = await readerOf(context, request.params.token, "confirm");
    if (reader === undefined) return badLink(reply);
    const due = await confirmReader(
      context,
      reader,
      readToken(request.params.token, "confirm", context.secretKey)?.about,
      clock.now(),
    );
    return notice(reply, {
      heading: "You are subscribed",
      lines: [`Your first digest is due at ${due.toISOString().slice(0, 16).replace("T", " ")} UTC.`],
      link: { url: preferencesUrl(context, reader), label: "Your preferences" },
    });
  });

  app.get<{ Params: { token: string } }>("/unsubscribe/:token", async (request, reply) => {
    const reader = await readerOf(context, request.params.token, "unsubscribe");
    if (reader === undefined) return badLink(reply);
    return notice(reply, {
      heading: "Unsubscribe?",
      lines: ["You will get no more mail from us."],
      action: { url: `/unsubscribe/${request.params.token}`, label: "Unsubscribe" },
      link: { url: preferencesUrl(context, reader), label: "Or only pause, or get it weekly" },
    });
  });
  app.post<{ Params: { token: string } }>("/unsubscribe/:token", async (request, reply) => {
    const reader = await readerOf(context, request.params.token, "unsubscribe");
    if (reader === undefined) return badLink(reply);
    await readers.update(db, reader.id, {
      unsubscribedAt: clock.now(),
      unsubscribedRealAt: new Date(),
      nextDigestAt: null,
      dueFor: null,
    });
    return notice(reply, { heading: "You are unsubscribed", lines: ["No more mail will be sent."] });
  });

  app.get<{ Params: { token: string } }>("/preferences/:token", async (request, reply) => {
    const reader = await readerOf(context, request.params.token, "preferences");
    return reader === undefined
      ? badLink(reply)
      : html(reply, await preferencesPage(context, reader, request.params.token));
  });
  app.post<{ Params: { token: string }; Body: Form }>("/preferences/:token", async (request, reply) => {
    const { token } = request.params;
    const reader = await readerOf(context, token, "preferences");
    if (reader === undefined) return badLink(reply);
    const form = request.body ?? {};
    try {
      const said = await change(context, reader, form);
      const fresh = (await readers.findById(db, reader.id)) ?? reader;
      return html(
        reply,
        await preferencesPage(context, fresh, token, {
          said,
          ...(form.do === "preview" && form.query ? { preview: form.query } : {}),
        }),
      );
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return html(reply, await preferencesPage(context, reader, token, { said: error.message }), 400);
    }
  });

  app.get<{ Params: { token: string } }>("/digests/:token", async (request, reply) => {
    const reader = await readerOf(context, request.params.token, "digest");
    const digestId = readToken(request.params.token, "digest", context.secretKey)?.about;
    const digest = digestId === undefined ? undefined : await digests.findById(db, digestId);
    if (reader === undefined || digest?.readerId !== reader.id) return badLink(reply);
    const held = await digests.papersOf(db, digest.id);
    const cards = new Map(
      (
        await digests.cardsOf(
          db,
          held.map((one) => one.paperId),
        )
      ).map((card) => [card.id, card]),
    );
    const over = held.filter((one) => one.state === "over-cap").length;
    const heading = `Your digest of ${digest.period}`;
    return html(
      reply,
      renderPage(
        "list",
        { title: heading, private: true },
        {
          heading,
          note:
            over === 0
              ? undefined
              : `The last ${over} matched and were over your cap, so the mail did not show them.`,
          papers: held.flatMap(({ paperId }) => cards.get(paperId) ?? []).map(paperView),
          empty: "Nothing matched.",
        },
      ),
    );
  });

  app.get<{ Params: { token: string } }>("/feedback/:token", async (request, reply) => {
    const found = await feedbackOf(context, request.params.token);
    if (found === undefined) return badLink(reply);
    return notice(reply, {
      heading: `${labels[found.said]}?`,
      lines: [found.title],
      action: { url: `/feedback/${request.params.token}`, label: labels[found.said] },
    });
  });
  app.post<{ Params: { token: string } }>("/feedback/:token", async (request, reply) => {
    const found = await feedbackOf(context, request.params.token);
    if (found === undefined) return badLink(reply);
    await db
      .insertInto("feedback")
      .values({ readerId: found.reader.id, paperId: found.paperId, said: found.said, at: clock.now() })
      .onConflict((conflict) =>
        conflict.columns(["readerId", "paperId"]).doUpdateSet({ said: found.said, at: clock.now() }),
      )
      .execute();
    return notice(reply, {
      heading: "Noted",
      lines: [`${labels[found.said]}: ${found.title}`],
      link: { url: preferencesUrl(context, found.reader), label: "Your preferences" },
    });
  });
}

const labels = { more: "More like this", less: "Less like this", save: "Save for later" } as const;

async function feedbackOf(context: Context, token: string) {
  const parsed = parseFeedbackToken(token);
  if (parsed === undefined) return undefined;
  const { signed, said, paperId } = parsed;
  const reader = await readerOf(context, signed, "feedback");
  if (reader === undefined) return undefined;
  const id = await papers.resolve(context.db, [paperId]);
  const paper = id === undefined ? undefined : await papers.findById(context.db, id);
  return paper === undefined ? undefined : ({ reader, said, paperId: paper.id, title: paper.title } as const);
}

async function readerOf(
  { db, secretKey }: Context,
  text: string,
  purpose: Purpose,
): Promise<Reader | undefined> {
  const token = readToken(text, purpose, secretKey);
  const reader = token === undefined ? undefined : await readers.findById(db, token.readerId);
  return reader?.tokenEpoch === token?.epoch ? reader : undefined;
}

async function change(context: Context, reader: Reader, form: Form): Promise<string> {
  const { db, clock } = context;
  switch (form.do) {
    case "add":
      await subscribeReader(
        context,
        {
          email: reader.email,
          query: form.query ?? "",
          ...(form.name ? { name: form.name } : {}),
          confirmed: false,
        },
        clock.now(),
      );
      return "Added. It looks back one period.";
    case "remove": {
      const own = (await subscriptions.ofReader(db, reader.id)).find((one) => one.id === form.id);
      if (own !== undefined) await subscriptions.remove(db, own.id);
      return "Removed.";
    }
    case "schedule": {
      const next = {
        zone: parseZone(form.zone ?? reader.zone),
        at: parseTime(form.at ?? reader.at),
        days: form.days ? parseDays(form.days) : reader.days,
        rhythm: form.rhythm === "weekly" ? "weekly" : "daily",
        maxPapers: clamp(Number(form.max), 1, 200, reader.maxPapers),
        tellWhenNothing: form.tell === "1",
      };
      const isActive = reader.confirmedAt !== null && reader.unsubscribedAt === null;
      await readers.update(db, reader.id, {
        ...next,
        ...(isActive ? { nextDigestAt: null, dueFor: null } : {}),
      });
      return "Saved.";
    }
    case "pause":
      await readers.update(db, reader.id, { pausedAt: clock.now(), pausedUntil: null });
      return "Paused. Nothing is sent until you resume.";
    case "resume":
      await resume(context, reader, clock.now());
      return "Resumed.";
    case "settings-mail":
      await db.transaction().execute(async (trx) => {
        if (await deliveries.isWaiting(trx, reader.id, "settings")) return;
        const channel = context.mail.id;
        const { id: readerId, email: address } = reader;
        const one = { kind: "settings" as const, readerId, channel, address, createdAt: clock.now() };
        await handOver(trx, channel, await batches.insertAll(trx, channel, [[one]]));
      });
      return "A fresh mail with a link is on its way.";
    case "preview":
      return "";
    default:
      throw new UsageError("The form was not understood; load the page again.");
  }
}

function clamp(value: number, least: number, most: number, otherwise: number): number {
  return Number.isInteger(value) ? Math.min(most, Math.max(least, value)) : otherwise;
}

function preferencesUrl({ secretKey }: Context, reader: Reader): string {
  return `/preferences/${signToken({ purpose: "preferences", readerId: reader.id, epoch: reader.tokenEpoch }, secretKey)}`;
}

function badLink(reply: FastifyReply): FastifyReply {
  return notice(
    reply,
    {
      heading: "This link does not work",
      lines: [
        "It may be incomplete, too old, or was replaced. Use the link of a newer mail, or subscribe again.",
      ],
      link: { url: "/", label: "To the newest papers" },
    },
    404,
  );
}

function tooMany(reply: FastifyReply): FastifyReply {
  return notice(reply, { heading: "Too many tries", lines: ["Wait an hour, then try again."] }, 429);
}
