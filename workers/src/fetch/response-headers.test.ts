import { describe, expect, test } from "vitest";
import { freshForMs, httpDate, hubOf, isExhausted, parseLinks, retryAfterMs } from "./response-headers.ts";

const now = Date.parse("2026-06-03T10:00:00Z");
const HOUR = 3_600_000;

describe("freshness", () => {
  test.each([
    [{ "cache-control": "max-age=3600" }, HOUR],
    [{ "cache-control": "public, MAX-AGE = 3600 , must-revalidate" }, HOUR],
    [{ "cache-control": 'max-age="3600"' }, HOUR],
    [{ "cache-control": "s-maxage=10, max-age=3600" }, HOUR],
    [{ "cache-control": "max-age=3600", age: "600" }, HOUR - 600_000],
    [{ "cache-control": "max-age=3600", age: "7200" }, 0],
    [{ "cache-control": "max-age=0" }, 0],
    [{ "cache-control": "no-cache, max-age=3600" }, 0],
    [{ "cache-control": "no-store" }, 0],
    [{ "cache-control": ["private", "max-age=3600"] }, HOUR],
    [{ "cache-control": "max-age=99999999999999999" }, 366 * 24 * HOUR],
    [{ "cache-control": "max-age=-5" }, undefined],
    [{ "cache-control": "max-age=3600", expires: "Wed, 03 Jun 2026 23:00:00 GMT" }, HOUR],
    [{ expires: "Wed, 03 Jun 2026 11:00:00 GMT" }, HOUR],
    [
      { expires: "Wed, 03 Jun 2026 11:00:00 GMT", date: "Wed, 03 Jun 2026 10:30:00 GMT", age: "60" },
      HOUR / 2 - 60_000,
    ],
    [{ expires: "Wed, 03 Jun 2026 09:00:00 GMT" }, 0],
    [{ expires: "0" }, 0],
    [{ expires: "-1" }, 0],
    [{}, undefined],
    [{ "cache-control": "public" }, undefined],
  ])("of %j is %s ms", (headers, expected) => {
    expect(freshForMs(headers, now)).toBe(expected);
  });
});

describe("an HTTP date", () => {
  test.each([
    ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
    ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
    ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"],
  ])("is read in each of its three forms: %s", (text, expected) => {
    expect(new Date(httpDate(text) ?? 0).toISOString()).toBe(expected);
  });

  test.each(["0", "-1", "", "2026-06-03", "tomorrow", "Mon", "Sun, 99 Nov 1994 08:49:37 GMT"])(
    "is not %j",
    (text) => {
      expect(httpDate(text)).toBeUndefined();
    },
  );
});

describe("the delay that a server asks for", () => {
  test.each([
    [{ "retry-after": "60" }, 60_000],
    [{ "retry-after": "1.5" }, 1_500],
    [{ "retry-after": "Wed, 03 Jun 2026 10:01:00 GMT" }, 60_000],
    [{ "retry-after": "-1" }, undefined],
    [{ "x-ratelimit-reset": "30" }, 30_000],
    [{ "x-ratelimit-reset": String(now / 1000 + 90) }, 90_000],
    [{ "ratelimit-reset": "30" }, 30_000],
    [{ ratelimit: '"default";r=0;t=45' }, 45_000],
    [{ ratelimit: "limit=10, remaining=0, reset=45" }, undefined],
    [{}, undefined],
  ])("with %j is %s ms", (headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });
});

test("a limit is used up only when the headers say so", () => {
  expect(isExhausted({ "x-ratelimit-remaining": "0" })).toBe(true);
  expect(isExhausted({ "ratelimit-remaining": "0.0" })).toBe(true);
  expect(isExhausted({ ratelimit: '"api";r=0;t=9' })).toBe(true);
  expect(isExhausted({ "x-ratelimit-remaining": "10" })).toBe(false);
  expect(isExhausted({ ratelimit: '"api";r=01;t=9' })).toBe(false);
  expect(isExhausted({})).toBe(false);
});

describe("links", () => {
  test.each([
    ['<https://hub.example/>; rel="hub"', { url: "https://hub.example/", topic: "https://a.example/feed" }],
    [
      '</hub>; rel=hub, </f>; rel="alternate self"; type="x,y"',
      { url: "https://a.example/hub", topic: "https://a.example/f" },
    ],
    [
      '<https://hub.example/>; REL=HUB; title="a, <b>"',
      { url: "https://hub.example/", topic: "https://a.example/feed" },
    ],
    ["</style.css>; rel=preload", undefined],
    ["<http://[>; rel=hub", undefined],
    ["nonsense", undefined],
  ])("%s name the hub and the topic", (link, expected) => {
    expect(hubOf({ link }, "https://a.example/feed")).toEqual(expected);
  });

  test("are read in a time that grows with their length only", () => {
    expect(parseLinks(`${"<a>;".repeat(4_000)}`)).toHaveLength(4_000);
    expect(parseLinks(`<a>${'"'.repeat(30_001)}`)).toHaveLength(1);
    expect(parseLinks("<".repeat(30_000))).toEqual([]);
  });
});
