import type { Channel, ChannelSettings } from "./channel.ts";
import { channelFor, openChannel } from "./index.ts";

export interface WaysOut {
  /** The one that `MAIL_TRANSPORT` names. */
  readonly mail: Channel;
  /**
   * What a batch of `channel` goes out over now: `mail` for mail, whichever transport that was when the batch was
   * made, and the channel itself for a place that a reader's digests are posted to. Opened at its first use.
   */
  over(channel: string): Channel;
  close(): void;
}

/** Throws UsageError when the mail transport's settings are missing. */
export function openWaysOut(transport: string, settings: ChannelSettings): WaysOut {
  const mail = openChannel(transport, settings);
  const places = new Map<string, Channel>();
  return {
    mail,
    over(channel) {
      if (channel === mail.id || channelFor(channel).place === undefined) return mail;
      const place = places.get(channel) ?? openChannel(channel, settings);
      places.set(channel, place);
      return place;
    },
    close() {
      for (const one of [mail, ...places.values()]) one.close?.();
    },
  };
}
