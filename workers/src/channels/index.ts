import { UsageError } from "@paperwire/core";
import type { Channel, ChannelKind, ChannelSettings } from "./channel.ts";
import { discord } from "./discord.ts";
import { matrix } from "./matrix.ts";
import { outbox } from "./outbox.ts";
import { resend } from "./resend.ts";
import { slack } from "./slack.ts";
import { smtp } from "./smtp.ts";
import { telegram } from "./telegram.ts";
import { webhook } from "./webhook.ts";

/** Every way out, by the name that `MAIL_TRANSPORT` or a reader's channel gives it. */
export const channels: readonly ChannelKind[] = [
  outbox,
  smtp,
  resend,
  slack,
  discord,
  telegram,
  matrix,
  webhook,
];

/** What a channel can do, without opening it. Throws UsageError for an unknown name. */
export function channelFor(id: string): ChannelKind {
  const kind = channels.find((one) => one.id === id);
  if (kind !== undefined) return kind;
  throw new UsageError(
    `There is no channel ${JSON.stringify(id)}; use one of ${channels.map((one) => one.id).join(", ")}.`,
  );
}

/** Those that a reader's digests can go to instead of the mail box. */
export function placeChannels(): (ChannelKind & { readonly place: string })[] {
  return channels.flatMap((kind) => (kind.place === undefined ? [] : [{ ...kind, place: kind.place }]));
}

/** Opens a channel. Throws UsageError when the name is unknown or its settings are missing. */
export function openChannel(id: string, settings: ChannelSettings): Channel {
  const { maxBatch, keyed, open } = channelFor(id);
  return { ...open(settings), id, maxBatch, keyed };
}
