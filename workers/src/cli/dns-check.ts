import { Resolver } from "node:dns/promises";

/** One thing that receivers look up before they believe a sender. */
export interface DnsFinding {
  readonly check: "SPF" | "DKIM" | "DMARC";
  /** `unknown`: DNS did not answer, or only the mail provider can say. */
  readonly state: "ok" | "missing" | "wrong" | "unknown";
  /** What is the case and what to do, as sentences. */
  readonly sentence: string;
  /** The record to add or change at the domain's DNS host. */
  readonly record?: DnsRecord;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: "TXT" | "MX" | "CNAME";
  readonly value: string;
}

/** The part of `node:dns` that is needed; a missing name may reject with ENOTFOUND or ENODATA. */
export interface TxtResolver {
  resolveTxt(name: string): Promise<string[][]>;
}

export interface SendingDomain {
  /** `Name <address>` or an address. */
  readonly mailFrom: string;
  readonly transport: "resend" | "smtp" | "outbox";
  /** Host of SMTP_URL. */
  readonly smtpHost?: string;
  /** Selectors to look for beside the usual ones. */
  readonly dkimSelectors?: readonly string[];
}

/**
 * Checks SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of the domain in MAIL_FROM, as the large
 * receivers want them of bulk senders: all three present, and the visible domain aligned with one of the
 * first two. Looks up text records only; never throws for what DNS says or does not say.
 */
export async function checkSendingDomain(
  sending: SendingDomain,
  resolver: TxtResolver = systemResolver(),
): Promise<DnsFinding[]> {
  const domain = domainOf(sending.mailFrom);
  if (sending.transport === "outbox" || domain === undefined) return [];
  const viaResend = sending.transport === "resend" || /(^|\.)resend\.com$/.test(sending.smtpHost ?? "");
  const dmarc = await dmarcOf(domain, resolver);
  return [
    await spfFinding(domain, viaResend, sending.smtpHost, resolver),
    await dkimFinding(domain, viaResend, sending.dkimSelectors ?? [], resolver),
    dmarcFinding(domain, viaResend, dmarc),
  ];
}

/** A finding as `doctor` prints it. */
export function findingLines({ check, state, sentence, record }: DnsFinding): string[] {
  const mark = { ok: "ok", missing: "missing", wrong: "wrong", unknown: "?" }[state];
  const add = record === undefined ? [] : [`    ${record.name}  ${record.type}  ${record.value}`];
  return [`${check}: ${mark}. ${sentence}`, ...add];
}

async function spfFinding(
  domain: string,
  viaResend: boolean,
  smtpHost: string | undefined,
  resolver: TxtResolver,
): Promise<DnsFinding> {
  // Resend's envelope sender, which SPF is about, is a subdomain.
  const name = viaResend ? `send.${domain}` : domain;
  const include = viaResend ? "amazonses.com" : includeFor(smtpHost ?? "");
  const wanted = `v=spf1 ${include === undefined ? "mx" : `include:${include}`} ~all`;
  const record: DnsRecord = { name, type: "TXT", value: wanted };
  const found = await textsOf(name, /^v=spf1(\s|$)/i, resolver);
  if (found === "no answer") return unknown("SPF", name);
  const [spf, second] = found;
  if (spf === undefined) {
    return {
      check: "SPF",
      state: "missing",
      sentence: `${name} has no SPF record, so any server may claim to send for it.`,
      record,
    };
  }
  if (second !== undefined) {
    return {
      check: "SPF",
      state: "wrong",
      sentence: `${name} has ${found.length} SPF records; receivers then treat it as having none (RFC 7208 §4.5). Merge them into one.`,
    };
  }
  if (/(^|\s)\+?all(\s|$)/i.test(spf)) {
    return {
      check: "SPF",
      state: "wrong",
      sentence: `The SPF record of ${name} ends in "+all" and lets everybody send for it; end it in ~all or -all.`,
      record,
    };
  }
  if (
    include !== undefined &&
    !new RegExp(`(include:|redirect=)${RegExp.escape(include)}(\\s|$)`, "i").test(spf)
  ) {
    const value = spf.replace(/^v=spf1/i, `v=spf1 include:${include}`);
    return {
      check: "SPF",
      state: "wrong",
      sentence: `The SPF record of ${name} does not name ${include}, which sends for you.`,
      record: { ...record, value },
    };
  }
  if (include === undefined) {
    return {
      check: "SPF",
      state: "ok",
      sentence: `${name} has an SPF record; make sure it covers the addresses that ${smtpHost ?? "your SMTP server"} sends from.`,
    };
  }
  return { check: "SPF", state: "ok", sentence: `${name} lets ${include} send for it.` };
}

async function dkimFinding(
  domain: string,
  viaResend: boolean,
  given: readonly string[],
  resolver: TxtResolver,
): Promise<DnsFinding> {
  const selectors = [...new Set([...given, ...(viaResend ? ["resend"] : USUAL_SELECTORS)])];
  const answers = await Promise.all(
    selectors.map(async (selector) => ({
      selector,
      found: await textsOf(`${selector}._domainkey.${domain}`, /(^|;)\s*p=/i, resolver),
    })),
  );
  const key = answers.find(({ found }) => found !== "no answer" && found.length > 0);
  if (key !== undefined) {
    const name = `${key.selector}._domainkey.${domain}`;
    const revoked = key.found !== "no answer" && /(^|;)\s*p=\s*(;|$)/i.test(key.found[0] ?? "");
    return revoked
      ? {
          check: "DKIM",
          state: "wrong",
          sentence: `The key at ${name} is empty, which means revoked (RFC 6376 §3.6.1); make a new one at your mail provider.`,
        }
      : { check: "DKIM", state: "ok", sentence: `There is a key at ${name}.` };
  }
  if (answers.every(({ found }) => found === "no answer")) return unknown("DKIM", `_domainkey.${domain}`);
  if (viaResend) {
    return {
      check: "DKIM",
      state: "missing",
      sentence: `There is no key at resend._domainkey.${domain}; copy the record from https://resend.com/domains.`,
      record: { name: `resend._domainkey.${domain}`, type: "TXT", value: "p=… (from the Resend dashboard)" },
    };
  }
  return {
    check: "DKIM",
    state: "unknown",
    sentence: `There is no key under the usual names at _domainkey.${domain}. If your SMTP server signs under another selector, all is well; if it does not sign, switch signing on and publish its key.`,
    record: {
      name: `<selector>._domainkey.${domain}`,
      type: "TXT",
      value: "v=DKIM1; k=rsa; p=… (from your SMTP server)",
    },
  };
}

