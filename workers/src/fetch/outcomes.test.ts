import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { fetchOwn, loopbackAllowed, startOrigin } from "./local-origin.ts";
import { createFetchAgents, type Resolve } from "./pinned-agent.ts";

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const it of closing.splice(0).reverse()) await it.close();
});

async function answering(status: number, headers: Record<string, string> = {}, body = ""): Promise<string> {
  const origin = await startOrigin((_, response) => response.writeHead(status, headers).end(body));
  closing.push(origin);
  return origin.url;
}

/** A server that says exactly these bytes and ends the connection. */
async function saying(text: string): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const HOUR = 3_600_000;

describe("a host that asks for patience", () => {
  test.each([
    [429, { "retry-after": "120" }, 120_000, true],
    [503, { "retry-after": "120" }, 120_000, true],
    [429, { "retry-after": "0" }, 1_000, true],
    [429, { "retry-after": "999999999" }, 8 * HOUR, true],
    [
      429,
      { date: "Wed, 03 Jun 2026 10:00:00 GMT", "retry-after": "Wed, 03 Jun 2026 10:05:00 GMT" },
      300_000,
      true,
    ],
    [
      429,
      { date: "Wed, 03 Jun 2026 10:00:00 GMT", "retry-after": "Fri, 05 Jun 2026 10:00:00 GMT" },
      8 * HOUR,
      true,
    ],
    [
      429,
      { date: "Wed, 03 Jun 2026 10:00:00 GMT", "retry-after": "Wed, 03 Jun 2026 09:00:00 GMT" },
      1_000,
      true,
    ],
    [429, { ratelimit: '"api";r=0;t=90' }, 90_000, true],
    [403, { "retry-after": "30" }, 30_000, true],
    [403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "77" }, 77_000, true],
    [429, {}, HOUR, false],
    [429, { "retry-after": "soon" }, HOUR, false],
    [503, {}, HOUR / 4, false],
  ])("%i with %j is asked again later", async (status, headers, delayMs, told) => {
    expect(await fetchOwn(await answering(status, headers))).toMatchObject({
      kind: "retry-later",
      status,
      delayMs,
      told,
    });
  });
});

test("410 is gone, and says so", async () => {
  expect(await fetchOwn(await answering(410))).toMatchObject({
    kind: "gone",
    sentence: expect.stringContaining("gone"),
  });
});

describe("a failure says what happened and what to do", () => {
  test.each([
    [400, "does not understand"],
    [401, "asks for a login"],
    [403, "forbids"],
    [404, "has nothing at this address"],
    [418, "status 418"],
    [204, "status 204"],
    [206, "status 206"],
    [500, "will be asked again"],
    [502, "will be asked again"],
  ])("%i", async (status, because) => {
    const outcome = await fetchOwn(await answering(status));
    expect(outcome).toMatchObject({ kind: "failed", cause: "status", status, networkDown: false });
    expect(outcome).toMatchObject({ sentence: expect.stringContaining(because) });
    expect(outcome).toMatchObject({ sentence: expect.stringContaining("127.0.0.1") });
  });

  test("and hands over what a 400 or a 406 carried, because it may be a feed", async () => {
    const url = await answering(406, { "content-type": "application/atom+xml" }, "<feed/>");
    expect(await fetchOwn(url)).toMatchObject({
      kind: "failed",
      status: 406,
      bytes: Buffer.from("<feed/>"),
      contentType: "application/atom+xml",
    });
  });

  test.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9.6\r\n", "no valid HTTP"],
    ["nothing at all", "", "cut the connection"],
    ["less than announced", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n<feed>", ""],
    ["a chunk that is cut", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\n<fe", ""],
    [
      "two lengths that differ",
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
      "announced",
    ],
    ["headers without end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(40_000)}\r\n\r\n`, "too large"],
  ])("when the answer is %s", async (_, text, because) => {
    const outcome = await fetchOwn(await saying(text));
    expect(outcome).toMatchObject({
      kind: "failed",
      cause: "protocol",
      sentence: expect.stringContaining(because),
    });
  });

  test("when nobody listens", async () => {
    const origin = await startOrigin(() => {});
    await origin.close();
    expect(await fetchOwn(origin.url)).toMatchObject({
      kind: "failed",
      cause: "connect",
      networkDown: false,
    });
  });

  test("when encryption meets a server that has none", async () => {
    const url = await answering(200);
    expect(await fetchOwn(url.replace("http:", "https:"))).toMatchObject({ kind: "failed", cause: "tls" });
  });

  test.each([
    ["ENOTFOUND", "There is no host named feeds.example"],
    ["EAI_AGAIN", "could not be looked up just now"],
  ])("when the name cannot be resolved: %s", async (code, because) => {
    const resolve: Resolve = (_, answer) => answer(Object.assign(new Error(code), { code }), []);
    const agents = createFetchAgents({ allowPrivate: loopbackAllowed, resolve });
    const outcome = await fetchOwn("http://feeds.example/", {}, agents);
    expect(outcome).toMatchObject({ kind: "failed", cause: "dns", unreachable: true, networkDown: false });
    expect(outcome).toMatchObject({ sentence: expect.stringContaining(because) });
  });

  test.each(["", "feeds.example/a", "http://", "http://[", "//feeds.example"])(
    "when the address is no URL: %j",
    async (url) => {
      expect(await fetchOwn(url)).toMatchObject({ kind: "refused", reason: "address" });
    },
  );
});

describe("a time-out", () => {
  test("ends a request that is never answered", async () => {
    const origin = await startOrigin(() => {});
    closing.push(origin);
    expect(await fetchOwn(origin.url, { timeouts: { headersMs: 100 } })).toMatchObject({
      kind: "failed",
      cause: "timeout",
      sentence: expect.stringContaining("accepted the request and then did not answer"),
    });
  });

  test("ends an answer that stops in the middle", async () => {
    const origin = await startOrigin((_, response) => void response.write("<feed>"));
    closing.push(origin);
    expect(await fetchOwn(origin.url, { timeouts: { idleMs: 100 } })).toMatchObject({
      kind: "failed",
      cause: "timeout",
      sentence: expect.stringContaining("stopped in the middle"),
    });
  });

  test("ends an answer that drips without end", async () => {
    const origin = await startOrigin((_, response) => {
      const drip = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(drip));
    });
    closing.push(origin);
    expect(await fetchOwn(origin.url, { timeouts: { totalMs: 200 } })).toMatchObject({
      kind: "failed",
      cause: "timeout",
      sentence: expect.stringContaining("did not finish"),
    });
  });

  test("counts all hops together", async () => {
    const origin = await startOrigin((request, response) => {
      if (request.url === "/") response.writeHead(302, { location: "/slow" }).end();
    });
    closing.push(origin);
    expect(await fetchOwn(origin.url, { timeouts: { totalMs: 200 } })).toMatchObject({
      kind: "failed",
      cause: "timeout",
    });
    expect(origin.asked.map(({ url }) => url)).toEqual(["/", "/slow"]);
  });

  test("of the caller ends it with the caller's reason and makes up no outcome", async () => {
    const stop = new AbortController();
    const reason = new Error("shutting down");
    const origin = await startOrigin(() => stop.abort(reason));
    closing.push(origin);
    await expect(fetchOwn(origin.url, { signal: stop.signal })).rejects.toBe(reason);
    await expect(fetchOwn(origin.url, { signal: stop.signal })).rejects.toBe(reason);
    expect(origin.asked).toHaveLength(1);
  });
});
