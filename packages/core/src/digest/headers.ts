import { readable } from "./readable.ts";
import type { DigestMail, MailSender } from "./view.ts";

/**
 * Headers of a digest. One-click unsubscribing as RFC 8058 wants it, List-Id as RFC 2919; Precedence and
 * Feedback-ID as the large receivers ask of bulk mail. No Auto-Submitted: RFC 3834 keeps it for answers
 * and notices, and some receivers treat it so.
 */
export function digestHeaders(mail: DigestMail): Record<string, string> {
  const { sender, links } = mail;
  const thread = mail.thread === undefined ? undefined : messageId("thread", mail.thread, sender);
  return oneLineEach({
    "Message-ID": messageId("digest", mail.digestId, sender),
    ...listHeaders(sender, links, `${mail.date}:${mail.kind}`),
    ...(thread === undefined ? {} : { "In-Reply-To": thread, References: thread }),
  });
}

/** Where a reader of a list mail gets out of it. */
export interface WayOut {
  readonly unsubscribe: string;
  /** An address that unsubscribes by mail, without `mailto:`. */
  readonly unsubscribeMail?: string;
}

/** Headers of a mail that readers asked for in general and no one of them just now. */
export function bulkNoticeHeaders(id: string, sender: MailSender, out: WayOut): Record<string, string> {
  return oneLineEach({
    "Message-ID": messageId("notice", id, sender),
    ...listHeaders(sender, out, "notice:notice"),
  });
}

function listHeaders(sender: MailSender, out: WayOut, feedback: string): Record<string, string> {
  const ways = [
    `<${out.unsubscribe}>`,
    ...(out.unsubscribeMail === undefined ? [] : [`<mailto:${out.unsubscribeMail}?subject=unsubscribe>`]),
  ];
  return {
    "List-Id": `${listPhrase(sender)}<digest.${domainOf(sender)}>`,
    "List-Unsubscribe": ways.join(", "),
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    Precedence: "bulk",
    "Feedback-ID": `${feedback}:digest:paperwire`,
  };
}

/** Headers of a mail that one person asked for or one event caused (RFC 3834 §5). */
export function noticeHeaders(id: string, sender: MailSender): Record<string, string> {
  return oneLineEach({
    "Message-ID": messageId("notice", id, sender),
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
  });
}

function messageId(kind: string, id: string, sender: MailSender): string {
  return `<${kind}.${id.replace(/[^A-Za-z0-9.-]/g, "-")}@${domainOf(sender)}>`;
}

/** Only plain words: a mailer that encodes a phrase may encode the brackets with it. */
function listPhrase(sender: MailSender): string {
  const words = sender.name.replace(/[^A-Za-z0-9 ]+/g, " ").trim();
  return words === "" ? "" : `${words.replace(/ +/g, " ")} `;
}

function domainOf(sender: MailSender): string {
  return sender.domain.replace(/[^A-Za-z0-9.-]/g, "") || "localhost";
}

function oneLineEach(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, readable(value)]));
}
