import type { Listing } from "@paperwire/core";
import { createDb, type Db, digests, matches, papers } from "@paperwire/db";
import { mergePapers } from "@paperwire/workers/archive/merging.ts";
import { pickPaper, voteFor } from "@paperwire/workers/archive/picking.ts";
import { announceTrending } from "@paperwire/workers/archive/trend-lists.ts";
import { trendingPapers } from "@paperwire/workers/archive/trending.ts";
import { composeDue } from "@paperwire/workers/digest/compose-due.ts";
import { ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const monday = new Date("2026-06-08T06:00:00Z");
const tuesday = new Date("2026-06-09T06:00:00Z");
const wednesday = new Date("2026-06-10T06:00:00Z");
const titles = [
  "Small parsers",
  "Cosmic dust and its halo",
  "Protein folding without templates",
  "Proofs about queues",
];

function listing(number: number, votes?: number): Listing {
  return {
    key: `2606.0000${number}`,
    arxivId: `2606.0000${number}`,
    title: titles[number] ?? "",
    authors: [{ name: `Author ${"ABCD"[number]}` }],
    categories: ["cs.CL"],
    published: "2026-06-07T10:00:00Z",
    ...(votes === undefined ? {} : { votes, pickedBy: "AK" }),
  };
}

async function poll(db: Db, kindId: string, listings: readonly Listing[], now: Date): Promise<void> {
  const kind = kindById(kindId);
  if (kind === undefined) throw new Error(`no kind ${kindId}`);
  const harvest = { sourceId: kindId, kind, now, firstImport: false, speaks: true };
  await db.transaction().execute((trx) => ingestReading(trx, { listings, warnings: [] }, harvest));
}

async function idOf(db: Db, number: number): Promise<string> {
  return (await papers.resolve(db, [`arxiv:2606.0000${number}`])) ?? "";
}

async function numbersIn(db: Db, from: Date, until: Date): Promise<number[]> {
  return (await trendingPapers(db, from, until, 10)).map((card) => titles.indexOf(card.title));
}

async function addReader(db: Db, email: string): Promise<string> {
  const row = await db
    .insertInto("readers")
    .values({ email, confirmedAt: monday, nextDigestAt: tuesday, at: "06:00", createdAt: monday })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

test("the list of a span ranks by attention inside it, and stays as it was", async ({ db }) => {
  await poll(
    db,
    "arxiv-oai",
    [0, 1, 2, 3].map((number) => listing(number)),
    monday,
  );
  await poll(db, "hf-daily", [listing(0, 5), listing(1, 80), listing(2, 20)], monday);
  const span = [new Date("2026-06-08T00:00:00Z"), new Date("2026-06-09T00:00:00Z")] as const;
  expect(await numbersIn(db, ...span)).toEqual([1, 2, 0]);
  await poll(db, "hf-daily", [listing(0, 500)], wednesday);
  await pickPaper(db, await idOf(db, 3), "Bo", wednesday);
  expect(await numbersIn(db, ...span)).toEqual([1, 2, 0]);
  expect((await numbersIn(db, wednesday, new Date(wednesday.getTime() + 1))).toSorted()).toEqual([0, 3]);
});

test("a paper that enters a list is an event, once for it and the list, whoever looks", async ({
  db,
  databaseUrl,
}) => {
  await poll(
    db,
    "arxiv-oai",
    [0, 1, 2, 3].map((number) => listing(number)),
    monday,
  );
  await poll(db, "hf-daily", [listing(0, 5), listing(1, 80)], monday);
  const entered = async (number: number) => {
    const events = await papers.eventsOf(db, await idOf(db, number));
    return events.flatMap(({ type, data }) => (type === "paper.trending" && data.list ? [data.list] : []));
  };
  const other = createDb({ url: databaseUrl, max: 2, applicationName: "test" });
  try {
    // Two processes at once, and again.
    const counts = await Promise.all([announceTrending(db, monday), announceTrending(other, monday)]);
    expect(counts[0] + counts[1]).toBe(4);
    expect(await announceTrending(db, monday)).toBe(0);
    expect(await announceTrending(other, monday)).toBe(0);
  } finally {
    await other.destroy();
  }
  expect((await entered(1)).toSorted()).toEqual(["2026-06-08", "2026-W24"]);
  expect(await entered(3)).toEqual([]);
  // The next day has a list of its own; the week's goes on.
  await pickPaper(db, await idOf(db, 3), "Bo", tuesday);
  await pickPaper(db, await idOf(db, 1), "Bo", tuesday);
  expect(await announceTrending(db, tuesday)).toBe(3);
  expect((await entered(3)).toSorted()).toEqual(["2026-06-09", "2026-W24"]);
  expect((await entered(1)).toSorted()).toEqual(["2026-06-08", "2026-06-09", "2026-W24"]);
  expect(await announceTrending(db, wednesday)).toBe(0);
});

test("lists of long ago announce nothing, and a merge does not announce a list again", async ({ db }) => {
  const { arxivId: _, ...journal } = { ...listing(2, 9), key: "10.5555/t", doi: "10.5555/t" };
  await poll(db, "hf-daily", [{ ...listing(0, 50), listedOn: "2026-05-01" }], monday);
  expect(await announceTrending(db, monday)).toBe(0);
  await poll(db, "hf-daily", [{ ...journal, title: "A study of queues in trees" }], monday);
  expect(await announceTrending(db, monday)).toBe(2);
  await poll(db, "arxiv-oai", [{ ...listing(3), title: "Dust, seen from inside" }], monday);
  const [kept, gone] = [await idOf(db, 3), (await papers.resolve(db, ["doi:10.5555/t"])) ?? ""];
  await mergePapers(db, kept, gone, monday);
  expect((await papers.findById(db, gone))?.mergedInto).toBe(kept);
  expect(await announceTrending(db, new Date(monday.getTime() + 1))).toBe(0);
});

test("a vote counts once a reader, raises the trend, and can be taken back", async ({ db }) => {
  await poll(db, "arxiv-oai", [listing(0)], monday);
  const id = await idOf(db, 0);
  const [ada, bo] = [await addReader(db, "ada@example.org"), await addReader(db, "bo@example.org")];
  const trend = async () => (await papers.findById(db, id))?.trend ?? 0;
  expect(await voteFor(db, { readerId: ada, paperId: id, wants: true }, monday)).toBe(1);
  const one = await trend();
  expect(await voteFor(db, { readerId: ada, paperId: id, wants: true }, tuesday)).toBe(1);
  expect(await trend()).toBe(one);
  expect(await voteFor(db, { readerId: bo, paperId: id, wants: true }, tuesday)).toBe(2);
  expect(await trend()).toBeGreaterThan(one);
  expect((await digests.cardsOf(db, [id]))[0]?.votes).toBe(2);
  expect(await voteFor(db, { readerId: ada, paperId: id, wants: false }, tuesday)).toBe(1);
  expect(await voteFor(db, { readerId: bo, paperId: id, wants: false }, tuesday)).toBe(0);
  expect(await trend()).toBe(0);
});

test("a pick is an occasion and an event, once for a curator", async ({ db }) => {
  await poll(db, "arxiv-oai", [{ ...listing(0), published: "2024-01-05T00:00:00Z" }], monday);
  const id = await idOf(db, 0);
  expect(await matches.openAnnouncements(db, [id])).toEqual([]);
  expect(await pickPaper(db, id, "Ada", tuesday)).toBe(true);
  expect(await pickPaper(db, id, "Ada", wednesday)).toBe(false);
  expect(await matches.openAnnouncements(db, [id])).toMatchObject([{ occasion: "pick:Ada:2026-06-09" }]);
  expect((await papers.findById(db, id))?.pickedBy).toEqual(["Ada"]);
  const events = await papers.eventsOf(db, id);
  expect(events.filter(({ data }) => data.pickedBy === "Ada")).toHaveLength(1);
});

test("a subscription to the top mails the period's most noticed papers, each once", async ({ db }) => {
  await poll(
    db,
    "arxiv-oai",
    [0, 1, 2, 3].map((number) => listing(number)),
    monday,
  );
  await poll(
    db,
    "hf-daily",
    [listing(0, 5), listing(1, 80), listing(2, 20)],
    new Date("2026-06-08T12:00:00Z"),
  );
  const reader = await addReader(db, "ada@example.org");
  await db
    .insertInto("subscriptions")
    .values({ readerId: reader, name: "Top 2", trending: 2, createdAt: monday, changedAt: monday })
    .execute();
  expect(await mailed(db, reader, tuesday)).toEqual([1, 2]);
  // Votes of the day before are no attention of this period; a pick is.
  await pickPaper(db, await idOf(db, 3), "Bo", new Date("2026-06-09T12:00:00Z"));
  expect(await mailed(db, reader, wednesday)).toEqual([3]);
});

async function mailed(db: Db, readerId: string, now: Date): Promise<number[]> {
  const upTo = await matches.number(db);
  await db
    .transaction()
    .execute((trx) => composeDue(trx, [readerId], { channel: "outbox", maxBatch: 50, now, upTo }));
  const rows = await db
    .selectFrom("digestPapers")
    .innerJoin("digests", "digests.id", "digestPapers.digestId")
    .innerJoin("papers", "papers.id", "digestPapers.paperId")
    .select("papers.title")
    .where("digests.frozenAt", "=", now)
    .orderBy("rank")
    .execute();
  return rows.map(({ title }) => titles.indexOf(title)).sort();
}
