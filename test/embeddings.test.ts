import type { Listing } from "@paperwire/core";
import type { Db } from "@paperwire/db";
import { embeddingsUrl } from "@paperwire/workers/archive/embeddings.ts";
import { papersAbout, searchPapers } from "@paperwire/workers/archive/search.ts";
import { relabelStep } from "@paperwire/workers/classify/relabel.ts";
import { type Origin, startOrigin } from "@paperwire/workers/fetch/local-origin.ts";
import { ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const now = new Date("2026-06-08T06:00:00Z");
const titles = [
  "Knowledge distillation for small students",
  "Fine-tuning language models with few parameters",
  "Transfer learning between domains",
];

async function fill(db: Db): Promise<void> {
  const kind = kindById("arxiv-oai");
  if (kind === undefined) throw new Error("no kind arxiv-oai");
  const listings = titles.map(
    (title, at): Listing => ({
      key: `2606.0000${at}`,
      arxivId: `2606.0000${at}`,
      title,
      authors: [{ name: `Author ${"ABC"[at]}` }],
      categories: ["cs.LG"],
      published: "2026-06-07T10:00:00Z",
    }),
  );
  const harvest = { sourceId: "arxiv-oai", kind, now, firstImport: false, speaks: true };
  await db.transaction().execute((trx) => ingestReading(trx, { listings, warnings: [] }, harvest));
  while ((await relabelStep(db, now)) > 0);
}

interface Asked {
  readonly model: string;
  readonly input: readonly string[];
  readonly authorization: string | undefined;
}

/** A server that finds fine-tuning closest to everything. */
async function server(asked: Asked[], status = 200): Promise<Origin> {
  return startOrigin((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const { model, input } = JSON.parse(body);
      asked.push({ model, input, authorization: request.headers.authorization });
      const data = input.map((text: string, index: number) => ({
        index,
        embedding: !text.includes("\n") || text.startsWith("Fine-tuning") ? [1, 0, 0] : [0.2, 1, 0],
      }));
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ data: data.reverse() }));
    });
  });
}

test("a server of embeddings orders what is found by meaning, and is asked for each paper once", async ({
  db,
}) => {
  await fill(db);
  const alone = (await papersAbout(db, "knowledge transfer", 3)).map(({ title }) => title);
  expect(alone[0]).not.toBe(titles[1]);
  const asked: Asked[] = [];
  const origin = await server(asked);
  try {
    const address = new URL(`${origin.url}/v1?model=small`);
    address.password = "secret";
    const help = { embeddingsUrl: address.href, onNote: (sentence: string) => expect.fail(sentence) };
    expect((await papersAbout(db, "knowledge transfer", 3, help))[0]?.title).toBe(titles[1]);
    expect(asked).toMatchObject([{ model: "small", authorization: "Bearer secret" }]);
    expect(asked[0]?.input).toHaveLength(1 + alone.length);
    await searchPapers(db, "knowledge transfer", 3, help);
    expect(asked[1]?.input).toEqual(["knowledge transfer"]);
  } finally {
    await origin.close();
  }
});

test("a server that fails or is absent costs a sentence, not the search", async ({ db }) => {
  await fill(db);
  const alone = await searchPapers(db, "knowledge transfer", 3);
  const origin = await server([], 500);
  for (const [address, says] of [
    [origin.url, "it answered 500"],
    ["http://127.0.0.1:1/v1", "gave no embeddings"],
  ] as const) {
    const notes: string[] = [];
    const help = { embeddingsUrl: address, onNote: (sentence: string) => void notes.push(sentence) };
    expect(await searchPapers(db, "knowledge transfer", 3, help)).toEqual(alone);
    expect(notes).toEqual([expect.stringContaining(says)]);
  }
  await origin.close();
});

test("the address is completed as such servers have it", () => {
  const of = (address: string) => embeddingsUrl(address).pathname;
  expect(of("http://127.0.0.1:8081")).toBe("/v1/embeddings");
  expect(of("http://127.0.0.1:8081/v1/")).toBe("/v1/embeddings");
  expect(of("http://127.0.0.1:8081/api/embeddings")).toBe("/api/embeddings");
});
