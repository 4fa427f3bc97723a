import type { Settings } from "../env.ts";
import { parseAllowList } from "../fetch/address-rules.ts";
import type { ChannelSettings } from "./channel.ts";

/** What the channels need of the settings. */
export function channelSettingsOf(settings: Settings): ChannelSettings {
  return {
    home: settings.home,
    ...(settings.SMTP_URL === undefined ? {} : { smtpUrl: settings.SMTP_URL }),
    ...(settings.RESEND_API_KEY === undefined ? {} : { resendApiKey: settings.RESEND_API_KEY }),
    ...(settings.RESEND_BASE_URL === undefined ? {} : { resendBaseUrl: settings.RESEND_BASE_URL }),
    // The operator enters where a reader's digests are posted.
    reach: { trusted: true, allowPrivate: parseAllowList(settings.FETCH_ALLOW_PRIVATE) },
  };
}
