import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { fetchOwn, type Origin, startOrigin } from "./local-origin.ts";

const origins: Origin[] = [];
afterEach(async () => {
  for (const origin of origins.splice(0)) await origin.close();
});

async function originOf(...args: Parameters<typeof startOrigin>): Promise<Origin> {
  const origin = await startOrigin(...args);
  origins.push(origin);
  return origin;
}

describe("a good answer", () => {
  test("comes with bytes, fingerprint, validators, freshness and hub", async () => {
    const { url } = await originOf((_, response) => {
      response.setHeader("content-type", "application/atom+xml");
      response.setHeader("etag", 'W/"a b"');
      response.setHeader("last-modified", "Mon, 01 Jun 2026 04:00:00 GMT");
      response.setHeader("cache-control", "public, max-age=600");
      response.setHeader("age", "100");
      response.setHeader("link", '<https://hub.example/>; rel="hub", <https://a.example/feed>; rel=self');
      response.end("<feed/>");
    });
    expect(await fetchOwn(`${url}/feed#top`)).toMatchObject({
      kind: "fetched",
      status: 200,
      bytes: Buffer.from("<feed/>"),
      sha256: createHash("sha256").update("<feed/>").digest("hex"),
      contentType: "application/atom+xml",
      etag: 'W/"a b"',
      lastModified: "Mon, 01 Jun 2026 04:00:00 GMT",
      freshForMs: 500_000,
      hub: { url: "https://hub.example/", topic: "https://a.example/feed" },
      finalUrl: `${url}/feed`,
      redirects: 0,
    });
  });

  test("is asked for with who we are, what we read and no cookie, also after one was set", async () => {
    const origin = await originOf((_, response) => {
      response.writeHead(302, { "set-cookie": "id=1", location: "/again" }).end();
    });
    await fetchOwn(origin.url, { userAgent: "Paperwire/0.1 (+https://a.example; 3 subscribers)" });
    expect(origin.asked).toHaveLength(6);
    for (const { headers } of origin.asked) {
      expect(headers["user-agent"]).toBe("Paperwire/0.1 (+https://a.example; 3 subscribers)");
      expect(headers["accept-encoding"]).toBe("gzip, br, zstd, deflate");
      expect(headers.accept).toContain("application/atom+xml");
      expect(headers.cookie).toBeUndefined();
    }
  });
});

describe("a conditional request", () => {
  test("sends the validators exactly as they came", async () => {
    const origin = await originOf((_, response) =>
      response.writeHead(304, { "cache-control": "max-age=60" }).end(),
    );
    const outcome = await fetchOwn(origin.url, { etag: '"x--gzip"', lastModified: "yesterday" });
    expect(origin.asked[0]?.headers).toMatchObject({
      "if-none-match": '"x--gzip"',
      "if-modified-since": "yesterday",
    });
    expect(outcome).toMatchObject({
      kind: "not-modified",
      by: "validators",
      etag: '"x--gzip"',
      lastModified: "yesterday",
      freshForMs: 60_000,
    });
  });

  test("answered 304 takes over the newer validators", async () => {
    const { url } = await originOf((_, response) => response.writeHead(304, { etag: '"new"' }).end());
    expect(await fetchOwn(url, { etag: '"old"' })).toMatchObject({ kind: "not-modified", etag: '"new"' });
  });

  test("is not made with a validator that would break the header", async () => {
    const origin = await originOf((_, response) => response.end("ok"));
    await fetchOwn(origin.url, { etag: '"a"\r\nx-evil: 1', lastModified: "" });
    expect(origin.asked[0]?.headers).not.toHaveProperty("if-none-match");
    expect(origin.asked[0]?.headers).not.toHaveProperty("x-evil");
    expect(origin.asked[0]?.headers).not.toHaveProperty("if-modified-since");
  });

  test("that was not made cannot be answered 304", async () => {
    const { url } = await originOf((_, response) => response.writeHead(304).end());
    expect(await fetchOwn(url)).toMatchObject({ kind: "failed", cause: "protocol" });
  });

  test("answered with the bytes we have is not modified either", async () => {
    const { url } = await originOf((_, response) => response.setHeader("etag", '"2"').end("same"));
    const knownSha256 = createHash("sha256").update("same").digest("hex");
    expect(await fetchOwn(url, { knownSha256 })).toMatchObject({
      kind: "not-modified",
      by: "bytes",
      etag: '"2"',
    });
  });

  test("that a server chokes on asks for the validators to be dropped", async () => {
    const { url } = await originOf((_, response) => response.writeHead(412).end());
    expect(await fetchOwn(url, { etag: '"1"' })).toMatchObject({
      kind: "failed",
      status: 412,
      dropValidators: true,
    });
  });
});

test("a validator outside ASCII goes back byte for byte", async () => {
  const origin = await startOrigin((_, response) =>
    response.setHeader("etag", '"\u00e9\u00ff"').end(Buffer.from("ok")),
  );
  origins.push(origin);
  const first = await fetchOwn(origin.url);
  const etag = "etag" in first ? first.etag : undefined;
  await fetchOwn(origin.url, etag === undefined ? {} : { etag });
  expect(origin.asked[1]?.headers["if-none-match"]).toBe('"\u00e9\u00ff"');
});
