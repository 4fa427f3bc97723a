import type { Listing } from "@paperwire/core";
import { createDb, type Db, digests, matches, merges, outbox, papers, readers } from "@paperwire/db";
import { mergePapers, splitPaper } from "@paperwire/workers/archive/merging.ts";
import { composeDue } from "@paperwire/workers/digest/compose-due.ts";
import { type IngestCounts, ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { describe, expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const monday = new Date("2026-06-08T06:00:00Z");
const tuesday = new Date("2026-06-09T06:00:00Z");

const distillation: Listing = {
  key: "2606.00001",
  arxivId: "2606.00001",
  version: 1,
  url: "https://arxiv.org/abs/2606.00001",
  title: "Distilling Large Parsers into Small Ones with Structured Supervision",
  abstract:
    "We study how a small dependency parser can learn from a large one. Structured supervision transfers the distribution over trees and not only the best tree, which halves the gap between teacher and student on twelve treebanks while the student stays ten times faster.",
  authors: [{ name: "Ada Kern" }, { name: "Bo Lindqvist" }, { name: "Chidi Okafor" }],
  categories: ["cs.CL"],
  published: "2026-06-07T10:00:00Z",
  announceType: "new",
};

/** The same work in a journal that names no arXiv id: initials, other case, the beginning of the abstract. */
const inJournal: Listing = {
  key: "10.5555/jlm.2026.17",
  doi: "10.5555/jlm.2026.17",
  url: "https://doi.org/10.5555/jlm.2026.17",
  title: "Distilling large parsers into small ones with structured supervision",
  abstract: (distillation.abstract ?? "").slice(0, 200),
  authors: [{ name: "A. Kern" }, { name: "B. Lindqvist" }, { name: "C. Okafor" }],
  categories: [],
  published: "2026-06-08T00:00:00Z",
  venue: "Journal of Language Modelling",
};

interface PollOptions {
  readonly now?: Date;
  readonly firstImport?: boolean;
  readonly sourceId?: string;
  readonly date?: string;
}

function poll(
  db: Db,
  kind: string,
  listings: readonly Listing[],
  options: PollOptions = {},
): Promise<IngestCounts> {
  const found = kindById(kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  const { now = monday, firstImport = false, sourceId = kind, date } = options;
  const reading = { listings, warnings: [], ...(date === undefined ? {} : { date }) };
  const harvest = { sourceId, kind: found, now, firstImport, speaks: true };
  return db.transaction().execute((trx) => ingestReading(trx, reading, harvest));
}

async function paperOf(db: Db, key: string): Promise<papers.Paper> {
  const id = await papers.resolve(db, [key]);
  const paper = id === undefined ? undefined : await papers.findById(db, id);
  if (paper === undefined) throw new Error(`no paper has the key ${key}`);
  return paper;
}

/** Listings that have nothing to do with anything. */
function others(count: number, name: string): Listing[] {
  return Array.from({ length: count }, (_, at) => ({
    key: `${name}-${at}`,
    title: [3, 5, 7, 11].map((by) => numeral(at * by + name.length * 97)).join(" "),
    authors: [{ name: `${numeral(at)} ${numeral(at * 13 + 7)}` }],
    categories: [],
    doi: `10.1000/${name}-${at}`,
  }));
}

/** A word of its own for each number. */
function numeral(of: number): string {
  const syllables = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu"];
  return [...String(of + 1000)].map((digit) => syllables[Number(digit)]).join("");
}

async function eventTypes(db: Db, id: string): Promise<string[]> {
  return (await papers.eventsOf(db, id)).map((event) => event.type);
}

describe("exact identifiers", () => {
  test("a second run adds nothing", async ({ db }) => {
    expect(await poll(db, "arxiv-rss", [distillation])).toMatchObject({
      newPapers: 1,
      known: 0,
      announced: 1,
    });
    const rows = await everyRow(db);
    expect(await poll(db, "arxiv-rss", [distillation], { now: tuesday })).toMatchObject({
      newPapers: 0,
      known: 1,
      announced: 0,
    });
    expect(await everyRow(db)).toEqual(rows);
  });

  test("two processes that ingest the same keys at once make one paper", async ({ db, databaseUrl }) => {
    const others = [1, 2, 3].map(() => createDb({ url: databaseUrl, max: 1, applicationName: "test" }));
    const many = Array.from({ length: 40 }, (_, at) => ({
      ...distillation,
      key: `2606.1${at}000`,
      arxivId: `2606.1${String(at).padStart(4, "0")}`,
      title: `${distillation.title} for treebank number ${at}`,
    }));
    try {
      const counts = await Promise.all(
        others.map((other, at) =>
          poll(other, at === 0 ? "arxiv-rss" : "arxiv-oai", many, { sourceId: `source-${at}` }),
        ),
      );
      expect(counts.map((one) => one.newPapers).sort()).toEqual([0, 0, 40]);
      expect(await papers.count(db)).toBe(40);
    } finally {
      await Promise.all(others.map((other) => other.destroy()));
    }
  });

  test("a second version is a version and an event, with what changed, and makes nothing mailable", async ({
    db,
  }) => {
    await poll(db, "arxiv-rss", [distillation]);
    const second: Listing = {
      ...distillation,
      version: 2,
      announceType: "replace",
      title: `${distillation.title}, Revisited`,
    };
    expect(await poll(db, "arxiv-rss", [second], { now: tuesday })).toMatchObject({
      newVersions: 1,
      newPapers: 0,
      announced: 0,
    });
    const paper = await paperOf(db, "arxiv:2606.00001");
    expect(paper).toMatchObject({ latestVersion: 2, title: second.title });
    expect(await papers.versionsOf(db, paper.id)).toMatchObject([
      { version: 1, title: distillation.title, changed: [] },
      { version: 2, title: second.title, changed: ["title"] },
    ]);
    expect(await eventTypes(db, paper.id)).toEqual(["paper.new", "paper.versioned"]);
  });

  test("a cross-list adds its category and is an event", async ({ db }) => {
    await poll(db, "arxiv-rss", [distillation]);
    const crossed: Listing = { ...distillation, announceType: "cross", categories: ["cs.CL", "cs.LG"] };
    await poll(db, "arxiv-rss", [crossed], { sourceId: "cs.LG", now: tuesday });
    const paper = await paperOf(db, "arxiv:2606.00001");
    expect(paper.categories).toEqual(["cs.CL", "cs.LG"]);
    expect(await eventTypes(db, paper.id)).toEqual(["paper.new", "paper.listed"]);
  });

  test("a Hugging Face listing is a home, votes and a pick, and raises the trend", async ({ db }) => {
    await poll(db, "arxiv-rss", [distillation]);
    const { version: _, announceType: __, ...named } = distillation;
    await poll(db, "hf-daily", [{ ...named, categories: [], votes: 31, pickedBy: "AK" }], { now: tuesday });
    const paper = await paperOf(db, "arxiv:2606.00001");
    expect(paper).toMatchObject({ votes: 31, pickedBy: ["AK"], categories: ["cs.CL"] });
    expect(paper.trend).toBeGreaterThan(0);
    const [card] = await digests.cardsOf(db, [paper.id]);
    expect(card?.homes.map(({ home }) => home)).toEqual(["arxiv", "huggingface"]);
  });

  test("the DOI that arXiv names publishes the paper, and a withdrawal withdraws it, each once", async ({
    db,
  }) => {
    await poll(db, "arxiv-oai", [distillation]);
    const published: Listing = { ...distillation, doi: "10.1000/182" };
    await poll(db, "arxiv-oai", [published], { now: tuesday });
    const withdrawn: Listing = { ...published, version: 2, withdrawn: true };
    await poll(db, "arxiv-oai", [withdrawn], { now: tuesday });
    await poll(db, "arxiv-oai", [{ ...withdrawn, license: "CC0" }], { now: tuesday });
    const paper = await paperOf(db, "doi:10.1000/182");
    expect(paper).toMatchObject({
      arxivId: "2606.00001",
      doi: "10.1000/182",
      withdrawnAt: tuesday,
      publishedAt: tuesday,
    });
    const types = await eventTypes(db, paper.id);
    expect(types.filter((type) => type === "paper.published")).toHaveLength(1);
    expect(types.filter((type) => type === "paper.withdrawn")).toHaveLength(1);
  });

  test("a feed cannot claim, withdraw or rewrite another's paper", async ({ db }) => {
    await poll(db, "arxiv-rss", [distillation]);
    const claim: Listing = {
      ...distillation,
      key: "https://blog.example/1",
      url: "https://blog.example/1",
      title: "Buy our parser",
      abstract: "It is the best parser that money can buy.",
      authors: [{ name: "Mal Lory" }],
      doi: "10.9999/claimed",
      withdrawn: true,
    };
    await poll(db, "feed", [claim], { now: tuesday });
    const paper = await paperOf(db, "arxiv:2606.00001");
    expect(paper).toMatchObject({
      title: distillation.title,
      abstract: distillation.abstract,
      doi: null,
      withdrawnAt: null,
    });
    expect(await papers.resolve(db, ["doi:10.9999/claimed"])).not.toBe(paper.id);
  });

  test("a listing that proves two new papers of its own chunk to be one leaves one", async ({ db }) => {
    const { arxivId, version: _, announceType: __, ...plain } = distillation;
    const left: Listing = { ...plain, key: "W1", title: "Trees that teach trees", doi: "10.1000/one" };
    const right: Listing = { ...plain, key: "W2", arxivId: arxivId ?? "" };
    const both: Listing = { ...right, key: "W3", doi: "10.1000/one" };
    await poll(db, "openalex", [left, right, both]);
    expect(await papers.count(db)).toBe(1);
    expect((await paperOf(db, "doi:10.1000/one")).id).toBe((await paperOf(db, "arxiv:2606.00001")).id);
  });

  test("a long payload knows what its listings before said, wherever it is cut", async ({ db }) => {
    const { arxivId, version: _, announceType: __, ...plain } = distillation;
    const left: Listing = { ...plain, key: "W1", title: "Trees that teach trees", doi: "10.1000/one" };
    const right: Listing = { ...plain, key: "W2", arxivId: arxivId ?? "" };
    const both: Listing = { ...right, key: "W3", doi: "10.1000/one" };
    const again: Listing = { ...both, key: "W4", categories: ["cs.LG"] };
    for (const gap of [1, 90, 250, 260, 510]) {
      const named = (listing: Listing): Listing => ({
        ...listing,
        key: `${listing.key}-${gap}`,
        ...(listing.doi === undefined ? {} : { doi: `${listing.doi}.${gap}` }),
        ...(listing.arxivId === undefined ? {} : { arxivId: `2606.${10_000 + gap}` }),
        title: `${listing.title} ${numeral(gap)}`,
      });
      const { doi: _doi, url: _url, ...unnamed } = inJournal;
      const likely = named({ ...unnamed, key: "likely" });
      const payload = [left, right, both, again]
        .map(named)
        .flatMap((listing, at) => [listing, ...others(gap, `${gap}-${at}`)]);
      const counts = await poll(db, "openalex", [...payload, likely]);
      expect(counts).toMatchObject({ listed: 4 * gap + 5, newPapers: 4 * gap + 2, known: 1, merged: 2 });
      const paper = await paperOf(db, `doi:10.1000/one.${gap}`);
      expect((await paperOf(db, `arxiv:2606.${10_000 + gap}`)).id).toBe(paper.id);
      expect(paper.categories).toEqual(["cs.CL", "cs.LG"]);
      expect((await paperOf(db, `listing:openalex:likely-${gap}`)).id).toBe(paper.id);
    }
  });

  test("an entry that a payload has twice is one listing", async ({ db }) => {
    const again: Listing = { ...distillation, announceType: "cross", categories: ["cs.CL", "cs.LG"] };
    expect(await poll(db, "arxiv-rss", [distillation, again])).toMatchObject({ newPapers: 1, known: 1 });
    expect((await paperOf(db, "arxiv:2606.00001")).categories).toEqual(["cs.CL", "cs.LG"]);
  });

  test("an old paper that arrives late enters the archive and is not mailable", async ({ db }) => {
    const { announceType: _, ...plain } = distillation;
    await poll(db, "arxiv-oai", [{ ...plain, published: "2024-01-05T00:00:00Z" }]);
    const paper = await paperOf(db, "arxiv:2606.00001");
    expect(await matches.openAnnouncements(db, [paper.id])).toEqual([]);
    await poll(db, "crossref", [inJournal], { now: tuesday, firstImport: true });
    expect(await matches.openAnnouncements(db, [paper.id])).toEqual([]);
  });
});

describe("likeness", () => {
  test("a journal's record without a shared identifier joins the preprint and says why", async ({ db }) => {
    await poll(db, "arxiv-rss", [distillation]);
    expect(await poll(db, "crossref", [inJournal], { now: tuesday })).toMatchObject({
      merged: 1,
      newPapers: 0,
    });
    const paper = await paperOf(db, "arxiv:2606.00001");
    expect((await paperOf(db, "doi:10.5555/jlm.2026.17")).id).toBe(paper.id);
    const [decision] = await merges.ofPaper(db, paper.id);
    expect(decision).toMatchObject({ kept: paper.id, state: "merged" });
    expect(decision?.because.join(" ")).toMatch(/titles .* authors/is);
    expect(await eventTypes(db, paper.id)).toContain("paper.merged");
    expect(await papers.count(db)).toBe(1);
  });

  test("a pair below certainty is a candidate and stays two papers until a person joins them", async ({
    db,
  }) => {
    await poll(db, "arxiv-rss", [distillation]);
    await poll(db, "crossref", [{ ...inJournal, title: `${inJournal.title}, Part II` }], { now: tuesday });
    expect(await papers.count(db)).toBe(2);
    const [candidate] = await merges.candidates(db, 10);
    expect(candidate?.because.join(" ")).not.toBe("");
    const preprint = await paperOf(db, "arxiv:2606.00001");
    const joined = await mergePapers(db, candidate?.gone ?? "", candidate?.kept ?? "", tuesday);
    expect(joined.kept).toBe(preprint.id);
    expect(await merges.candidates(db, 10)).toEqual([]);
    expect((await paperOf(db, "doi:10.5555/jlm.2026.17")).id).toBe(preprint.id);
  });

  test("two papers with arXiv ids are never joined, also not by hand", async ({ db }) => {
    const twin: Listing = { ...distillation, key: "2606.00002", arxivId: "2606.00002" };
    await poll(db, "arxiv-rss", [distillation, twin]);
    const [one, other] = [await paperOf(db, "arxiv:2606.00001"), await paperOf(db, "arxiv:2606.00002")];
    expect(one.id).not.toBe(other.id);
    await expect(mergePapers(db, one.id, other.id, tuesday)).rejects.toThrow("two arXiv ids");
  });

  test("a split undoes a joining, is an event, and the pair is never joined again", async ({ db }) => {
    await poll(db, "arxiv-rss", [distillation]);
    await poll(db, "crossref", [inJournal], { now: tuesday });
    const preprint = await paperOf(db, "arxiv:2606.00001");
    const undone = await splitPaper(db, preprint.id, tuesday);
    expect(undone?.kept).toBe(preprint.id);
    const journal = await paperOf(db, "doi:10.5555/jlm.2026.17");
    expect(journal).toMatchObject({ id: undone?.gone, mergedInto: null, abstract: inJournal.abstract });
    const cards = await digests.cardsOf(db, [preprint.id, journal.id]);
    expect(new Map(cards.map((card) => [card.id, card.homes.map(({ home }) => home)]))).toEqual(
      new Map([
        [preprint.id, ["arxiv"]],
        [journal.id, ["crossref"]],
      ]),
    );
    expect((await papers.eventsOf(db, preprint.id)).at(-1)).toMatchObject({
      type: "paper.merged",
      data: { undone: true },
    });
    await poll(db, "crossref", [{ ...inJournal, license: "CC BY" }], { now: tuesday });
    await poll(db, "pubmed", [{ ...inJournal, key: "1", doi: "10.5555/jlm.2026.17", ids: ["pmid:1"] }], {
      now: tuesday,
    });
    expect(await papers.count(db)).toBe(2);
    expect((await paperOf(db, "pmid:1")).id).toBe(journal.id);
    expect(await splitPaper(db, preprint.id, tuesday)).toBeUndefined();
  });
});

describe("what was mailed stays mailed", () => {
  for (const [name, mailedKey, otherKey] of [
    ["the preprint", "arxiv:2606.00001", "doi:10.5555/jlm.2026.17"],
    ["the journal's record", "doi:10.5555/jlm.2026.17", "arxiv:2606.00001"],
  ] as const) {
    test(`joining two papers after ${name} was mailed never mails the other`, async ({ db }) => {
      const reader = await readerWanting(db, "distilling");
      await poll(db, "arxiv-rss", [distillation]);
      const other = { ...inJournal, title: `${inJournal.title}, Part II` };
      await poll(db, "crossref", [other], { now: tuesday });
      const mailed = await paperOf(db, mailedKey);
      await matchAll(db, reader, [mailed.id], monday);
      expect(await mailedBy(db, reader.id, tuesday)).toEqual([mailed.id]);

      const { kept } = await mergePapers(db, mailed.id, (await paperOf(db, otherKey)).id, tuesday);
      await matchAll(db, reader, [kept], tuesday);
      expect(await mailedBy(db, reader.id, new Date("2026-06-10T06:00:00Z"))).toEqual([]);
      expect(await isMailed(db, reader.id, mailed.id)).toBe(true);
      expect(await isMailed(db, reader.id, (await papers.resolve(db, [otherKey])) ?? "")).toBe(true);

      const undone = await splitPaper(db, kept, tuesday);
      await matchAll(
        db,
        reader,
        [undone?.gone ?? "", undone?.kept ?? ""],
        new Date("2026-06-10T06:00:00Z"),
        "again",
      );
      expect(await mailedBy(db, reader.id, new Date("2026-06-11T06:00:00Z"))).toEqual([]);
    });
  }

  test("a match that was waiting for its digest is not lost when its paper becomes another", async ({
    db,
  }) => {
    const reader = await readerWanting(db, "distilling");
    await poll(db, "crossref", [{ ...inJournal, title: `${inJournal.title}, Part II` }]);
    const journal = await paperOf(db, "doi:10.5555/jlm.2026.17");
    await matchAll(db, reader, [journal.id], monday);
    await poll(db, "arxiv-oai", [distillation], { now: monday });
    const { kept } = await mergePapers(db, journal.id, (await paperOf(db, "arxiv:2606.00001")).id, monday);
    expect(await mailedBy(db, reader.id, tuesday)).toEqual([kept]);
  });
});

interface ReaderWithQuery {
  readonly id: string;
  readonly queryId: number;
}

async function readerWanting(db: Db, query: string): Promise<ReaderWithQuery> {
  const reader = await db
    .insertInto("readers")
    .values({
      email: "ada@example.org",
      confirmedAt: monday,
      nextDigestAt: tuesday,
      at: "06:00",
      createdAt: monday,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const row = await db
    .insertInto("queries")
    .values({ hash: query, text: query, rev: 1 })
    .returning("id")
    .executeTakeFirstOrThrow();
  await db
    .insertInto("subscriptions")
    .values({
      readerId: reader.id,
      name: "parsers",
      query,
      queryId: row.id,
      createdAt: monday,
      changedAt: monday,
    })
    .execute();
  return { id: reader.id, queryId: row.id };
}

async function matchAll(
  db: Db,
  reader: ReaderWithQuery,
  ids: readonly string[],
  at: Date,
  occasion = "new",
): Promise<void> {
  await db.transaction().execute((trx) =>
    matches.insertNew(
      trx,
      ids.map((paperId) => ({
        paperId,
        occasion: `${occasion}:${at.toISOString()}`,
        queryIds: [reader.queryId],
        late: false,
      })),
      at,
    ),
  );
}

/** Composes what is due and returns the papers that the new digest holds. */
async function mailedBy(db: Db, readerId: string, now: Date): Promise<string[]> {
  const upTo = await matches.number(db);
  await db
    .transaction()
    .execute((trx) => composeDue(trx, [readerId], { channel: "outbox", maxBatch: 50, now, upTo }));
  const rows = await db
    .selectFrom("digestPapers")
    .innerJoin("digests", "digests.id", "digestPapers.digestId")
    .select("digestPapers.paperId")
    .where("digests.readerId", "=", readerId)
    .where("digests.frozenAt", "=", now)
    .where("digestPapers.state", "=", "in")
    .orderBy("rank")
    .execute();
  expect((await readers.findById(db, readerId))?.nextDigestAt?.getTime()).toBeGreaterThan(now.getTime());
  return rows.map((row) => row.paperId);
}

async function isMailed(db: Db, readerId: string, paperId: string): Promise<boolean> {
  return (await digests.mailedAmong(db, [readerId], [paperId])).size > 0;
}

/** How many rows each table that ingest writes has. */
async function everyRow(db: Db): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [
    "papers",
    "paperKeys",
    "paperBlocks",
    "listings",
    "versions",
    "homes",
    "announcements",
    "events",
    "outbox",
  ] as const) {
    const row = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    counts[table] = row.count;
  }
  expect(await outbox.openWork(db)).toMatchObject({ failed: 0 });
  return counts;
}
