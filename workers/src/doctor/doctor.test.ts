import { expect, test } from "vitest";
import { nodeCheck, roomCheck } from "./machine-checks.ts";
import { domainFinding, linksCheck } from "./mail-checks.ts";
import { evictionCheck } from "./queue-checks.ts";
import { sourceChecks } from "./work-checks.ts";

test("an older Node fails and names the way to the right one", () => {
  expect(nodeCheck("26.10.0").state).toBe("ok");
  expect(nodeCheck("20.20.0")).toMatchObject({ state: "fail", mend: expect.stringContaining("npx") });
});

test("a filling disk is told before it is full", () => {
  expect([5e9, 1e9, 1e8].map((bytes) => roomCheck("/home", bytes).state)).toEqual(["ok", "warn", "fail"]);
});

test("links that lead to the reader's own machine fail, and plain http is told", () => {
  for (const url of ["http://127.0.0.1:8080", "http://localhost", "https://[::1]:8443"])
    expect(linksCheck(url).state).toBe("fail");
  expect(linksCheck("http://papers.example.org").state).toBe("warn");
  expect(linksCheck("https://papers.example.org").state).toBe("ok");
});

test("a Redis that may evict keys fails, and so does one that does not say", () => {
  expect(evictionCheck("noeviction").state).toBe("ok");
  expect(evictionCheck("allkeys-lru")).toMatchObject({
    state: "fail",
    sentence: expect.stringContaining("allkeys-lru"),
  });
  expect(evictionCheck(undefined).state).toBe("fail");
});

test("a wrong record of the sending domain fails, a missing one is told with the record to add", () => {
  const record = { name: "example.org", type: "TXT", value: "v=spf1 mx ~all" } as const;
  expect(domainFinding({ check: "SPF", state: "wrong", sentence: "Wrong.", record }).state).toBe("fail");
  expect(domainFinding({ check: "SPF", state: "missing", sentence: "Missing.", record })).toMatchObject({
    state: "warn",
    mend: expect.stringContaining("v=spf1 mx ~all"),
  });
});

const source = (id: string, failures: number, paused = false) => ({
  id,
  failures,
  pausedAt: paused ? new Date(0) : null,
  pausedBecause: null,
  lastError: failures > 0 ? "It answered 500." : null,
});

test("one failing source is told, and all of them failing is a failure", () => {
  expect(sourceChecks([source("a", 2), source("b", 0)]).map((one) => one.state)).toEqual(["ok", "warn"]);
  expect(sourceChecks([source("a", 2), source("b", 0, true)]).map((one) => one.state)).toEqual([
    "fail",
    "warn",
  ]);
  expect(sourceChecks([source("b", 0, true)]).map((one) => one.state)).toEqual(["ok"]);
  expect(sourceChecks([]).map((one) => one.state)).toEqual(["warn"]);
});
