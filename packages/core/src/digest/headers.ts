import { readable } from "./readable.ts";
import type { DigestMail, MailSender } from "./view.ts";

/**
 * Headers of a digest. One-click unsubscribing as RFC 8058 wants it, List-Id as RFC 2919; Precedence and
 * Feedback-ID as the large receivers ask of bulk mail. No Auto-Submitted: RFC 3834 keeps it for answers
 * and notices, and some receivers treat it so.
 */
export function digestHeaders(mail: DigestMail): Record<string, string> {
  const { sender, links } = mail;
  const unsubscribe = [
    `<${links.unsubscribe}>`,
    ...(links.unsubscribeMail === undefined ? [] : [`<mailto:${links.unsubscribeMail}?subject=unsubscribe>`]),
  ];
  const thread = mail.thread === undefined ? undefined : messageId("thread", mail.thread, sender);
  return oneLineEach({
    "Message-ID": messageId("digest", mail.digestId, sender),
    "List-Id": `${listPhrase(sender)}<digest.${domainOf(sender)}>`,
    "List-Unsubscribe": unsubscribe.join(", "),
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    Precedence: "bulk",
    "Feedback-ID": `${mail.date}:${mail.kind}:digest:paperwire`,
    ...(thread === undefined ? {} : { "In-Reply-To": thread, References: thread }),
  });
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
