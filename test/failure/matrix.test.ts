import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crashPoints } from "./matrix/crash-points.ts";
import { diskFull } from "./matrix/disk-full.ts";
import { faults } from "./matrix/faults.ts";
import { type Lane, openLane } from "./matrix/lane.ts";
import { type Case, nameOf, runCase } from "./matrix/run-case.ts";

/** A few of the cases of `test/failure/matrix.ts`: each crash point once, with faults that have found something. */
const sample: readonly [Case["transport"], string, string][] = [
  ["resend", "before claim", "PostgreSQL restarted"],
  ["resend", "after claim", "other templates deployed"],
  ["resend", "accepted, not answered", "readers are deleted"],
  ["resend", "answered, not committed", "queue flushed at work"],
  ["smtp", "during the call", "two deployments"],
  ["smtp", "committed, not acknowledged", "stale jobs"],
];

describe("killed at a moment of a delivery, the line loses nothing and doubles nothing", () => {
  let lane: Lane;
  beforeAll(async () => {
    lane = await openLane();
  });
  afterAll(() => lane.close());

  test.for(sample)("%s · %s · %s", { timeout: 120_000 }, async ([transport, at, what]) => {
    const crash = crashPoints.find(({ name }) => name === at);
    const fault = faults.find(({ name }) => name === what);
    if (crash === undefined || fault === undefined) throw new Error(`There is no case ${at} · ${what}.`);
    const verdict = await runCase(lane, { transport, crash, fault });
    expect(verdict.wrong, nameOf({ transport, crash, fault })).toEqual([]);
    expect(verdict.delivered).toBeGreaterThan(0);
  });

  test("a full disk holds the outbox up, and every mail is written once there is room", {
    timeout: 120_000,
  }, async ({ skip }) => {
    const [first] = diskFull;
    const verdict = await first?.run(lane);
    if (typeof verdict === "string") skip(verdict);
    else expect(verdict).toMatchObject({ delivered: 12, wrong: [] });
  });
});
