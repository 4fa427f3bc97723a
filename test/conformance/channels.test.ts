import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BatchOutcome, renderDigest } from "@paperwire/core";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import type { Channel, ChannelSettings, Message } from "@paperwire/workers/channels/channel.ts";
import { channels, openChannel } from "@paperwire/workers/channels/index.ts";
import { readMail } from "@paperwire/workers/channels/mime.ts";
import { parseAllowList } from "@paperwire/workers/fetch/address-rules.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startResendDouble } from "../harness/resend-double.ts";
import { type ScriptedPlace, startPlace } from "../harness/scripted-place.ts";
import { startSmtpDouble } from "../harness/smtp-double.ts";

/** How each channel is driven into each situation: what its server does next. */
interface Place {
  readonly settings: Partial<ChannelSettings>;
  readonly to: string;
  next(situation: Situation): void;
  /** Requests that reached the server whole since it started: their key where the channel has one, and their bytes. */
  seen(): readonly { readonly key: string; readonly bytes: string }[];
  close(): Promise<void>;
}
type Situation = "accepts" | "refuses" | "limits" | "fails" | "resets" | "answers garbage" | "is silent";

const places: Readonly<Record<string, () => Promise<Place>>> = {
  slack: () => httpPlace("/services/T/B/x", "ok", "text/plain"),
  discord: () => httpPlace("/api/webhooks/1/x", '{"id":"42"}'),
  telegram: () => httpPlace("/bot1:x?chat_id=-100", '{"ok":true,"result":{"message_id":42}}'),
  matrix: () => httpPlace("/!room:example.org?access_token=x", '{"event_id":"$42"}'),
  webhook: () => httpPlace("/hook#whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "", "text/plain"),
  resend: resendPlace,
  smtp: smtpPlace,
};

test("every channel is in this suite, or is the outbox", () => {
  expect(channels.map(({ id }) => id).sort()).toEqual(["outbox", ...Object.keys(places)].sort());
});

describe.each(Object.keys(places))("%s", (id) => {
  let place: Place;
  let channel: Channel;
  beforeAll(async () => {
    const start = places[id];
    if (start === undefined) throw new Error(`no place for ${id}`);
    place = await start();
    channel = openChannel(id, {
      home: "/nonexistent",
      reach: { trusted: true, allowPrivate: parseAllowList("127.0.0.1") },
      ...place.settings,
    });
  });
  afterAll(async () => {
    channel.close?.();
    await place.close();
  });

  async function attempt(
    situation: Situation,
    key = `key-${Math.random()}`,
    signal = AbortSignal.timeout(20_000),
  ) {
    place.next(situation);
    const request = await channel.prepare([messageTo(place.to)]);
    return (await channel.send(request, { idempotencyKey: key, count: 1, signal })).outcome;
  }

  test("a success is accepted", async () => {
    expect(await attempt("accepts")).toMatchObject({ kind: "answered", members: [{ kind: "accepted" }] });
  });

  test("a refusal is rejected", async () => {
    expect(onlyOf(await attempt("refuses"))).toMatchObject({ kind: "rejected", scope: "message" });
  });

  test("a limit is deferred by what the server says, at nobody's cost", async () => {
    const outcome = await attempt("limits");
    expect(outcome).toMatchObject({ kind: "deferred", burnsAttempt: false });
    if (id !== "smtp") expect(outcome).toMatchObject({ delayMs: 7_000 });
  });

  test("a failure, a reset, garbage and silence after the whole message are uncertain, or provably nothing", async () => {
    for (const situation of ["fails", "resets", "answers garbage"] as const) {
      const outcome = await attempt(situation);
      expect(`${situation}: ${outcome.kind}`).toBe(
        `${situation}: ${id === "smtp" && situation === "fails" ? "deferred" : "uncertain"}`,
      );
    }
    expect((await attempt("is silent", "key-silent", AbortSignal.timeout(400))).kind).toBe("uncertain");
  });

  test("a signal that is aborted already sends nothing", async () => {
    const before = place.seen().length;
    expect((await attempt("accepts", "key-aborted", AbortSignal.abort())).kind).toBe("deferred");
    expect(place.seen()).toHaveLength(before);
  });

  test("a server that is away is deferred: nothing can have arrived", async () => {
    const away = await places[id]?.();
    if (away === undefined) throw new Error(`no place for ${id}`);
    await away.close();
    const lonely = openChannel(id, {
      home: "/nonexistent",
      reach: { trusted: true, allowPrivate: parseAllowList("127.0.0.1") },
      ...away.settings,
    });
    const request = await lonely.prepare([messageTo(away.to)]);
    const { outcome } = await lonely.send(request, {
      idempotencyKey: "k",
      count: 1,
      signal: AbortSignal.timeout(20_000),
    });
    expect(outcome).toMatchObject({ kind: "deferred", burnsAttempt: false });
    lonely.close?.();
  });

  test("a repeated request has the same bytes, and the same key where there are keys", async () => {
    place.next("accepts");
    const request = await channel.prepare([messageTo(place.to)]);
    expect(await channel.prepare([messageTo(place.to)])).toEqual(request);
    const before = place.seen().length;
    for (let i = 0; i < 2; i++) {
      await channel.send(request, {
        idempotencyKey: "key-same",
        count: 1,
        signal: AbortSignal.timeout(20_000),
      });
    }
    const [first, second] = place.seen().slice(before);
    expect(first?.bytes).toBeTruthy();
    expect(second).toEqual(first);
    if (channel.keyed) expect(first?.key).toBe("key-same");
  });

  test("no reason names an address or a secret", async () => {
    for (const situation of ["refuses", "limits", "fails", "answers garbage"] as const) {
      expect(JSON.stringify(await attempt(situation))).not.toMatch(/@|whsec|access_token|bot1|re_test/);
    }
  });
});

describe("outbox", () => {
  test("a mail is one file, whole, however often it is written", async () => {
    const home = await mkdtemp(join(tmpdir(), "paperwire outbox "));
    const channel = openChannel("outbox", { home });
    const request = await channel.prepare([messageTo("reader@example.org")]);
    for (let i = 0; i < 2; i++) {
      const { outcome } = await channel.send(request, {
        idempotencyKey: `k${i}`,
        count: 1,
        signal: AbortSignal.timeout(5_000),
      });
      expect(outcome).toMatchObject({ kind: "answered", members: [{ kind: "accepted" }] });
    }
    const files = await readdir(join(home, "outbox"));
    expect(files).toEqual([
      expect.stringMatching(/^20260608T060000Z-reader-at-example\.org-[0-9a-f]{12}\.eml$/),
    ]);
    expect(await readFile(join(home, "outbox", files[0] ?? ""), "latin1")).toBe(
      readMail(request).raw.toString("latin1"),
    );
    await rm(home, { recursive: true });
  });

  test("a full disk defers the mail with a sentence and leaves nothing behind", async () => {
    // /dev/full answers every write with “no space left”; a folder that is a file cannot be written either.
    const { outcome } = await openChannel("outbox", { home: "/dev/full" }).send(
      await openChannel("outbox", { home: "/dev/full" }).prepare([messageTo("reader@example.org")]),
      { idempotencyKey: "k", count: 1, signal: AbortSignal.timeout(5_000) },
    );
    expect(outcome).toMatchObject({
      kind: "deferred",
      burnsAttempt: false,
      reason: expect.stringMatching(/\.$/),
    });
  });
});

function messageTo(to: string): Message {
  const { shown: _, moved: __, ...mail } = renderDigest(sampleMail());
  return {
    ...mail,
    deliveryId: "d-1",
    to,
    from: "Paperwire <digest@example.org>",
    at: "2026-06-08T06:00:00Z",
  };
}

function onlyOf(outcome: BatchOutcome): unknown {
  return outcome.kind === "answered" ? outcome.members[0] : outcome;
}

async function httpPlace(path: string, success: string, type = "application/json"): Promise<Place> {
  const place: ScriptedPlace = await startPlace();
  return {
    settings: {},
    to: place.url + path,
    next: (situation) =>
      place.next(
        {
          accepts: { status: 200, body: success, type },
          refuses: { status: 403, body: "{}" },
          limits: { status: 429, body: "{}", headers: { "retry-after": "7" } },
          fails: { status: 500, body: "" },
          resets: "reset" as const,
          "answers garbage":
            success === "" ? ("reset" as const) : { status: 200, body: "<html>welcome</html>" },
          "is silent": "hang" as const,
        }[situation],
      ),
    seen: () => place.requests.map(({ key, body }) => ({ key, bytes: body })),
    close: place.close,
  };
}

async function resendPlace(): Promise<Place> {
  const double = await startResendDouble({ keepBodies: true });
  const fault: Record<Situation, string> = {
    accepts: "ok",
    refuses: "error:422:missing_required_field",
    limits: "429:7",
    fails: "500",
    resets: "reset",
    "answers garbage": "garbage",
    "is silent": "hang",
  };
  return {
    settings: { resendApiKey: "re_test", resendBaseUrl: double.url },
    to: "reader@example.org",
    next: (situation) => double.setScript([fault[situation]]),
    seen: () => double.requests.map(({ key, body = "" }) => ({ key, bytes: body })),
    close: double.close,
  };
}

async function smtpPlace(): Promise<Place> {
  const double = await startSmtpDouble({ keepMails: true });
  const fault: Record<Situation, string> = {
    accepts: "ok",
    refuses: "rcpt:550",
    limits: "mail:421",
    fails: "dot:451",
    resets: "reset-after-dot",
    "answers garbage": "accept-garbage",
    "is silent": "hang-after-dot",
  };
  return {
    settings: { smtpUrl: double.url },
    to: "reader@example.org",
    next: (situation) => double.setScript([fault[situation]]),
    seen: () =>
      double.mails.filter(({ raw }) => raw !== undefined).map(({ raw = "" }) => ({ key: "", bytes: raw })),
    close: double.close,
  };
}
