import { expect, test } from "vitest";
import { checkSendingDomain, findingLines, type TxtResolver } from "./dns-check.ts";

function zone(records: Readonly<Record<string, string | readonly string[]>>): TxtResolver {
  return {
    async resolveTxt(name) {
      const found = [records[name] ?? []].flat();
      if (found.length === 0) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
      // Long records come in pieces of up to 255 characters.
      return found.map((text) => [text.slice(0, 12), text.slice(12)]);
    },
  };
}

const good = {
  "send.example.org": "v=spf1 include:amazonses.com ~all",
  "resend._domainkey.example.org": "p=MIGfMA0",
  "_dmarc.example.org": "v=DMARC1; p=none; rua=mailto:x@example.org",
};
const viaResend = { mailFrom: "Paperwire <digest@example.org>", transport: "resend" } as const;
const viaSmtp = {
  mailFrom: "digest@news.example.org",
  transport: "smtp",
  smtpHost: "email-smtp.eu-west-1.amazonaws.com",
} as const;

async function states(
  sending: Parameters<typeof checkSendingDomain>[0],
  records: Parameters<typeof zone>[0],
) {
  return (await checkSendingDomain(sending, zone(records))).map(({ check, state }) => `${check} ${state}`);
}

test("a domain with all three records passes", async () => {
  expect(await states(viaResend, good)).toEqual(["SPF ok", "DKIM ok", "DMARC ok"]);
});

test("what is missing is printed as the record to add", async () => {
  const findings = await checkSendingDomain(viaResend, zone({}));
  expect(findings.flatMap(findingLines)).toEqual([
    expect.stringMatching(/^SPF: missing\. send\.example\.org has no SPF record/),
    "    send.example.org  TXT  v=spf1 include:amazonses.com ~all",
    expect.stringMatching(/^DKIM: missing\./),
    expect.stringMatching(/^ {4}resend\._domainkey\.example\.org {2}TXT/),
    expect.stringMatching(/^DMARC: missing\. .* refuse bulk mail without one/),
    "    _dmarc.example.org  TXT  v=DMARC1; p=none; rua=mailto:dmarc-reports@example.org",
  ]);
});

test("an SPF record that leaves the relay out is shown as it should be", async () => {
  const [spf] = await checkSendingDomain(viaSmtp, zone({ "news.example.org": "v=spf1 mx -all" }));
  expect(spf).toMatchObject({ state: "wrong", record: { value: "v=spf1 include:amazonses.com mx -all" } });
});

test("mistakes that void a record are named", async () => {
  const bad = {
    ...good,
    "send.example.org": ["v=spf1 -all", "v=spf1 include:amazonses.com ~all"],
    "resend._domainkey.example.org": "v=DKIM1; p=",
    "_dmarc.example.org": "v=DMARC1; rua=mailto:x@example.org",
  };
  expect(await states(viaResend, bad)).toEqual(["SPF wrong", "DKIM wrong", "DMARC wrong"]);
  expect(
    await states(viaResend, { ...good, "send.example.org": "v=spf1 include:amazonses.com +all" }),
  ).toContain("SPF wrong");
  expect(
    await states(viaResend, { ...good, "_dmarc.example.org": ["v=DMARC1; p=none", "v=DMARC1; p=reject"] }),
  ).toContain("DMARC wrong");
});

test("a subdomain is covered by its parent's DMARC record", async () => {
  const records = {
    "news.example.org": "v=spf1 include:amazonses.com ~all",
    "s1._domainkey.news.example.org": "v=DKIM1; k=rsa; p=abc",
    "_dmarc.example.org": "v=DMARC1;p=reject",
  };
  expect(await states(viaSmtp, records)).toEqual(["SPF ok", "DKIM ok", "DMARC ok"]);
});

test("strict SPF alignment with Resend is pointed out", async () => {
  const findings = await checkSendingDomain(
    viaResend,
    zone({ ...good, "_dmarc.example.org": "v=DMARC1; p=reject; aspf=s" }),
  );
  expect(findings[2]?.sentence).toMatch(/rests on DKIM alone/);
});

test("no answer is unknown, never missing", async () => {
  const silent: TxtResolver = {
    resolveTxt: async () => Promise.reject(Object.assign(new Error("timeout"), { code: "ETIMEOUT" })),
  };
  const findings = await checkSendingDomain(viaResend, silent);
  expect(findings.map(({ state }) => state)).toEqual(["unknown", "unknown", "unknown"]);
});

test("nothing is asked about the outbox or a machine's own name", async () => {
  expect(await states({ mailFrom: "a@example.org", transport: "outbox" }, {})).toEqual([]);
  for (const mailFrom of ["digest@localhost", "digest@127.0.0.1", "digest@[::1]", "nobody"]) {
    expect(await states({ mailFrom, transport: "smtp" }, {})).toEqual([]);
  }
});
