import { confirmNotice, type Digest, renderDigest, renderNotice, settingsNotice } from "@paperwire/core";
import type { Member } from "@paperwire/db/deliveries.ts";
import type { Message } from "../channels/channel.ts";
import { scheduleOf } from "../digest/compose-due.ts";
import type { Settings } from "../env.ts";
import { signToken } from "../tokens.ts";
import { digestLinks, mailSender } from "./mail-links.ts";

/** Seconds that a confirmation or settings link lives, in real time. */
export const linkLifeSeconds = 7 * 24 * 3600;

export interface Finished {
  readonly message: Message;
  /** Papers of the digest that its byte budget left out. */
  readonly moved: readonly string[];
}

/** The finished mail of a delivery. Pure but for the expiry of the links in notices. */
export function messageOf(member: Member, settings: Settings, secretKey: string, realNow: Date): Finished {
  const frame = {
    deliveryId: member.id,
    to: member.address,
    from: settings.mailFrom,
    at: (member.dueAt ?? member.createdAt).toISOString(),
    tags: { delivery: member.id, kind: member.kind },
  };
  const { subject, html, text, headers, chat, moved } = rendered(member, settings, secretKey, realNow);
  const message = { ...frame, subject, html, text, headers, ...(chat === undefined ? {} : { chat }) };
  return { message, moved };
}

function rendered(member: Member, settings: Settings, secretKey: string, realNow: Date) {
  if (member.kind === "digest" && member.digestId !== null) {
    return { ...renderDigest(digestMailOf(member, member.digestId, settings, secretKey)) };
  }
  const purpose = member.kind === "confirm" ? "confirm" : "preferences";
  const token = signToken(
    {
      purpose,
      readerId: member.readerId ?? "",
      epoch: member.tokenEpoch ?? 0,
      ...(member.wishId === null ? {} : { about: member.wishId }),
      expiresAt: Math.floor(realNow.getTime() / 1000) + linkLifeSeconds,
    },
    secretKey,
  );
  const sender = mailSender(settings);
  const notice =
    purpose === "confirm"
      ? confirmNotice(member.id, sender, `${settings.publicUrl}/confirm/${token}`)
      : settingsNotice(member.id, sender, "settings", `${settings.publicUrl}/preferences/${token}`);
  return { ...renderNotice(notice), chat: undefined, moved: [] };
}

export function digestMailOf(
  member: Pick<
    Member,
    | "digestContent"
    | "period"
    | "dueAt"
    | "createdAt"
    | "readerId"
    | "tokenEpoch"
    | "zone"
    | "at"
    | "days"
    | "rhythm"
    | "doubled"
  >,
  digestId: string,
  settings: Settings,
  secretKey: string,
) {
  const isInstant = member.period?.startsWith("instant-") === true;
  const day = (member.dueAt ?? member.createdAt).toISOString().slice(0, 10);
  return {
    digestId,
    kind: isInstant ? ("instant" as const) : ("digest" as const),
    digest: without(member.digestContent as unknown as Digest, member.doubled),
    date: isInstant ? day : (member.period ?? day),
    ...(member.zone === null || isInstant
      ? {}
      : {
          schedule: scheduleOf({
            zone: member.zone,
            at: member.at ?? "08:00",
            days: member.days ?? [],
            rhythm: member.rhythm ?? "daily",
          }),
        }),
    links: digestLinks(
      { readerId: member.readerId ?? "", tokenEpoch: member.tokenEpoch ?? 0, digestId },
      settings,
      secretKey,
    ),
    sender: mailSender(settings),
    ...(isInstant ? { thread: `instant-${member.readerId}` } : {}),
  };
}

/** Papers that turned out to be another one, which the reader has, leave before the first attempt. */
function without(digest: Digest, paperIds: readonly string[]): Digest {
  if (paperIds.length === 0) return digest;
  return {
    ...digest,
    sections: digest.sections
      .map((section) => ({
        ...section,
        items: section.items.filter((item) => !paperIds.includes(item.paperId)),
      }))
      .filter((section) => section.items.length > 0),
  };
}
