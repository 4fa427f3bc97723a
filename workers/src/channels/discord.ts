import { z } from "zod";
import type { ChannelKind } from "./channel.ts";
import { onlyMessage, readPost, storePost } from "./chat-request.ts";
import { httpOutcomeOf, jsonOf } from "./http-outcome.ts";
import { createPoster } from "./post.ts";

const created = z.object({ id: z.string() });

/**
 * Posts to a Discord webhook (`to` is its URL). Limits follow https://docs.discord.com/developers/resources/webhook
 * and …/message: 10 embeds of 6,000 characters together, 2,000 of content. Nothing in a post may mention
 * anybody. Discord's webhooks have no keys: a post whose answer is lost is *uncertain*.
 */
export const discord: ChannelKind = {
  id: "discord",
  place: "https://discord.com/api/webhooks/123/XXXX",
  maxBatch: 1,
  perJob: 1,
  keyed: false,

  open(settings) {
    const poster = createPoster(settings);
    return {
      async prepare(messages) {
        const { message, chat } = onlyMessage(messages, "Discord");
        const shown = chat.items.slice(0, 10);
        const room = Math.floor(5_500 / Math.max(1, shown.length));
        const notes = [
          ...(chat.items.length > shown.length
            ? [`${chat.items.length - shown.length} more on the web`]
            : []),
          ...chat.notes,
        ].map(plain);
        const links = chat.links.map(({ label, url }) => `${label}: <${url}>`);
        return storePost(message.to, {
          content: [`**${plain(chat.title)}**`, ...notes, ...links].join("\n").slice(0, 2000),
          embeds: shown.map(({ title, url, byline, reason }) => ({
            title: plain(title).slice(0, Math.min(256, room >> 1)),
            url,
            description: [plain(byline), plain(reason)].join("\n").slice(0, room >> 1),
          })),
          allowed_mentions: { parse: [] },
        });
      },

      async send(request, { signal }) {
        const { url, body } = readPost(request);
        const waiting = URL.canParse(url) ? new URL(url) : undefined;
        // Without it Discord answers before it has stored the message.
        waiting?.searchParams.set("wait", "true");
        const answer = await poster.post(
          {
            method: "POST",
            url: waiting?.href ?? url,
            body,
            headers: { "content-type": "application/json" },
          },
          signal,
        );
        return httpOutcomeOf("Discord", answer, (text) => created.safeParse(jsonOf(text)).data?.id);
      },

      close: poster.close,
    };
  },
};

/** Markdown of Discord's that a title could carry, made harmless. */
function plain(text: string): string {
  return text.replace(/[\\`*_~|>#[\]()]/g, "\\$&");
}
