import nodemailer from "nodemailer";
import { poolOptions } from "../channels/smtp.ts";
import { checkSendingDomain, type DnsFinding } from "../cli/dns-check.ts";
import type { Settings } from "../env.ts";
import { type Finding, fail, ok, reasonOf, warn } from "./finding.ts";

/** Whether mail can leave, and whether receivers and readers can trust what is in it. */
export async function mailChecks(settings: Settings, lookUp: boolean): Promise<Finding[]> {
  if (settings.MAIL_TRANSPORT === "outbox") {
    return [
      warn(
        "mail",
        `Mails are written to ${settings.home}/outbox and go nowhere else.`,
        "To send them: MAIL_TRANSPORT=smtp or resend.",
      ),
    ];
  }
  return [
    settings.MAIL_TRANSPORT === "smtp"
      ? await smtpCheck(settings.SMTP_URL)
      : ok("mail", "Mails go out through Resend; RESEND_API_KEY is set."),
    ...(settings.MAIL_TRANSPORT === "resend" && settings.RESEND_WEBHOOK_SECRET === undefined
      ? [
          warn(
            "bounces",
            "Nobody tells us of bounces and complaints.",
            "Add a webhook to PUBLIC_URL/webhooks/resend at Resend, and set RESEND_WEBHOOK_SECRET to its secret.",
          ),
        ]
      : []),
    linksCheck(settings.publicUrl),
    ...(settings.MAIL_CONTACT === undefined
      ? [
          warn(
            "imprint",
            "The mails do not say who sends them.",
            "Set MAIL_CONTACT to a name and a postal address; the law asks for it in many places.",
          ),
        ]
      : []),
    ...(lookUp ? await domainChecks(settings) : []),
  ];
}

async function smtpCheck(smtpUrl: string | undefined): Promise<Finding> {
  const { pool: _pool, ...options } = poolOptions(smtpUrl);
  const transport = nodemailer.createTransport({ ...options, socketTimeout: 10_000 });
  try {
    await transport.verify();
    return ok("mail", `The SMTP server ${hostOf(smtpUrl)} takes our mail.`);
  } catch (error) {
    return fail(
      "mail",
      `The SMTP server ${hostOf(smtpUrl)} cannot be used: ${reasonOf(error)}.`,
      "Check the host, port, user and password in SMTP_URL, and whether the port is open from here.",
    );
  } finally {
    transport.close();
  }
}

/** RFC 8058 asks for HTTPS in the address that a mail program posts to when a reader unsubscribes. */
export function linksCheck(publicUrl: string): Finding {
  const { protocol, hostname } = new URL(publicUrl);
  const mend = "Set PUBLIC_URL to the https:// address under which readers reach the pages.";
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname)) {
    return fail(
      "links",
      `The links in mails lead to ${publicUrl}, which is every reader's own machine.`,
      mend,
    );
  }
  if (protocol !== "https:")
    return warn(
      "links",
      `The links in mails begin with ${publicUrl}; one-click unsubscribing needs https.`,
      mend,
    );
  return ok("links", `The links in mails lead to ${publicUrl}.`);
}

async function domainChecks({ mailFrom, MAIL_TRANSPORT, SMTP_URL }: Settings): Promise<Finding[]> {
  const findings = await checkSendingDomain({
    mailFrom,
    transport: MAIL_TRANSPORT,
    ...(SMTP_URL === undefined ? {} : { smtpHost: hostOf(SMTP_URL) }),
  });
  return findings.map(domainFinding);
}

export function domainFinding({ check, state, sentence, record }: DnsFinding): Finding {
  if (state === "ok") return ok(check, sentence);
  const mend =
    record === undefined
      ? "Look at the domain's records, or at what the mail provider says of them."
      : `Add or change: ${record.name} ${record.type} ${record.value}`;
  return state === "wrong" ? fail(check, sentence, mend) : warn(check, sentence, mend);
}

function hostOf(smtpUrl: string | undefined): string {
  return smtpUrl !== undefined && URL.canParse(smtpUrl) ? new URL(smtpUrl).hostname : "";
}
