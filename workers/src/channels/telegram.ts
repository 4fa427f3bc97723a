import { z } from "zod";
import type { ChannelKind } from "./channel.ts";
import { escaped, escapedAttribute, fitting, onlyMessage, readPost, storePost } from "./chat-request.ts";
import { httpOutcomeOf, jsonOf } from "./http-outcome.ts";
import { createPoster } from "./post.ts";

const sent = z.object({ ok: z.literal(true), result: z.object({ message_id: z.number() }) });

/**
 * Posts through a Telegram bot (`to` is `https://api.telegram.org/bot<token>?chat_id=<chat>`), as
 * https://core.telegram.org/bots/api#sendmessage: 4,096 characters, HTML with five tags. The Bot API has
 * no keys: a post whose answer is lost is *uncertain*.
 */
export const telegram: ChannelKind = {
  id: "telegram",
  place: "https://api.telegram.org/bot<token>?chat_id=<chat>",
  maxBatch: 1,
  perJob: 1,
  keyed: false,

  open(settings) {
    const poster = createPoster(settings);
    return {
      async prepare(messages) {
        const { message, chat } = onlyMessage(messages, "Telegram");
        const url = URL.canParse(message.to) ? new URL(message.to) : undefined;
        const chatId = url?.searchParams.get("chat_id") ?? "";
        const foot = [
          ...chat.notes.map(escaped),
          chat.links.map(({ label, url }) => anchor(url, label)).join(" · "),
        ];
        const head = `<b>${escaped(chat.title)}</b>`;
        const items = chat.items.map(({ title, url, byline, reason }) =>
          [`<b>${anchor(url, title)}</b>`, escaped(byline), `<i>${escaped(reason)}</i>`].join("\n"),
        );
        const end = fitting(foot, 1_200, "\n").text;
        const body = fitting([head, ...items], 4_000 - end.length, "\n\n");
        const more = body.left > 0 ? [`${body.left} more on the web`] : [];
        return storePost(
          url === undefined ? message.to : `${url.origin}${url.pathname.replace(/\/+$/, "")}/sendMessage`,
          {
            chat_id: chatId,
            text: [body.text, ...more, end].filter((part) => part !== "").join("\n\n"),
            parse_mode: "HTML",
            link_preview_options: { is_disabled: true },
          },
        );
      },

      async send(request, { signal }) {
        const { url, body } = readPost(request);
        const answer = await poster.post(
          { method: "POST", url, body, headers: { "content-type": "application/json" } },
          signal,
        );
        return httpOutcomeOf("Telegram", answer, (text) =>
          sent.safeParse(jsonOf(text)).data?.result.message_id.toString(),
        );
      },

      close: poster.close,
    };
  },
};

function anchor(url: string, label: string): string {
  return `<a href="${escapedAttribute(url)}">${escaped(label)}</a>`;
}
