import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Listing, tokenise } from "@paperwire/core";
import type { Db } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { papersAbout, searchPapers } from "@paperwire/workers/archive/search.ts";
import { relabelStep } from "@paperwire/workers/classify/relabel.ts";
import { ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { describe, expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../shared", import.meta.url).pathname;
const month = `${shared}/data/corpora/arxiv-cs-2025-2026/2026-05.ndjson.gz`;
const now = new Date("2026-06-01T06:00:00Z");
const phrase = "efficient knowledge transfer";

async function fill(db: Db): Promise<number> {
  const kind = kindById("arxiv-oai");
  if (kind === undefined) throw new Error("no kind arxiv-oai");
  const rows = gunzipSync(readFileSync(month)).toString("utf8").trim().split("\n");
  const listings = rows.slice(0, 3_000).map((line): Listing => {
    const { id, title, abstract, authors, categories, first_listed: day } = JSON.parse(line);
    return {
      key: id,
      arxivId: id,
      title,
      abstract,
      authors: authors.map((name: string) => ({ name })),
      categories,
      published: `${day}T00:00:00Z`,
    };
  });
  const harvest = { sourceId: "arxiv-oai", kind, now, firstImport: true, speaks: true };
  await db.transaction().execute((trx) => ingestReading(trx, { listings, warnings: [] }, harvest));
  while ((await relabelStep(db, now)) > 0);
  return listings.length;
}

function says(card: PaperCard, pattern: RegExp): boolean {
  return pattern.test(`${card.title} ${card.abstract ?? ""}`);
}

/** Has the paper all words of the phrase, in any form? */
function hasItsWords(card: PaperCard): boolean {
  const stems = new Set(tokenise(`${card.title} ${card.abstract ?? ""}`));
  return tokenise(phrase).every((stem) => stems.has(stem));
}

describe.skipIf(!existsSync(month))(`over a recorded month (skipped without ${month})`, () => {
  test("a phrase finds distillation and fine-tuning papers that do not say it", { timeout: 240_000 }, async ({
    db,
  }) => {
    expect(await fill(db)).toBe(3_000);
    const isMeant = (card: PaperCard) => says(card, /distill|fine-?tun/i) && !hasItsWords(card);
    const page = await searchPapers(db, phrase, 20);
    expect(page.filter((card) => says(card, /distill|fine-?tun/i)).length).toBeGreaterThanOrEqual(8);
    expect(page.filter(isMeant).length).toBeGreaterThanOrEqual(3);
    const more = (await searchPapers(db, phrase, 60)).filter(isMeant);
    expect(more.length).toBeGreaterThanOrEqual(8);
    expect(more.some((card) => says(card, /distill/i))).toBe(true);
    expect(more.some((card) => says(card, /fine-?tun/i))).toBe(true);
    // The page of a topic that nobody defined goes by closeness alone.
    expect((await papersAbout(db, phrase, 20)).filter(isMeant).length).toBeGreaterThanOrEqual(6);
    // A letter too many, a letter left out.
    const [known] = await searchPapers(db, 'title:"knowledge distillation"', 1);
    const misspelt = known?.title.replace(/istill/i, "istil").replace(/nowledge/i, "nowlege") ?? "";
    expect(misspelt).not.toBe(known?.title);
    expect((await searchPapers(db, misspelt, 10)).map(({ id }) => id)).toContain(known?.id);
  });
});
