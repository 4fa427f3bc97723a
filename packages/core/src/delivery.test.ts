import { expect, test } from "vitest";
import {
  type Attempt,
  deliveryEvents,
  deliveryStates,
  isTooLate,
  KEY_LIFE_MS,
  keyIsAlive,
  MAX_ATTEMPTS,
  nextDeliveryState,
  nextStep,
  releasesPapers,
} from "./delivery.ts";
import type { BatchOutcome } from "./outcome.ts";

const startedAt = new Date("2026-06-08T06:00:00Z");
const now = new Date("2026-06-08T06:00:10Z");
const first: Attempt = { size: 4, keyed: true, startedAt, burned: 0, doubts: 0 };
const doubted: Attempt = { ...first, ambiguousSince: new Date("2026-06-08T05:00:00Z"), doubts: 1 };

const accepted: BatchOutcome = {
  kind: "answered",
  members: Array.from({ length: 4 }, () => ({ kind: "accepted" })),
};
const refused: BatchOutcome = { kind: "rejected", scope: "message", reason: "no" };
const barred: BatchOutcome = { kind: "rejected", scope: "sender", reason: "key" };
const limited: BatchOutcome = {
  kind: "deferred",
  delayMs: 1000,
  burnsAttempt: false,
  reason: "slow",
  pausesSender: true,
};
const greylisted: BatchOutcome = { kind: "deferred", delayMs: 1000, burnsAttempt: true, reason: "later" };
const silent: BatchOutcome = { kind: "uncertain", reason: "silence" };
const parked: BatchOutcome = { kind: "uncertain", reason: "changed", park: true };

test("a delivery makes exactly the moves of this table", () => {
  const table = deliveryStates.map((state) =>
    [state, ...deliveryEvents.map((event) => nextDeliveryState(state, event) ?? "-")].join(" "),
  );
  expect([["", ...deliveryEvents].join(" "), ...table]).toEqual([
    " claim release defer accept reject doubt skip resend",
    "pending claimed - - - - - skipped -",
    "claimed - pending deferred accepted rejected uncertain skipped -",
    "deferred claimed - - - - - skipped -",
    "accepted - - - - - - - -",
    "rejected - - - - - - - -",
    "uncertain - - - accepted rejected - - pending",
    "skipped - - - - - - - -",
  ]);
});

test("papers are free again only where nothing went out", () => {
  expect(deliveryStates.filter(releasesPapers)).toEqual(["rejected", "skipped"]);
});

test("a batch does exactly this after a first attempt", () => {
  expect(nextStep(first, accepted, now).do).toBe("settle");
  expect(nextStep(first, refused, now)).toMatchObject({ do: "split", sizes: [2, 2] });
  expect(nextStep(first, barred, now)).toMatchObject({ do: "reopen", alert: true, burned: 0 });
  expect(nextStep(first, limited, now)).toMatchObject({
    do: "reopen",
    burned: 0,
    retryAt: new Date(now.getTime() + 1000),
    pauseSenderUntil: new Date(now.getTime() + 1000),
    alert: false,
  });
  expect(nextStep(first, greylisted, now)).toMatchObject({ do: "reopen", burned: 1 });
  expect(nextStep(first, silent, now)).toMatchObject({ do: "seal", ambiguousSince: startedAt, doubts: 1 });
  expect(nextStep(first, parked, now).do).toBe("give-up");
});

test("a batch does exactly this once an earlier attempt was ambiguous", () => {
  expect(nextStep(doubted, accepted, now).do).toBe("settle");
  expect(nextStep(doubted, refused, now)).toMatchObject({ do: "split", sizes: [2, 2] });
  for (const outcome of [barred, limited, greylisted, silent]) {
    expect(nextStep(doubted, outcome, now)).toMatchObject({
      do: "seal",
      ambiguousSince: doubted.ambiguousSince,
    });
  }
  expect(nextStep(doubted, parked, now).do).toBe("give-up");
});

test("a channel without keys gives an ambiguous mail to a person at once", () => {
  expect(nextStep({ ...first, size: 1, keyed: false }, silent, now).do).toBe("give-up");
});

test("a refused batch is halved until single mails are refused", () => {
  expect(nextStep({ ...first, size: 3 }, refused, now)).toMatchObject({ do: "split", sizes: [2, 1] });
  expect(nextStep({ ...first, size: 1 }, refused, now)).toEqual({ do: "settle", members: [refused] });
});

test("waiting that is the mail's own fault ends after ten attempts, waiting that is not never does", () => {
  const last = { ...first, size: 1, burned: MAX_ATTEMPTS - 1 };
  expect(nextStep(last, greylisted, now)).toMatchObject({ do: "settle", members: [{ kind: "rejected" }] });
  expect(nextStep(last, limited, now)).toMatchObject({ do: "reopen", burned: MAX_ATTEMPTS - 1 });
});

test("no key is used 23 hours after the first ambiguous attempt began", () => {
  let attempt: Attempt = first;
  let at = now;
  for (let tries = 0; tries < 1000; tries++) {
    const step = nextStep(attempt, silent, at);
    if (step.do === "give-up") break;
    if (step.do !== "seal") throw new Error(step.do);
    expect(step.ambiguousSince).toEqual(startedAt);
    expect(step.retryAt.getTime()).toBeGreaterThan(at.getTime());
    expect(keyIsAlive(startedAt, step.retryAt)).toBe(true);
    at = step.retryAt;
    attempt = { ...attempt, startedAt: at, ambiguousSince: step.ambiguousSince, doubts: step.doubts };
  }
  expect(nextStep(attempt, silent, at).do).toBe("give-up");
  expect(startedAt.getTime() + KEY_LIFE_MS - at.getTime()).toBe(60_000);
});

test("a long wait still leaves a last try while the key lives", () => {
  const quota: BatchOutcome = {
    kind: "deferred",
    delayMs: 48 * 3_600_000,
    burnsAttempt: false,
    reason: "quota",
  };
  const step = nextStep(doubted, quota, now);
  expect(step).toMatchObject({ do: "seal", retryAt: new Date("2026-06-09T03:59:00Z") });
});

test("a digest is of no use a day after it was due", () => {
  expect(isTooLate(startedAt, new Date("2026-06-09T06:00:00Z"))).toBe(false);
  expect(isTooLate(startedAt, new Date("2026-06-09T06:00:01Z"))).toBe(true);
});
