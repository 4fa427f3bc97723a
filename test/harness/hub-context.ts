import type { Settings } from "@paperwire/workers/env.ts";
import { parseAllowList } from "@paperwire/workers/fetch/address-rules.ts";
import { createFetchAgents, type FetchAgents } from "@paperwire/workers/fetch/pinned-agent.ts";
import { type OpenContext, openContext } from "@paperwire/workers/runtime/open-context.ts";
import type { ProductClock } from "@paperwire/workers/runtime/product-clock.ts";
import { Agent, buildConnector } from "undici";

/**
 * A context for which every stranger's address is the hub double's, as if that were public and on port 80. The
 * operator's own sources are reached as always.
 */
export async function openWithHub(
  settings: Settings,
  hubPort: number,
  clock?: ProductClock,
): Promise<OpenContext> {
  const opened = await openContext(settings, { poolSize: 16, ...(clock === undefined ? {} : { clock }) });
  const own = createFetchAgents({ allowPrivate: parseAllowList(settings.FETCH_ALLOW_PRIVATE) });
  const connect = buildConnector({ allowH2: false });
  const toHub = new Agent({
    connect: (target, callback) =>
      connect({ ...target, hostname: "127.0.0.1", port: String(hubPort) }, callback),
  });
  const agents: FetchAgents = { ...own, agentFor: (trusted) => (trusted ? own.agentFor(true) : toHub) };
  return {
    ...opened,
    fetching: { ...opened.fetching, agents },
    async close() {
      await toHub.close();
      await own.close();
      await opened.close();
    },
  };
}

/** A hub's name that resolves nowhere: only the agent above leads to it. */
export const hubUrl = "http://hub.example/";
export const topic = "https://journal.example/feed";

/** A journal's feed whose newest entries are `numbers`. */
export function feedOf(
  numbers: readonly number[],
  { hub = hubUrl, self = topic }: { hub?: string | null; self?: string } = {},
): string {
  const entries = numbers.map(
    (number) => `<item><title>Result number ${number} on the growth of ${wordOf(number)} crystals</title>
      <link>https://journal.example/paper/${number}</link><guid>journal-${number}</guid>
      <pubDate>Mon, 08 Jun 2026 0${number % 10}:00:00 GMT</pubDate>
      <description>Measurement number ${number} shows that ${wordOf(number)} crystals grow.</description></item>`,
  );
  const links =
    hub === null
      ? ""
      : `<atom:link rel="hub" href="${hub}"/><atom:link rel="self" href="${self}" type="application/rss+xml"/>`;
  return `<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
    <title>Journal of Crystals</title><link>https://journal.example/</link>${links}${entries.join("")}</channel></rss>`;
}

const words = [
  "quartz",
  "garnet",
  "beryl",
  "topaz",
  "zircon",
  "fluorite",
  "apatite",
  "calcite",
  "pyrite",
  "halite",
];

function wordOf(number: number): string {
  return words[number % words.length] ?? "other";
}
