import { expect, test } from "vitest";
import { readPayload } from "../sources/read.ts";

test("a feed of 50,000 entries is cut at 5,000 with a note", { timeout: 30_000 }, () => {
  const items = Array.from(
    { length: 50_000 },
    (_, n) => `<item><guid>${n}</guid><title>T ${n}</title></item>`,
  );
  const text = `<rss version="2.0"><channel><title>Long</title>${items.join("")}</channel></rss>`;
  const { reading } = readPayload({ bytes: new TextEncoder().encode(text) }, "feed");
  expect(reading.listings).toHaveLength(5_000);
  expect(reading.warnings.map(({ code }) => code)).toContain("cut");
});
