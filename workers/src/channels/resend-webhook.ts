import type { AddressWord, MailStatus } from "@paperwire/core";
import { z } from "zod";

/** What a webhook of Resend's says about one mail. */
export interface ProviderWord {
  /** When it happened, ISO 8601 UTC. */
  readonly at: string;
  /** Resend's id of the mail: the delivery's `providerId`. */
  readonly providerId: string;
  readonly status: MailStatus;
  /** Addresses it is about, lower case. */
  readonly addresses: readonly string[];
  /** What follows for these addresses, where something does. */
  readonly word?: AddressWord;
  /** The `digest_id` and `delivery_id` tags: they find a mail whose answer was lost. */
  readonly tags: Readonly<Record<string, string>>;
  /** For the operator: kinds only, no text of the receiving server's. */
  readonly detail?: string;
}

const fault = z.object({ type: z.string().optional(), subType: z.string().optional() });
const webhook = z.object({
  type: z.string(),
  created_at: z.string(),
  data: z.object({
    email_id: z.string(),
    to: z.union([z.array(z.string()), z.string()]).optional(),
    tags: z
      .union([z.record(z.string(), z.string()), z.array(z.object({ name: z.string(), value: z.string() }))])
      .optional(),
    bounce: fault.optional(),
    suppressed: fault.optional(),
  }),
});

/**
 * Reads the body of a verified webhook (https://resend.com/docs/dashboard/webhooks/event-types); undefined
 * for a kind that says nothing about the fate of a mail, such as clicks, contacts and domains.
 * Throws ZodError for a mail's event that does not have its documented shape.
 */
export function toProviderWord(body: unknown): ProviderWord | undefined {
  const kind = z.object({ type: z.string() }).parse(body).type;
  const status = STATUSES[kind];
  if (status === undefined) return undefined;
  const { created_at, data } = webhook.parse(body);
  const at = new Date(created_at);
  const word = wordOf(status, data.bounce?.type);
  const detail = [data.bounce?.type ?? data.suppressed?.type, data.bounce?.subType]
    .filter((one) => one !== undefined)
    .join(" ");
  return {
    at: (Number.isNaN(at.getTime()) ? new Date(0) : at).toISOString(),
    providerId: data.email_id,
    status,
    addresses: [data.to ?? []].flat().map(addressOf),
    tags: Array.isArray(data.tags)
      ? Object.fromEntries(data.tags.map(({ name, value }) => [name, value]))
      : (data.tags ?? {}),
    ...(word === undefined ? {} : { word }),
    ...(detail === "" ? {} : { detail: detail.replace(/[^\w -]/g, "").slice(0, 80) }),
  };
}

const STATUSES: Readonly<Record<string, MailStatus>> = {
  "email.scheduled": "scheduled",
  "email.sent": "sent",
  "email.delivery_delayed": "delayed",
  "email.delivered": "delivered",
  "email.failed": "failed",
  "email.bounced": "bounced",
  "email.suppressed": "suppressed",
  "email.complained": "complained",
};

function wordOf(status: MailStatus, bounceType: string | undefined): AddressWord | undefined {
  switch (status) {
    case "delivered":
    case "suppressed":
    case "complained":
      return status;
    case "bounced":
      // Only what is said to pass is taken to pass.
      return /^(transient|temporary|soft|undetermined)/i.test(bounceType ?? "") ? "soft" : "hard";
    default:
      return undefined;
  }
}

/** `Name <a@b>` and `a@b` alike. */
function addressOf(text: string): string {
  return (/<([^<>]+)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase();
}
