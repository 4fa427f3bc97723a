import type {
  Trail,
  TrailDelivery,
  TrailDigest,
  TrailEntry,
  TrailListing,
  TrailMatch,
  TrailOccasion,
} from "@paperwire/db/trail.ts";
import { expect, test } from "vitest";
import { type JudgedInterest, type WhyFacts, whyNot } from "./why-not.ts";
import { trailSteps } from "./why-trail.ts";

const at = (text: string) => new Date(`2026-06-${text}Z`);

const listing: TrailListing = {
  sourceId: "arxiv-cs.CL",
  key: "2606.01234",
  url: null,
  announceType: "new",
  announcedOn: "2026-06-16",
  version: 1,
  said: { key: "2606.01234", title: "A title", authors: [], categories: ["cs.CL"] },
  firstSeen: at("16T05:00:00"),
  lastSeen: at("16T05:00:00"),
  establishedAt: at("10T05:00:00"),
};
const occasion: TrailOccasion = {
  occasion: "day:2026-06-16",
  sourceId: "arxiv-cs.CL",
  at: at("16T05:00:00"),
  late: false,
  matchedAt: at("16T05:01:00"),
};
const match: TrailMatch = {
  occasion: "day:2026-06-16",
  queryIds: [7],
  onlyFor: null,
  late: false,
  at: at("16T05:01:00"),
  seq: 5,
};
const interest: JudgedInterest = {
  id: "interest",
  name: "Language",
  queryId: 7,
  cadence: "digest",
  changedAt: at("01T00:00:00"),
  matches: true,
  detail: "asks for it: because you follow cs.CL",
};
const digest: TrailDigest = {
  id: "digest",
  period: "2026-06-16",
  dueAt: at("16T06:00:00"),
  frozenAt: at("16T06:00:00"),
  fromSeq: 0,
  toSeq: 9,
  state: "frozen",
  because: null,
};
const entry: TrailEntry = {
  digestId: "digest",
  state: "in",
  rank: 1,
  score: 2.5,
  reasons: [{ subscriptionName: "Language" }],
  papers: 4,
};
const delivery: TrailDelivery = {
  id: "delivery",
  digestId: "digest",
  channel: "smtp",
  state: "accepted",
  providerState: null,
  because: null,
  batchId: "batch",
  createdAt: at("16T06:00:00"),
  settledAt: at("16T06:00:10"),
};
const reader: WhyFacts["reader"] = {
  confirmedAt: at("01T00:00:00"),
  unsubscribedAt: null,
  pausedAt: null,
  pausedUntil: null,
  maxPapers: 20,
  horizon: 4,
  instantHorizon: 4,
  nextDigestAt: at("16T06:00:00"),
  heldUntil: null,
  zone: "Europe/Prague",
  at: "08:00",
};

/** A paper that was listed, matched and waits, but for what the case changes. */
function verdict(
  change: {
    reader?: Partial<WhyFacts["reader"]>;
    trail?: Partial<Trail>;
    interests?: JudgedInterest[];
    suppression?: WhyFacts["suppression"];
  } = {},
) {
  const trail: Trail = {
    listings: [listing],
    versions: [],
    topics: [],
    merges: [],
    occasions: [occasion],
    matches: [match],
    entries: [],
    digests: [],
    deliveries: [],
    attempts: [],
    ...change.trail,
  };
  return whyNot({
    reader: { ...reader, ...change.reader },
    interests: change.interests ?? [interest],
    trail,
    now: at("16T05:30:00"),
    ...(change.suppression === undefined ? {} : { suppression: change.suppression }),
  });
}

const mailed = { entries: [entry], digests: [digest], deliveries: [delivery] };

test("a paper in an accepted digest says which digest, which place and which channel", () => {
  expect(verdict({ trail: mailed })).toEqual({
    verdict: "accepted",
    because: "It is number 2 of 4 in the digest of 2026-06-16. The smtp channel accepted it.",
  });
});

test("what the digest's delivery came to is the verdict, with its reason", () => {
  const came = (state: string, because: string | null, released = false) =>
    verdict({
      trail: {
        ...mailed,
        entries: [{ ...entry, state: released ? "released" : "in" }],
        deliveries: [{ ...delivery, state, because }],
      },
    });
  expect(came("uncertain", "no answer after the last dot")).toMatchObject({
    verdict: "uncertain",
    because: expect.stringContaining("no answer after the last dot"),
  });
  expect(came("rejected", "550 no such user", true).because).toMatch(
    /550 no such user.*free for another digest/,
  );
  expect(came("skipped", "the reader has unsubscribed", true).verdict).toBe("skipped");
  expect(came("deferred", "421 later").because).toContain("asked again");
  expect(verdict({ trail: { ...mailed, deliveries: [] } }).verdict).toBe("pending");
  expect(
    verdict({ trail: { ...mailed, deliveries: [{ ...delivery, providerState: "bounced" }] } }).because,
  ).toContain("bounced");
});

test("over the cap is not the same as not matched, and a place in a digest counts before it", () => {
  const over: TrailEntry = { ...entry, state: "over-cap", rank: 9 };
  expect(verdict({ trail: { ...mailed, entries: [over] } })).toMatchObject({
    verdict: "over-cap",
    because: expect.stringContaining("20"),
  });
  expect(verdict({ trail: { ...mailed, entries: [entry, { ...over, digestId: "another" }] } }).verdict).toBe(
    "accepted",
  );
});

