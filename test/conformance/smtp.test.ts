import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { renderDigest } from "@paperwire/core";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import type { Message } from "@paperwire/workers/channels/channel.ts";
import { openChannel } from "@paperwire/workers/channels/index.ts";
import { smtpOutcomeOf } from "@paperwire/workers/channels/smtp.ts";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { startSmtpDouble } from "../harness/smtp-double.ts";

function mail(id = "d-1"): Message {
  const { shown: _, moved: __, ...rendered } = renderDigest(sampleMail());
  return {
    ...rendered,
    deliveryId: id,
    to: "reader@example.org",
    from: "Paperwire für alle <digest@example.org>",
    at: "2026-06-08T06:00:00Z",
  };
}

async function sendTo(smtpUrl: string, messages: readonly Message[] = [mail()], timeoutMs = 20_000) {
  const channel = openChannel("smtp", { home: "/nonexistent", smtpUrl });
  onTestFinished(() => channel.close?.());
  const outcomes = [];
  for (const message of messages) {
    const request = await channel.prepare([message]);
    const signal = AbortSignal.timeout(timeoutMs);
    outcomes.push(
      (await channel.send(request, { idempotencyKey: message.deliveryId, count: 1, signal })).outcome,
    );
  }
  return outcomes;
}

test("a mail has both parts, its headers and its envelope when a real parser reads it", async () => {
  const double = await startSmtpDouble({ keepMails: true });
  onTestFinished(double.close);
  const sent = mail();
  await sendTo(double.url, [sent]);
  const [seen] = double.mails;
  expect(seen).toMatchObject({ from: "digest@example.org", to: ["reader@example.org"], delivered: true });
  const parsed = await PostalMime.parse(Buffer.from(seen?.raw ?? "", "latin1"));
  expect(parsed.subject).toBe(sent.subject);
  expect(parsed.from?.name).toBe("Paperwire für alle");
  expect(parsed.html?.trim().replaceAll("\r\n", "\n")).toBe(sent.html.trim());
  expect(parsed.text?.trim().replaceAll("\r\n", "\n")).toBe(sent.text.trim());
  expect(parsed.messageId).toBe(sent.headers["Message-ID"]);
  expect(parsed.date).toBe("2026-06-08T06:00:00.000Z");
  const headers = new Map(parsed.headers.map(({ key, value }) => [key, value]));
  expect(headers.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  expect(headers.get("list-unsubscribe")).toBe(sent.headers["List-Unsubscribe"]);
  expect(headers.get("list-id")).toBe(sent.headers["List-Id"]);
  expect(seen?.raw).not.toMatch(/[^\x00-\x7f]/);
  for (const line of (seen?.raw ?? "").split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
});

test.each([
  ["greet:421", "deferred", false],
  ["mail:451", "deferred", false],
  ["mail:550", "rejected", false],
  ["rcpt:450", "deferred", false],
  ["rcpt:550", "rejected", false],
  ["data:451", "deferred", false],
  ["data:554", "rejected", false],
  ["dot:452", "deferred", false],
  ["dot:554", "rejected", false],
  ["reset-before-data", "deferred", false],
  ["reset-in-data", "uncertain", false],
  ["reset-after-dot", "uncertain", false],
  ["accept-reset", "uncertain", true],
  ["accept-garbage", "uncertain", true],
  ["hang-after-dot", "uncertain", false],
  ["accept-hang", "uncertain", true],
  ["slow:100", "answered", true],
])("%s is %s, and what went out is never called refused", async (fault, kind, wentOut) => {
  const double = await startSmtpDouble({ script: [fault] });
  onTestFinished(double.close);
  const [outcome] = await sendTo(double.url, [mail()], fault.includes("hang") ? 400 : 20_000);
  const said =
    outcome?.kind === "answered" && outcome.members[0]?.kind === "rejected" ? "rejected" : outcome?.kind;
  expect(said).toBe(kind);
  expect(double.delivered).toEqual(wentOut ? ["reader@example.org"] : []);
});

test("a mail after a refused one goes out over the same connection", async () => {
  const double = await startSmtpDouble({ script: ["ok", "rcpt:550", "dot:451", "ok"] });
  onTestFinished(double.close);
  const outcomes = await sendTo(double.url, ["a", "b", "c", "d"].map(mail));
  expect(outcomes.map((one) => one.kind)).toEqual(["answered", "rejected", "deferred", "answered"]);
  expect(double.delivered).toHaveLength(2);
});

test("a connection that the server dropped between two mails costs nothing and doubles nothing", async () => {
  const double = await startSmtpDouble({ script: ["ok", "mail:421", "ok"] });
  onTestFinished(double.close);
  const outcomes = await sendTo(double.url, ["a", "b"].map(mail));
  expect(outcomes[0]?.kind).toBe("answered");
  expect(["answered", "deferred"]).toContain(outcomes[1]?.kind);
  expect(double.delivered).toHaveLength(outcomes.filter((one) => one.kind === "answered").length);
});

test("a server that accepts connections and never speaks is deferred", async () => {
  const mute = createTcpServer();
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void mute.close());
  const { port } = mute.address() as AddressInfo;
  const [outcome] = await sendTo(`smtp://127.0.0.1:${port}`, [mail()], 300);
  expect(outcome).toMatchObject({ kind: "deferred", burnsAttempt: false });
});

test("a wrong password stops the sender, not the mail", async () => {
  const double = await startSmtpDouble({ password: "right" });
  onTestFinished(double.close);
  const [wrong] = await sendTo(double.url.replace("//", "//user:wrong@"));
  expect(wrong).toMatchObject({ kind: "rejected", scope: "sender" });
  const [none] = await sendTo(double.url);
  expect(none).toMatchObject({ kind: "rejected", scope: "sender" });
  const [right] = await sendTo(double.url.replace("//", "//user:right@"));
  expect(right?.kind).toBe("answered");
});

test("STARTTLS is used where it is offered, and TLS from the start with smtps", async () => {
  for (const secure of [false, true]) {
    const secured: boolean[] = [];
    const server = new SMTPServer({
      secure,
      authOptional: true,
      onData(stream, session, done) {
        secured.push(session.secure);
        stream.resume();
        stream.on("end", () => done());
      },
    });
    server.on("error", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port } = server.server.address() as AddressInfo;
    const scheme = secure ? "smtps" : "smtp";
    const [outcome] = await sendTo(`${scheme}://127.0.0.1:${port}?tls.rejectUnauthorized=false`);
    expect(outcome?.kind).toBe("answered");
    expect(secured).toEqual([true]);
    const [untrusted] = await sendTo(`${scheme}://127.0.0.1:${port}`);
    expect(untrusted).toMatchObject({ kind: "deferred" });
    expect(secured).toHaveLength(1);
  }
});

test("a setting that is no SMTP address is refused with an example", () => {
  for (const smtpUrl of ["", "http://mail.example.org", "mail.example.org", "smtp://"]) {
    expect(() => openChannel("smtp", { home: "/nonexistent", smtpUrl })).toThrow(/smtp:\/\/user:password@/);
  }
});

test("free text of a server never reaches a reason", () => {
  const failure = {
    responseCode: 550,
    response: "550 5.1.1 <reader@example.org> unknown",
    code: "EENVELOPE",
  };
  expect(smtpOutcomeOf(failure, "before-data")).toMatchObject({
    reason: "The SMTP server refused the mail (550 5.1.1).",
  });
});
