import { createHmac } from "node:crypto";
import { Agent, buildConnector } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import { parseAllowList } from "./address-rules.ts";
import { startOrigin } from "./local-origin.ts";
import { createFetchAgents, type FetchAgents } from "./pinned-agent.ts";
import {
  askAgainMs,
  askHub,
  type HubRequest,
  isReachableByHubs,
  renewAt,
  signatureCheck,
  verificationOf,
} from "./websub.ts";

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const it of closing.splice(0).reverse()) await it.close();
});

const now = new Date("2026-06-03T10:00:00Z");
const topic = "https://a.example/feed";
const hub: HubRequest = {
  mode: "subscribe",
  hubUrl: "http://hub.example/",
  topic,
  callbackUrl: "https://wire.example/websub/abc",
  secret: "s3cret",
  leaseSeconds: 864_000,
  userAgent: "Paperwire/test",
};

/** Agents whose connections all end at one local server, as if it were public and on port 80. */
function leadingTo(port: number): FetchAgents {
  const connect = buildConnector({ allowH2: false });
  const agent = new Agent({
    connect: (target, callback) =>
      connect({ ...target, hostname: "127.0.0.1", port: String(port) }, callback),
  });
  closing.push(agent);
  return { ...createFetchAgents(), agentFor: () => agent };
}

describe("a hub is asked", () => {
  test("with topic, callback, secret and lease, form-encoded", async () => {
    let body = "";
    const origin = await startOrigin(async (request, response) => {
      for await (const chunk of request) body += chunk;
      response.writeHead(202).end();
    });
    closing.push(origin);
    expect(await askHub(hub, { agents: leadingTo(origin.port) })).toEqual({ kind: "asked" });
    expect(origin.asked[0]).toMatchObject({ method: "POST", url: "/" });
    expect(origin.asked[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      "hub.mode": "subscribe",
      "hub.topic": topic,
      "hub.callback": "https://wire.example/websub/abc",
      "hub.secret": "s3cret",
      "hub.lease_seconds": "864000",
    });
  });

  test.each([
    [400, "refused"],
    [302, "refused"],
    [429, "failed"],
    [503, "failed"],
  ])("and its %i is a sentence, not the end of polling", async (status, kind) => {
    const origin = await startOrigin((_, response) =>
      response.writeHead(status, { location: "http://127.0.0.1/" }).end(),
    );
    closing.push(origin);
    expect(await askHub(hub, { agents: leadingTo(origin.port) })).toMatchObject({
      kind,
      sentence: expect.stringContaining("polled"),
    });
    expect(origin.asked).toHaveLength(1);
  });

  test("follows a hub that moved (307, 308), at most three times, and nothing else that redirects", async () => {
    const bodies: string[] = [];
    const origin = await startOrigin(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      const at = Number(request.url?.slice(1) || 0);
      const more = request.headers.host === "hub.example" ? 2 : 9;
      if (at < more) response.writeHead(at === 0 ? 307 : 308, { location: `/${at + 1}` }).end();
      else response.writeHead(202).end();
    });
    closing.push(origin);
    const deps = { agents: leadingTo(origin.port) };
    expect(await askHub(hub, deps)).toEqual({ kind: "asked" });
    expect(origin.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "POST /",
      "POST /1",
      "POST /2",
    ]);
    expect(new Set(bodies)).toEqual(new Set([new URLSearchParams(bodies[0]).toString()]));
    expect(await askHub({ ...hub, hubUrl: "http://other.example/" }, deps)).toMatchObject({
      kind: "refused",
    });
    expect(origin.asked).toHaveLength(3 + 4);
  });

  test("whose redirect leads inside is not followed there", async () => {
    const origin = await startOrigin((_, response) =>
      response.writeHead(307, { location: "http://169.254.169.254/latest" }).end(),
    );
    closing.push(origin);
    expect(await askHub(hub, { agents: leadingTo(origin.port) })).toMatchObject({
      kind: "refused",
      sentence: expect.stringContaining("link-local"),
    });
  });

  test.each(["http://127.0.0.1/", "http://[::1]/", "http://hub.example:8080/", "ftp://hub.example/", "hub"])(
    "never at an address that only the operator may name: %s",
    async (hubUrl) => {
      const agents = createFetchAgents({ allowPrivate: parseAllowList("127.0.0.1 ::1") });
      closing.push(agents);
      expect(await askHub({ ...hub, hubUrl }, { agents })).toMatchObject({ kind: "refused" });
    },
  );

  test("never at a name that leads to such an address", async () => {
    const agents = createFetchAgents({
      allowPrivate: parseAllowList("127.0.0.1"),
      resolve: (_, answer) => answer(null, [{ address: "127.0.0.1", family: 4 }]),
    });
    closing.push(agents);
    expect(await askHub(hub, { agents })).toMatchObject({
      kind: "refused",
      sentence: expect.stringContaining("loopback"),
    });
  });
});

