import type { Listing, Reading } from "@paperwire/core";
import { type Db, receipts, sources } from "@paperwire/db";
import { datedRightly } from "@paperwire/workers/receipts/note-reading.ts";
import { arxivRss } from "@paperwire/workers/sources/arxiv-rss.ts";
import { describe, expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const now = new Date("2026-06-17T06:00:00Z");
const poll = {
  sourceId: "cs.CV",
  kind: arxivRss,
  scope: ["cs.CV"],
  now,
  createdAt: new Date("2026-06-01"),
  firstImport: false,
};

function keysFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `2606.${String(first + index).padStart(5, "0")}`);
}

function listOf(keys: readonly string[], date: string): Reading {
  const listings = keys.map(
    (key): Listing =>
      ({
        key,
        title: `On ${key}`,
        authors: [],
        categories: ["cs.CV"],
        announceType: "new",
      }) as unknown as Listing,
  );
  return { listings, warnings: [], date };
}

async function listed(db: Db, sourceId: string, day: string, keys: readonly string[]): Promise<void> {
  const rows = keys.map((key) => ({
    sourceId,
    category: sourceId,
    day,
    key,
    announceType: "new" as const,
    late: false,
    seenAt: now,
  }));
  await db.transaction().execute((trx) => receipts.noteListings(trx, rows));
}

async function addSources(db: Db): Promise<void> {
  for (const id of ["cs.CV", "cs.CL"])
    await sources.insertNew(db, {
      id,
      url: `https://rss.arxiv.org/rss/${id}`,
      kind: "arxiv-rss",
      nextFetchAt: now,
      createdAt: new Date("2026-06-01"),
    });
}

describe("an older list under Wednesday's date", () => {
  const tuesday = keysFrom(20_000, 30);
  const whole = listOf(tuesday, "2026-06-17");

  test("is Tuesday's where Tuesday's is known", async ({ db }) => {
    await addSources(db);
    await listed(db, "cs.CV", "2026-06-16", tuesday);
    const dated = await db.transaction().execute((trx) => datedRightly(trx, whole, poll));
    expect(dated.date).toBe("2026-06-16");
  });

  test("is of no day where Tuesday was missed: it must not count for Monday", async ({ db }) => {
    await addSources(db);
    await listed(db, "cs.CV", "2026-06-15", keysFrom(10_000, 30));
    await listed(db, "cs.CL", "2026-06-17", keysFrom(30_000, 30));
    const dated = await db.transaction().execute((trx) => datedRightly(trx, whole, poll));
    expect(dated).not.toHaveProperty("date");
    expect(dated.listings).toEqual(whole.listings);
  });

  test("is Wednesday's own where nothing speaks against it", async ({ db }) => {
    await addSources(db);
    await listed(db, "cs.CV", "2026-06-15", keysFrom(10_000, 30));
    await listed(db, "cs.CL", "2026-06-17", keysFrom(19_000, 30));
    const dated = await db.transaction().execute((trx) => datedRightly(trx, whole, poll));
    expect(dated.date).toBe("2026-06-17");
  });
});
