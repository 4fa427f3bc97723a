import type { Listing } from "@paperwire/core";
import { type Db, matches, papers, topics } from "@paperwire/db";
import { mergePapers } from "@paperwire/workers/archive/merging.ts";
import { relabelStep } from "@paperwire/workers/classify/relabel.ts";
import { ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

/** A paper of years ago, in the archive since a first import. */
const old: Listing = {
  key: "2401.00001",
  arxivId: "2401.00001",
  version: 1,
  title: "Distilling Large Parsers into Small Ones with Structured Supervision",
  abstract:
    "We study how a small dependency parser can learn from a large one. Structured supervision transfers the distribution over trees and not only the best tree.",
  authors: [{ name: "Ada Kern" }, { name: "Bo Lindqvist" }, { name: "Chidi Okafor" }],
  categories: ["cs.CL"],
  published: "2024-01-02T10:00:00Z",
};
const monday = new Date("2026-06-08T06:00:00Z");
const tuesday = new Date("2026-06-09T06:00:00Z");

async function poll(db: Db, kindId: string, listing: Listing, now: Date, firstImport = false): Promise<void> {
  const kind = kindById(kindId);
  if (kind === undefined) throw new Error(`no kind ${kindId}`);
  const harvest = { sourceId: kindId, kind, now, firstImport, speaks: true };
  await db.transaction().execute((trx) => ingestReading(trx, { listings: [listing], warnings: [] }, harvest));
}

async function oldPaper(db: Db): Promise<papers.Paper> {
  await poll(db, "arxiv-oai", old, monday, true);
  return there(db);
}

async function there(db: Db): Promise<papers.Paper> {
  const id = (await papers.resolve(db, ["arxiv:2401.00001"])) ?? "";
  const paper = await papers.findById(db, id);
  if (paper === undefined) throw new Error("the paper is not there");
  return paper;
}

async function newEvents(db: Db, id: string): Promise<number> {
  return (await papers.eventsOf(db, id)).filter(({ type }) => type === "paper.new").length;
}

const inJournal: Listing = {
  key: "10.5555/jlm.2026.17",
  doi: "10.5555/jlm.2026.17",
  title: old.title,
  abstract: old.abstract ?? "",
  authors: old.authors,
  categories: [],
  published: "2024-03-08T00:00:00Z",
  venue: "Journal of Language Modelling",
};

test("a late listing at another home never turns an old paper into a new one", async ({ db }) => {
  const { id, firstSeen } = await oldPaper(db);
  await poll(db, "crossref", inJournal, tuesday);
  await poll(db, "feed", { ...inJournal, key: "https://j.example/17", url: "https://j.example/17" }, tuesday);
  await poll(db, "openalex", { ...inJournal, key: "W17" }, tuesday);
  const paper = await there(db);
  expect(paper).toMatchObject({ id, firstSeen, mergedInto: null });
  expect(paper.published?.toISOString()).toBe("2024-01-02T10:00:00.000Z");
  expect(await papers.count(db)).toBe(1);
  expect(await newEvents(db, id)).toBe(1);
  expect(await matches.openAnnouncements(db, [id])).toEqual([]);
});

test("a topic, a new label, late metadata and a merge never make an old paper mailable", async ({ db }) => {
  const { id } = await oldPaper(db);
  await topics.save(
    db,
    { slug: "parsers", name: "Parsers", query: 'like:"dependency parsing" OR parser', examples: [] },
    tuesday,
  );
  while ((await relabelStep(db, tuesday)) > 0);
  expect((await topics.labelsOf(db, [id])).map(({ topic }) => topic)).toContain("parsers");
  await poll(
    db,
    "arxiv-oai",
    { ...old, license: "CC0", journalRef: "JLM 12", categories: ["cs.CL", "cs.LG"] },
    tuesday,
  );
  await poll(db, "crossref", { ...inJournal, title: `${old.title}, Part II` }, tuesday, true);
  const other = (await papers.resolve(db, ["doi:10.5555/jlm.2026.17"])) ?? "";
  expect(other).not.toBe(id);
  expect((await mergePapers(db, id, other, tuesday)).kept).toBe(id);
  while ((await relabelStep(db, tuesday)) > 0);
  expect(await matches.openAnnouncements(db, [id, other])).toEqual([]);
  expect(await db.selectFrom("announcements").select("paperId").execute()).toEqual([]);
});

test("each version keeps its title, abstract and authors, and says what it changed, withdrawal included", async ({
  db,
}) => {
  const { id } = await oldPaper(db);
  const second: Listing = { ...old, version: 2, abstract: "Shorter.", authors: old.authors.slice(0, 2) };
  await poll(db, "arxiv-oai", second, tuesday);
  await poll(db, "arxiv-oai", { ...second, version: 3, withdrawn: true }, tuesday);
  expect(await papers.versionsOf(db, id)).toMatchObject([
    { version: 1, abstract: old.abstract, changed: [] },
    { version: 2, abstract: "Shorter.", authors: second.authors, changed: ["abstract", "authors"] },
    { version: 3, changed: ["withdrawn"] },
  ]);
  const events = await papers.eventsOf(db, id);
  expect(events.map(({ type, data }) => [type, data.changed])).toEqual(
    expect.arrayContaining([
      ["paper.versioned", ["abstract", "authors"]],
      ["paper.versioned", ["withdrawn"]],
    ]),
  );
  expect(events.filter(({ type }) => type === "paper.withdrawn")).toHaveLength(1);
  expect(await matches.openAnnouncements(db, [id])).toEqual([]);
});