describe("a verification", () => {
  const wanted = { topic, secret: "s", wanted: true };
  const query = {
    "hub.mode": "subscribe",
    "hub.topic": topic,
    "hub.challenge": "c<1>",
    "hub.lease_seconds": "864000",
  };

  test("of what we asked for is confirmed, until the lease ends", () => {
    expect(verificationOf(query, wanted, now)).toEqual({
      kind: "confirm",
      challenge: "c<1>",
      expiresAt: new Date("2026-06-13T10:00:00Z"),
    });
    expect(
      verificationOf({ ...query, "hub.mode": "unsubscribe" }, { ...wanted, wanted: false }, now),
    ).toEqual({
      kind: "release",
      challenge: "c<1>",
    });
  });

  test("does not bind us for longer than ninety days", () => {
    expect(verificationOf({ ...query, "hub.lease_seconds": "999999999999" }, wanted, now)).toMatchObject({
      expiresAt: new Date("2026-09-01T10:00:00Z"),
    });
  });

  test.each([
    ["of another topic", { ...query, "hub.topic": `${topic}?x` }, wanted],
    ["without a topic", { ...query, "hub.topic": undefined }, wanted],
    ["of a subscription we do not know", query, undefined],
    ["of a subscription we have ended", query, { ...wanted, wanted: false }],
    ["of an end we did not ask for", { ...query, "hub.mode": "unsubscribe" }, wanted],
    ["of an unknown mode", { ...query, "hub.mode": "publish" }, wanted],
    ["without a challenge", { ...query, "hub.challenge": "" }, wanted],
    ["without a lease", { ...query, "hub.lease_seconds": undefined }, wanted],
    ["with a lease that is none", { ...query, "hub.lease_seconds": "-5" }, wanted],
    ["with a lease too short to be of use", { ...query, "hub.lease_seconds": "10" }, wanted],
  ])("%s is unknown to us", (_, asked, subscription) => {
    expect(verificationOf(asked, subscription, now)).toEqual({ kind: "unknown" });
  });

  test("that is a refusal is taken as one, and its reason kept to one short line", () => {
    const asked = { "hub.mode": "denied", "hub.topic": topic, "hub.reason": `no\r\n${"x".repeat(500)}` };
    expect(verificationOf(asked, wanted, now)).toEqual({ kind: "denied", because: `no ${"x".repeat(197)}` });
  });
});

/** The whole body at once, as a test has it. */
function isSignedBy(secret: string, body: Uint8Array, signature: string | undefined): boolean {
  const check = signatureCheck(secret, signature);
  check?.update(body.subarray(0, 3));
  check?.update(body.subarray(3));
  return check?.isGenuine() ?? false;
}

describe("a pushed body", () => {
  const body = Buffer.from("<feed>\u00e4</feed>");
  const sign = (method: string, secret = "s3cret") => createHmac(method, secret).update(body).digest("hex");

  test.each(["sha1", "sha256", "sha384", "sha512"])("signed with our secret by %s is the hub's", (method) => {
    expect(isSignedBy("s3cret", body, `${method}=${sign(method)}`)).toBe(true);
    expect(isSignedBy("s3cret", body, `${method.toUpperCase()}=${sign(method).toUpperCase()}`)).toBe(true);
  });

  test.each([
    ["a weak method", `md5=${sign("md5")}`],
    ["the digest of another method", `sha1=${sign("sha256")}`],
    ["another secret", `sha256=${sign("sha256", "other")}`],
    ["a cut signature", `sha256=${sign("sha256").slice(0, 32)}`],
    ["a longer signature", `sha256=${sign("sha256")}0`],
    ["no method", sign("sha256")],
    ["nothing", undefined],
    ["nonsense", "sha256=zz"],
  ])("with %s is thrown away", (_, signature) => {
    expect(isSignedBy("s3cret", body, signature)).toBe(false);
  });

  test("that was changed, or that no secret was agreed for, is thrown away", () => {
    expect(isSignedBy("s3cret", Buffer.from("<feed>a</feed>"), `sha256=${sign("sha256")}`)).toBe(false);
    expect(isSignedBy("", body, `sha256=${createHmac("sha256", "").update(body).digest("hex")}`)).toBe(false);
  });
});

test("a lease is renewed at its half", () => {
  expect(renewAt(now, new Date("2026-06-13T10:00:00Z"))).toEqual(new Date("2026-06-08T10:00:00Z"));
});

describe("a hub that has not confirmed", () => {
  const hourMs = 3_600_000;
  test.each([
    ["took the request", { kind: "asked" } as const, [1, 2, 4, 8, 16, 24, 24]],
    ["failed", { kind: "failed", sentence: "" } as const, [0.25, 0.5, 1, 2, 4, 8, 16, 24]],
    ["refused", { kind: "refused", sentence: "" } as const, [24, 48, 96, 168, 168]],
  ])("and %s is asked again, later each time, and never given up", (_, answer, hours) => {
    expect(hours.map((_hour, failures) => askAgainMs(answer, failures) / hourMs)).toEqual(hours);
    expect(askAgainMs(answer, 1_000)).toBe((hours.at(-1) ?? 0) * hourMs);
  });

  test("is asked sooner while the lease runs out, and no sooner than it wants", () => {
    const failed = { kind: "failed", sentence: "" } as const;
    expect(askAgainMs(failed, 5, 2 * hourMs)).toBe(hourMs / 2);
    expect(askAgainMs(failed, 5, 1_000)).toBe(60_000);
    expect(askAgainMs({ ...failed, retryAfterMs: 3 * hourMs }, 0)).toBe(3 * hourMs);
  });
});

test.each([
  ["https://papers.example.org", true],
  ["https://papers.example.org/under/a/path", true],
  ["http://93.184.215.14:8080", true],
  ["http://127.0.0.1:8080", false],
  ["http://[::1]:8080", false],
  ["http://0.0.0.0:8080", false],
  ["http://192.168.1.5", false],
  ["http://localhost:8080", false],
  ["http://wire.localhost", false],
  ["http://intranet", false],
  ["http://wire.internal", false],
  ["http://nas.local.", false],
  ["nothing", false],
])("hubs reach %s: %s", (url, expected) => {
  expect(isReachableByHubs(url)).toBe(expected);
});
