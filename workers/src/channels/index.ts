import { UsageError } from "@paperwire/core";
import type { Channel, ChannelSettings } from "./channel.ts";
import { createOutbox } from "./outbox.ts";
import { createResend } from "./resend.ts";
import { createSmtp } from "./smtp.ts";

/** Every way out, by the name that `MAIL_TRANSPORT` or a reader's channel gives it. */
export const channels = {
  outbox: createOutbox,
  resend: createResend,
  smtp: createSmtp,
} as const satisfies Record<string, (settings: ChannelSettings) => Channel>;

export type ChannelId = keyof typeof channels;

/** Opens a channel. Throws UsageError when the name is unknown or its settings are missing. */
export function openChannel(id: string, settings: ChannelSettings): Channel {
  if (!isChannelId(id)) {
    throw new UsageError(
      `There is no channel ${JSON.stringify(id)}; use one of ${Object.keys(channels).join(", ")}.`,
    );
  }
  return channels[id](settings);
}

function isChannelId(id: string): id is ChannelId {
  return Object.hasOwn(channels, id);
}
