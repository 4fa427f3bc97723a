import { expect, test } from "vitest";
import { spanOfDay } from "./receipt-days.ts";
import { type ReceiptFacts, receiptOf } from "./receipts.ts";

const monday = "2026-06-08";

function facts(change: Partial<ReceiptFacts> = {}): ReceiptFacts {
  const day = change.day ?? monday;
  return {
    day,
    now: new Date("2026-06-08T12:00:00Z"),
    calendar: "arxiv",
    form: "dated",
    since: new Date("2026-06-01T00:00:00Z"),
    span: spanOfDay(day, "arxiv"),
    listings: [],
    polls: { good: 1, bad: 0 },
    checks: [],
    ...change,
  };
}

const three = [
  { key: "2606.00001", type: "new" as const, late: false },
  { key: "2606.00002", type: "cross" as const, late: false },
  { key: "2401.00009", type: "replace" as const, late: false },
];

test("a list whose rows are all there is complete, with its kinds counted", () => {
  expect(receiptOf(facts({ listings: three, counted: 3 }))).toMatchObject({
    state: "complete",
    announced: 3,
    ingested: 3,
    missing: 0,
    fresh: 1,
    crossed: 1,
    replaced: 1,
    late: 0,
  });
});

test("a weekend and a deferred day are complete with nothing, because the calendar says so", () => {
  for (const day of ["2026-06-13", "2026-06-14", "2026-11-27"]) {
    expect(receiptOf(facts({ day, now: new Date("2026-12-01T00:00:00Z") })), day).toMatchObject({
      state: "complete",
      ingested: 0,
    });
  }
});

test.each([
  ["is stale when it still shows an earlier list", { polls: { good: 3, bad: 1 } }, "stale"],
  ["is failed when no poll succeeded", { polls: { good: 0, bad: 4, because: "503" } }, "failed"],
  ["is unknown when nobody asked", { polls: { good: 0, bad: 0 } }, "unknown"],
  ["is unknown before its list is due", { now: new Date("2026-06-08T04:30:00Z") }, "unknown"],
  ["is unknown before the source was added", { since: new Date("2026-06-10T00:00:00Z") }, "unknown"],
  ["is stale when the list is empty and never is", { counted: 0, usual: 120 }, "stale"],
  ["is unknown when the list is empty and often is", { counted: 0, usual: 1 }, "unknown"],
  ["is stale when the list was seen to be an older one", { staleBecause: "It is older." }, "stale"],
] satisfies [string, Partial<ReceiptFacts>, string][])(
  "a day without listings %s, and is never zero",
  (_, change, state) => {
    const receipt = receiptOf(facts(change));
    expect(receipt.state).toBe(state);
    expect(receipt).not.toHaveProperty("ingested");
    expect(receipt).not.toHaveProperty("announced");
    expect(receipt.because).toMatch(/\.|503/);
  },
);

test("an empty list is complete when another upstream counts nothing either", () => {
  const checks = [{ source: "page", count: 0, keys: [], whole: true }];
  expect(receiptOf(facts({ counted: 0, checks }))).toMatchObject({
    state: "complete",
    announced: 0,
    ingested: 0,
  });
});

test("what the listing page has and the feed has not is missing, by name", () => {
  const checks = [
    { source: "page", count: 5, keys: ["2606.00001", "2606.00002", "2401.00009", "2606.00004"], whole: true },
  ];
  expect(receiptOf(facts({ listings: three, counted: 3, checks }))).toMatchObject({
    state: "partial",
    announced: 5,
    ingested: 3,
    missing: 2,
    missingKeys: ["2606.00004"],
    checkedAgainst: ["page"],
  });
});

test("a list that shares little with the listing page is an older one, whatever its date says", () => {
  const keys = Array.from({ length: 20 }, (_, index) => `2606.1${String(index).padStart(4, "0")}`);
  expect(
    receiptOf(facts({ listings: three, counted: 3, checks: [{ source: "page", keys, whole: true }] })),
  ).toMatchObject({ state: "stale" });
});

test("a cut list is partial and says why", () => {
  expect(receiptOf(facts({ listings: three, counted: 3, cut: "The feed was cut." }))).toMatchObject({
    state: "partial",
    because: "The feed was cut.",
  });
});

test("a day that was harvested afterwards is partial and counts what came late", () => {
  const listings = three.map((listing) => ({ ...listing, late: true }));
  expect(receiptOf(facts({ listings, caughtUpBy: "the API" }))).toMatchObject({
    state: "partial",
    ingested: 3,
    late: 3,
    because: expect.stringMatching(/missed.*the API/),
  });
});

test("a day of a rolling list is complete when it was read, and failed when it could not be", () => {
  const { calendar: _, ...rolling } = facts({
    form: "rolling",
    span: spanOfDay(monday, undefined),
    coveredUntil: new Date("2026-06-08T10:00:00Z"),
  });
  expect(receiptOf(rolling)).toMatchObject({ state: "complete", ingested: 0 });
  expect(
    receiptOf({ ...rolling, coveredUntil: new Date("2026-06-07T10:00:00Z"), polls: { good: 0, bad: 2 } })
      .state,
  ).toBe("failed");
});
