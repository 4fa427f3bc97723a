import type { ChannelKind } from "./channel.ts";
import { escaped, onlyMessage, readPost, storePost } from "./chat-request.ts";
import { httpOutcomeOf } from "./http-outcome.ts";
import { createPoster } from "./post.ts";

/**
 * Posts to a Slack incoming webhook (`to` is its URL). Blocks and their limits follow
 * https://docs.slack.dev/reference/block-kit/blocks: 50 blocks, 150 characters of header, 3,000 of text.
 * Slack has no keys: a post whose answer is lost is *uncertain*.
 */
export const slack: ChannelKind = {
  id: "slack",
  place: "https://hooks.slack.com/services/T000/B000/XXXX",
  maxBatch: 1,
  perJob: 1,
  keyed: false,

  open(settings) {
    const poster = createPoster(settings);
    return {
      async prepare(messages) {
        const { message, chat } = onlyMessage(messages, "Slack");
        const blocks = [
          { type: "header", text: { type: "plain_text", text: chat.title.slice(0, 150) } },
          ...chat.items
            .slice(0, 45)
            .map(({ title, url, byline, reason }) =>
              section([`*${link(url, title)}*`, escaped(byline), escaped(reason)]),
            ),
          ...(chat.notes.length > 0 ? [section(chat.notes.map(escaped))] : []),
          ...(chat.links.length > 0
            ? [section([chat.links.map(({ label, url }) => link(url, label)).join(" · ")])]
            : []),
        ];
        return storePost(message.to, {
          text: message.subject,
          blocks,
          unfurl_links: false,
          unfurl_media: false,
        });
      },

      async send(request, { signal }) {
        const { url, body } = readPost(request);
        const answer = await poster.post(
          { method: "POST", url, body, headers: { "content-type": "application/json" } },
          signal,
        );
        return httpOutcomeOf("Slack", answer, (text) => (text.trim() === "ok" ? "" : undefined));
      },

      close: poster.close,
    };
  },
};

function section(lines: readonly string[]) {
  const text = lines.filter((line) => line !== "").join("\n");
  return { type: "section", text: { type: "mrkdwn", text: text.slice(0, 3000) } };
}

/** A pipe or bracket in the address would end the link early. */
function link(url: string, label: string): string {
  const address = url.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E");
  return `<${address}|${escaped(label).replaceAll("|", "¦").replaceAll("*", "∗").slice(0, 300)}>`;
}
