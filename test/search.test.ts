import { existsSync } from "node:fs";
import type { Listing } from "@paperwire/core";
import { type Db, digests, papers } from "@paperwire/db";
import { papersAbout, searchPapers } from "@paperwire/workers/archive/search.ts";
import { relabelStep } from "@paperwire/workers/classify/relabel.ts";
import { ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const now = new Date("2026-06-08T06:00:00Z");

const shelf: readonly (readonly [title: string, abstract: string, author: string, category: string])[] = [
  [
    "Distilling a large teacher into a small student",
    "The student network is trained on the soft labels of the teacher.",
    "Ada Kern",
    "cs.LG",
  ],
  [
    "Fine-tuning language models with few parameters",
    "Adapters let a pretrained model learn a new task.",
    "Bo Lind",
    "cs.CL",
  ],
  [
    "Dust in the halo of a spiral galaxy",
    "Observations with an infrared telescope.",
    "Yann LeCun",
    "astro-ph.GA",
  ],
  [
    "Language and the galaxy: a history",
    "How astronomers have written about parsers of starlight.",
    "Yves LeCun",
    "physics.hist-ph",
  ],
];

async function fill(db: Db): Promise<void> {
  const kind = kindById("arxiv-oai");
  if (kind === undefined) throw new Error("no kind arxiv-oai");
  const listings = shelf.map(
    ([title, abstract, author, category], at): Listing => ({
      key: `2606.0000${at}`,
      arxivId: `2606.0000${at}`,
      title,
      abstract,
      authors: [{ name: author }],
      categories: [category],
      published: "2026-06-07T10:00:00Z",
    }),
  );
  const harvest = { sourceId: "arxiv-oai", kind, now, firstImport: false, speaks: true };
  await db.transaction().execute((trx) => ingestReading(trx, { listings, warnings: [] }, harvest));
  while ((await relabelStep(db, now)) > 0);
}

async function found(db: Db, text: string): Promise<number[]> {
  return (await searchPapers(db, text, 10)).map((card) => shelf.findIndex(([title]) => title === card.title));
}

test("words are stemmed, phrases are phrases, and fields are fields", async ({ db }) => {
  await fill(db);
  expect((await found(db, "distilled students"))[0]).toBe(0);
  expect((await found(db, '"language models"'))[0]).toBe(1);
  expect(await found(db, "title:galaxy -dust")).toEqual([3]);
  expect(await found(db, "abstract:telescope")).toEqual([2]);
  expect((await found(db, "cat:cs.CL OR cat:cs.LG")).toSorted()).toEqual([0, 1]);
  expect(await found(db, "cat:astro-ph")).toEqual([2]);
});

test("an author is found by the name that was meant", async ({ db }) => {
  await fill(db);
  expect(await found(db, 'author:"Yann LeCun"')).toEqual([2]);
  expect((await found(db, "author:LeCun")).toSorted()).toEqual([2, 3]);
});

test.skipIf(!existsSync(new URL("../workers/assets/word-vectors.bin", import.meta.url)))(
  "closeness is a part of a query like any other, closest first",
  async ({ db }) => {
    await fill(db);
    expect((await found(db, 'like:"teacher and student networks"'))[0]).toBe(0);
    expect(await found(db, 'like:"infrared dust in galaxies" cat:astro-ph')).toEqual([2]);
    expect(await found(db, 'like:"infrared dust in galaxies" -cat:astro-ph')).not.toContain(2);
    expect(await found(db, "like:2606.00001")).not.toContain(1);
  },
);

test("a title that is misspelt is found", async ({ db }) => {
  await fill(db);
  expect((await found(db, "distiling a large techer"))[0]).toBe(0);
});

test("text that is no query is searched for as it stands", async ({ db }) => {
  await fill(db);
  expect(await found(db, '-galaxy"(')).toBeInstanceOf(Array);
  expect((await found(db, "galaxy (dust"))[0]).toBe(2);
});

const hasVectors = existsSync(new URL("../workers/assets/word-vectors.bin", import.meta.url));

test.skipIf(!hasVectors)(
  "papers that mean the phrase are found without its words, closest first",
  async ({ db }) => {
    await fill(db);
    const about = await papersAbout(db, "efficient knowledge transfer", 4);
    expect(
      about
        .slice(0, 2)
        .map(({ title }) => title)
        .toSorted(),
    ).toEqual([shelf[0]?.[0], shelf[1]?.[0]].toSorted());
    const before = await digests.cardsOf(db, [(await papers.resolve(db, ["arxiv:2606.00000"])) ?? ""]);
    expect((await searchPapers(db, "efficient knowledge transfer", 4)).map(({ id }) => id)).toContain(
      before[0]?.id,
    );
  },
);
