import { z } from "zod";
import type { ChannelKind } from "./channel.ts";
import { escaped, escapedAttribute, fitting, onlyMessage, readPost, storePost } from "./chat-request.ts";
import { httpOutcomeOf, jsonOf } from "./http-outcome.ts";
import { createPoster } from "./post.ts";

const sent = z.object({ event_id: z.string() });

/**
 * Posts to a Matrix room (`to` is `https://<homeserver>/<room id>?access_token=<token>`), as the
 * Client-Server API, “PUT /rooms/{roomId}/send/{eventType}/{txnId}”. The transaction id makes a repeated
 * request one message, so the idempotency key is it.
 */
export const matrix: ChannelKind = {
  id: "matrix",
  place: "https://<homeserver>/<room id>?access_token=<token>",
  maxBatch: 1,
  perJob: 1,
  keyed: true,

  open(settings) {
    const poster = createPoster(settings);
    return {
      async prepare(messages) {
        const { message, chat } = onlyMessage(messages, "Matrix");
        const links = chat.links.map(({ label, url }) => ({ label, url }));
        const text = [
          chat.title,
          ...chat.items.map(({ title, url, byline, reason }) => [title, url, byline, reason].join("\n")),
          ...chat.notes,
          ...links.map(({ label, url }) => `${label}: ${url}`),
        ];
        const html = [
          `<h4>${escaped(chat.title)}</h4>`,
          ...chat.items.map(
            ({ title, url, byline, reason }) =>
              `<p>${anchor(url, title)}<br>${escaped(byline)}<br><em>${escaped(reason)}</em></p>`,
          ),
          ...chat.notes.map((note) => `<p>${escaped(note)}</p>`),
          `<p>${links.map(({ label, url }) => anchor(url, label)).join(" · ")}</p>`,
        ];
        return storePost(message.to, {
          msgtype: "m.text",
          body: fitting(text, 10_000, "\n\n").text,
          format: "org.matrix.custom.html",
          // An event may have 65,536 bytes; a letter takes up to three, or six when JSON escapes it.
          formatted_body: fitting(html, 8_000, "").text,
        });
      },

      async send(request, { idempotencyKey, signal }) {
        const { url, body } = readPost(request);
        const room = URL.canParse(url) ? new URL(url) : undefined;
        const token = room?.searchParams.get("access_token") ?? "";
        const path = `/_matrix/client/v3/rooms/${encodeURIComponent(decodeURIComponent(room?.pathname.slice(1) ?? ""))}/send/m.room.message/${encodeURIComponent(idempotencyKey)}`;
        const answer = await poster.post(
          {
            method: "PUT",
            url: room === undefined ? url : new URL(path, room.origin).href,
            body,
            headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
          },
          signal,
        );
        return httpOutcomeOf("Matrix", answer, (text) => sent.safeParse(jsonOf(text)).data?.event_id);
      },

      close: poster.close,
    };
  },
};

function anchor(url: string, label: string): string {
  return `<a href="${escapedAttribute(url)}">${escaped(label)}</a>`;
}
