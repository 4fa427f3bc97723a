import type { DigestLinks, MailSender } from "@paperwire/core";
import type { Settings } from "../env.ts";
import { feedbackToken, type Said, signToken, type Token } from "../tokens.ts";

export interface LinkOwner {
  readonly readerId: string;
  readonly tokenEpoch: number;
  readonly digestId: string;
}

/** The addresses in a digest. The same digest always has the same ones. */
export function digestLinks(owner: LinkOwner, settings: Settings, secretKey: string): DigestLinks {
  const token = (purpose: Token["purpose"], about?: string) =>
    signToken(
      {
        purpose,
        readerId: owner.readerId,
        epoch: owner.tokenEpoch,
        ...(about === undefined ? {} : { about }),
      },
      secretKey,
    );
  const saying = token("feedback", owner.digestId);
  const feedback = (said: Said, paperId: string) =>
    `${settings.publicUrl}/feedback/${feedbackToken(saying, said, paperId)}`;
  return {
    paper: (paperId) => `${settings.publicUrl}/papers/${paperId}`,
    more: (paperId) => feedback("more", paperId),
    less: (paperId) => feedback("less", paperId),
    save: (paperId) => feedback("save", paperId),
    web: `${settings.publicUrl}/digests/${token("digest", owner.digestId)}`,
    preferences: `${settings.publicUrl}/preferences/${token("preferences")}`,
    unsubscribe: `${settings.publicUrl}/unsubscribe/${token("unsubscribe")}`,
  };
}

/** `Name <user@domain>` taken apart for headers and footers. */
export function mailSender(settings: Settings): MailSender {
  const [, name = "", address = settings.mailFrom] =
    /^\s*(.*?)\s*<([^>]+)>\s*$/.exec(settings.mailFrom) ?? [];
  return {
    name: name.replace(/^"|"$/g, "") || "Paperwire",
    domain: address.split("@")[1] ?? "localhost",
    ...(settings.MAIL_CONTACT === undefined ? {} : { imprint: settings.MAIL_CONTACT }),
  };
}
