import { describe, expect, test } from "vitest";
import { failed } from "./fetch-failure.ts";
import { type Attempt, attemptOf, networkState, withAttempt } from "./network-state.ts";

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

test.each([
  ["a name that is not found", failed("dns", "", true), false],
  ["a connection that is refused", failed("connect", ""), false],
  ["a connection that times out", failed("timeout", "", true), false],
  ["an answer that times out", failed("timeout", ""), true],
  ["a bad status", failed("status", ""), true],
  ["a bad certificate", failed("tls", ""), true],
])("%s says whether the host was reached", (_, outcome, expected) => {
  expect(attemptOf(outcome, "http://a.example:81/feed", now)).toEqual({
    host: "a.example:81",
    atMs: now,
    reached: expected,
  });
});

test("an address we refuse to ask says nothing", () => {
  expect(attemptOf({ kind: "refused", reason: "address", sentence: "" }, "http://a/", now)).toBeUndefined();
});
