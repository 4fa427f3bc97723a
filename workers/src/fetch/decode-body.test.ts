import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { decodeBody } from "./decode-body.ts";
import { fetchOwn, type Origin, startOrigin } from "./local-origin.ts";

const origins: Origin[] = [];
afterEach(async () => {
  for (const origin of origins.splice(0)) await origin.close();
});

async function serving(body: Buffer, encoding: string): Promise<string> {
  const origin = await startOrigin((_, response) =>
    response.setHeader("content-encoding", encoding).end(body),
  );
  origins.push(origin);
  return origin.url;
}

const text = Buffer.from("<feed>".repeat(5_000));

describe("an encoded body", () => {
  test.each([
    ["gzip", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["GZIP", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["identity", text],
    ["", text],
    ["UTF-8", text],
    ["deflate, gzip", gzipSync(deflateSync(text))],
    ["br, identity, gzip, zstd", zstdCompressSync(gzipSync(brotliCompressSync(text)))],
    ["gzip, gzip, gzip, gzip, gzip", gzips(text, 5)],
  ])("is read when it is %j", async (encoding, body) => {
    const outcome = await fetchOwn(await serving(body, encoding));
    expect(outcome).toMatchObject({ kind: "fetched" });
    expect(outcome.kind === "fetched" && text.equals(outcome.bytes)).toBe(true);
  });

  test("of nothing is nothing", async () => {
    expect(await fetchOwn(await serving(Buffer.alloc(0), "gzip"))).toMatchObject({ bytes: Buffer.alloc(0) });
  });

  test.each([
    ["six times over", "gzip, gzip, gzip, gzip, gzip, gzip", gzips(text, 6), "6 times over"],
    ["in a way we did not ask for", "compress", text, '"compress"'],
    ["by a name that objects have anyway", "constructor", text, '"constructor"'],
    ["but is not", "gzip", text, "gzip data is damaged"],
    ["but ends early", "gzip", gzipSync(text).subarray(0, 40), "ends early"],
    ["but ends early", "br", brotliCompressSync(text).subarray(0, 20), "ends early"],
    ["but ends early", "zstd", zstdCompressSync(text).subarray(0, 20), "ends early"],
  ])("is a failure with a sentence when it is encoded %s", async (_, encoding, body, because) => {
    const outcome = await fetchOwn(await serving(body, encoding));
    expect(outcome).toMatchObject({
      kind: "failed",
      cause: "protocol",
      sentence: expect.stringContaining(because),
    });
  });
});

describe("the cap", () => {
  const bomb = Buffer.alloc(30_000_000);

  test.each([
    ["gzip", gzipSync(bomb)],
    ["br", brotliCompressSync(bomb)],
    ["zstd", zstdCompressSync(bomb)],
    ["deflate", deflateSync(bomb)],
    ["gzip, gzip", gzips(bomb, 2)],
    ["identity", bomb],
  ])("counts what comes out of the decompression: %s", async (encoding, body) => {
    expect(await fetchOwn(await serving(body, encoding))).toMatchObject({
      kind: "refused",
      reason: "too-large",
      sentence: expect.stringContaining("15 MB"),
    });
  });

  test("holds at every stage: what swells in the middle and comes to nothing costs no more", async () => {
    const nothing = gzipSync("");
    const swollen = gzipSync(Buffer.concat(Array.from({ length: 100_000 }, () => nothing)));
    const request = { maxBytes: 1_000_000 };
    expect(await fetchOwn(await serving(swollen, "gzip, gzip"), request)).toMatchObject({
      reason: "too-large",
    });
    const long = Buffer.concat(Array.from({ length: 100_000 }, () => nothing));
    expect(await fetchOwn(await serving(long, "gzip"), request)).toMatchObject({ reason: "too-large" });
  });

  test("lets the last byte through and refuses one more", async () => {
    const body = gzipSync(text);
    expect(await fetchOwn(await serving(body, "gzip"), { maxBytes: text.length })).toMatchObject({
      kind: "fetched",
    });
    expect(await fetchOwn(await serving(body, "gzip"), { maxBytes: text.length - 1 })).toMatchObject({
      kind: "refused",
    });
  });

  test("holds where no length is announced and the body never ends", async () => {
    const origin = await startOrigin((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(bomb.subarray(0, 65_536)));
      };
      response.on("drain", more);
      more();
    });
    origins.push(origin);
    expect(await fetchOwn(origin.url)).toMatchObject({ kind: "refused", reason: "too-large" });
  });

  test("stops reading the source as soon as it is passed", async () => {
    let read = 0;
    async function* source() {
      for (; read < 1_000; read++) yield gzipSync(randomBytes(100_000));
    }
    await expect(decodeBody(source(), "gzip", 1_000_000)).rejects.toThrow("more than");
    expect(read).toBeLessThan(20);
  });
});

function gzips(body: Buffer, times: number): Buffer {
  let packed = body;
  for (let time = 0; time < times; time++) packed = gzipSync(packed);
  return packed;
}