test("a matched paper whose digest is to come names the hour", () => {
  expect(verdict()).toMatchObject({
    verdict: "waiting",
    because: expect.stringMatching(/“Language”.*2026-06-16T06:00:00.000Z \(08:00 Europe\/Prague\)/),
  });
  expect(verdict({ trail: { matches: [{ ...match, seq: null }] }, reader: { horizon: 99 } }).verdict).toBe(
    "waiting",
  );
});

test("no interest asks for it: the missing part is said", () => {
  const other = { ...interest, matches: false, detail: "does not ask for it; missing is ‹cat:cs.IT›" };
  expect(verdict({ interests: [other] })).toMatchObject({
    verdict: "no-match",
    because: expect.stringContaining("‹cat:cs.IT›"),
  });
  expect(verdict({ interests: [] }).verdict).toBe("no-match");
  expect(verdict({ interests: [{ ...interest, cadence: "paused" }] })).toMatchObject({
    verdict: "paused",
    because: expect.stringContaining("switched off"),
  });
});

test("a listing that is never mailed says which rule kept it back", () => {
  const kept = (change: Partial<TrailListing>) =>
    verdict({ trail: { occasions: [], matches: [], listings: [{ ...listing, ...change }] } });
  expect(kept({ announceType: "replace-cross" })).toMatchObject({
    verdict: "not-mailable",
    because: expect.stringContaining("new version"),
  });
  const first = { firstSeen: at("16T05:00:00"), establishedAt: at("16T05:00:00") };
  expect(kept({ ...first, announcedOn: "2026-06-12" }).because).toContain("more than 72 hours before");
  expect(kept({ ...first, announcedOn: null, announceType: null }).because).toContain("without a date");
  expect(kept({ announceType: null, announcedOn: null }).because).toContain("not new");
});

test("an interest that came after the paper was matched says so", () => {
  const late = { ...interest, changedAt: at("18T00:00:00") };
  expect(verdict({ interests: [late], trail: { matches: [] } })).toMatchObject({
    verdict: "before-interest",
    because: expect.stringContaining("2026-06-18"),
  });
  expect(verdict({ trail: { matches: [] } }).because).toContain("have changed since");
  expect(
    verdict({
      interests: [{ ...interest, id: "other" }],
      trail: { matches: [{ ...match, onlyFor: "interest" }] },
    }).verdict,
  ).toBe("no-match");
});

test("what holds for the reader speaks before what holds for the paper, unless the paper had its turn", () => {
  const other = { ...interest, matches: false };
  expect(verdict({ reader: { confirmedAt: null }, interests: [other] }).verdict).toBe("unconfirmed");
  expect(verdict({ reader: { unsubscribedAt: at("15T00:00:00") }, interests: [other] }).verdict).toBe(
    "unsubscribed",
  );
  expect(verdict({ suppression: { because: "it bounced", at: at("15T00:00:00") } })).toMatchObject({
    verdict: "suppressed",
    because: expect.stringContaining("it bounced"),
  });
  const passed = { trail: { digests: [digest] }, interests: [other] };
  expect(verdict({ reader: { unsubscribedAt: at("17T00:00:00") }, ...passed }).verdict).toBe("no-match");
});

test("a pause holds what has not had its turn, until it ends", () => {
  expect(verdict({ reader: { pausedAt: at("15T00:00:00") } }).verdict).toBe("paused");
  expect(verdict({ reader: { pausedAt: at("15T00:00:00"), pausedUntil: at("16T05:00:00") } }).verdict).toBe(
    "waiting",
  );
});

test("a turn that is over without the paper names the digest that was skipped, or the new beginning", () => {
  const over = { reader: { horizon: 9 } };
  expect(
    verdict({
      ...over,
      trail: { digests: [{ ...digest, state: "skipped", because: "the reader has paused" }] },
    }),
  ).toMatchObject({ verdict: "period-skipped", because: expect.stringContaining("the reader has paused") });
  expect(verdict({ ...over, trail: { digests: [{ ...digest, fromSeq: 6 }] } }).verdict).toBe("passed-over");
});

test("a paper that is still in the pipeline says so", () => {
  expect(verdict({ trail: { occasions: [{ ...occasion, matchedAt: null }], matches: [] } }).verdict).toBe(
    "not-matched-yet",
  );
});

test("the trail runs from the first listing to the mail", () => {
  const trail: Trail = {
    listings: [listing],
    versions: [],
    topics: [],
    merges: [],
    occasions: [occasion],
    matches: [match],
    attempts: [],
    ...mailed,
  };
  const steps = trailSteps({ reader, interests: [interest], trail, now: at("17T00:00:00") });
  expect(steps.map((one) => one.what)).toEqual([
    "interest",
    "reader",
    "listed",
    "occasion",
    "matched",
    "digest",
    "delivery",
  ]);
  expect(steps.at(-2)?.detail).toBe("2026-06-16 frozen, as number 2 of 4, score 2.50, for “Language”");
});
