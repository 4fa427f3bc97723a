import { describe, expect, test } from "vitest";
import { failed } from "./fetch-failure.ts";
import { type Attempt, createNetworkWatch, networkState, withAttempt } from "./network-state.ts";

const now = 100 * 60_000;
const at = (minutesAgo: number) => now - minutesAgo * 60_000;
const lost = (host: string, minutesAgo: number): Attempt => ({ host, atMs: at(minutesAgo), reached: false });
const reached = (host: string, minutesAgo: number): Attempt => ({
  host,
  atMs: at(minutesAgo),
  reached: true,
});

describe("our network", () => {
  test.each<[string, Attempt[], string]>([
    ["is down when three hosts and no other fail", [lost("a", 3), lost("b", 2), lost("c", 1)], "down"],
    [
      "is down although it was up before",
      [reached("d", 5), lost("a", 3), lost("b", 2), lost("c", 1)],
      "down",
    ],
    [
      "is up when one host was reached since",
      [lost("a", 3), lost("b", 2), lost("c", 1), reached("d", 0)],
      "up",
    ],
    [
      "is up when another is reached in between",
      [lost("a", 3), lost("b", 2), reached("d", 1.5), lost("c", 1)],
      "up",
    ],
    [
      "is not blamed for one host, however often it fails",
      [lost("a", 4), lost("a", 3), lost("a", 2), lost("a", 1)],
      "unknown",
    ],
    ["is not blamed for two hosts", [lost("a", 2), lost("b", 1)], "unknown"],
    ["is not judged by what is long ago", [lost("a", 13), lost("b", 12), lost("c", 11)], "unknown"],
    ["is not judged by nothing", [], "unknown"],
  ])("%s", (_, attempts, expected) => {
    expect(networkState(attempts, now)).toBe(expected);
  });

  test("is judged by a bounded memory", () => {
    let attempts: readonly Attempt[] = [];
    for (let index = 0; index < 2_000; index++) attempts = withAttempt(attempts, lost(`host-${index}`, 9));
    expect(attempts).toHaveLength(500);
    expect(withAttempt(attempts, { host: "z", atMs: now + 60 * 60_000, reached: true })).toHaveLength(1);
  });
});

describe("an outcome", () => {
  const lostOutcome = failed("connect", "", true);

  test("that three hosts in a row end with is our network's", () => {
    const watch = createNetworkWatch(() => now);
    const down = ["a", "b", "c", "a"].map((host) => watch.judge(lostOutcome, host));
    expect(down.map((outcome) => outcome.kind === "failed" && outcome.networkDown)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test.each([
    ["an answer that times out", failed("timeout", "")],
    ["a bad status", failed("status", "")],
    ["a bad certificate", failed("tls", "")],
  ])("that shows a host was reached is its own, and clears the network: %s", (_, outcome) => {
    const watch = createNetworkWatch(() => now);
    for (const host of ["a", "b", "c"]) watch.judge(lostOutcome, host);
    expect(watch.judge(outcome, "d")).toEqual(outcome);
    const later = createNetworkWatch(() => now);
    for (const host of ["a", "b"]) later.judge(lostOutcome, host);
    later.judge(outcome, "d");
    expect(later.judge(lostOutcome, "c")).toMatchObject({ networkDown: false });
  });

  test("of the operator's own hosts says nothing about the internet", () => {
    const watch = createNetworkWatch(() => now);
    for (const host of ["a", "b"]) watch.judge(lostOutcome, host);
    watch.judge(failed("status", ""), "10.0.0.1", true);
    expect(watch.judge(lostOutcome, "c")).toMatchObject({ networkDown: true });
    expect(watch.judge(lostOutcome, "10.0.0.2", true)).toMatchObject({ networkDown: false });
  });

  test("of an address we refuse to ask says nothing", () => {
    const refused = { kind: "refused", reason: "address", sentence: "" } as const;
    const watch = createNetworkWatch(() => now);
    for (const host of ["a", "b"]) watch.judge(lostOutcome, host);
    expect(watch.judge(refused, "d")).toEqual(refused);
    expect(watch.judge(lostOutcome, "c")).toMatchObject({ networkDown: true });
  });
});