interface Dmarc {
  readonly at: string;
  readonly records: readonly string[];
}

function dmarcFinding(domain: string, viaResend: boolean, dmarc: Dmarc | "no answer"): DnsFinding {
  const record: DnsRecord = {
    name: `_dmarc.${domain}`,
    type: "TXT",
    value: `v=DMARC1; p=none; rua=mailto:dmarc-reports@${domain}`,
  };
  if (dmarc === "no answer") return unknown("DMARC", record.name);
  const [text, second] = dmarc.records;
  if (text === undefined) {
    return {
      check: "DMARC",
      state: "missing",
      sentence: `${domain} has no DMARC record; Gmail, Yahoo and Outlook refuse bulk mail without one.`,
      record,
    };
  }
  if (second !== undefined) {
    return {
      check: "DMARC",
      state: "wrong",
      sentence: `${dmarc.at} has ${dmarc.records.length} DMARC records; receivers then ignore them all. Keep one.`,
    };
  }
  const tags = new Map(
    text
      .split(";")
      .map((tag) => tag.split("=").map((part) => part.trim().toLowerCase()))
      .map(([name = "", value = ""]) => [name, value]),
  );
  const policy = tags.get("p") ?? "";
  if (!["none", "quarantine", "reject"].includes(policy)) {
    return {
      check: "DMARC",
      state: "wrong",
      sentence: `The DMARC record at ${dmarc.at} has no policy (p=none, quarantine or reject).`,
      record,
    };
  }
  const strictSpf = tags.get("aspf") === "s" && viaResend;
  const align = strictSpf
    ? `Its aspf=s wants the very domain in the envelope, where Resend uses send.${domain}: alignment then rests on DKIM alone, which is enough while that passes.`
    : "Mail from this domain is aligned when its SPF or DKIM passes.";
  return { check: "DMARC", state: "ok", sentence: `The policy at ${dmarc.at} is ${policy}. ${align}` };
}

/** The record of the domain itself, else of the nearest parent that has one (at least two labels). */
async function dmarcOf(domain: string, resolver: TxtResolver): Promise<Dmarc | "no answer"> {
  const labels = domain.split(".");
  for (let i = 0; i === 0 || i <= labels.length - 2; i++) {
    const at = `_dmarc.${labels.slice(i).join(".")}`;
    const records = await textsOf(at, /^v=DMARC1(\s*;|$)/i, resolver);
    if (records === "no answer") return records;
    if (records.length > 0) return { at, records };
  }
  return { at: `_dmarc.${domain}`, records: [] };
}

async function textsOf(name: string, wanted: RegExp, resolver: TxtResolver): Promise<string[] | "no answer"> {
  try {
    const records = await resolver.resolveTxt(name);
    return records.map((chunks) => chunks.join("")).filter((text) => wanted.test(text));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOTFOUND" || code === "ENODATA") return [];
    return "no answer";
  }
}

function unknown(check: DnsFinding["check"], name: string): DnsFinding {
  return {
    check,
    state: "unknown",
    sentence: `DNS gave no answer for ${name}; check the network and try again.`,
  };
}

/** The domain of an address, in ASCII; undefined for none, for `localhost` and for addresses of machines. */
function domainOf(mailFrom: string): string | undefined {
  const address = /<([^<>]+)>\s*$/.exec(mailFrom)?.[1] ?? mailFrom;
  const host = address.slice(address.lastIndexOf("@") + 1).trim();
  if (!address.includes("@") || !URL.canParse(`http://${host}`)) return undefined;
  const { hostname } = new URL(`http://${host}`);
  return hostname.includes(".") && !/^[\d.]+$/.test(hostname) && !hostname.startsWith("[")
    ? hostname
    : undefined;
}

/** What the large relays ask to have included. */
function includeFor(smtpHost: string): string | undefined {
  return RELAYS.find(([suffix]) => smtpHost === suffix || smtpHost.endsWith(`.${suffix}`))?.[1];
}

const RELAYS: readonly (readonly [string, string])[] = [
  ["amazonaws.com", "amazonses.com"],
  ["gmail.com", "_spf.google.com"],
  ["google.com", "_spf.google.com"],
  ["mailgun.org", "mailgun.org"],
  ["mailjet.com", "spf.mailjet.com"],
  ["office365.com", "spf.protection.outlook.com"],
  ["postmarkapp.com", "spf.mtasv.net"],
  ["sendgrid.net", "sendgrid.net"],
  ["brevo.com", "spf.brevo.com"],
  ["zoho.com", "zoho.com"],
];

const USUAL_SELECTORS = [
  "default",
  "dkim",
  "mail",
  "smtp",
  "s1",
  "s2",
  "k1",
  "k2",
  "google",
  "selector1",
  "selector2",
  "mx",
  "key1",
  "fm1",
];

function systemResolver(): TxtResolver {
  return new Resolver({ timeout: 3_000, tries: 2 });
}
