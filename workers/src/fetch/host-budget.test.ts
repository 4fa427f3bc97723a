import { expect, test } from "vitest";
import { hostGroupOf } from "./host-budget.ts";
import { nextTryMs } from "./shared-budget.ts";
import { userAgentOf } from "./user-agent.ts";

const groupOf = (url: string, more?: Parameters<typeof hostGroupOf>[1]) => hostGroupOf(new URL(url), more);

test.each([
  "https://arxiv.org/list/cs",
  "http://export.arxiv.org/api",
  "https://rss.ArXiv.org./rss/cs",
  "https://oaipmh.arxiv.org/oai",
])("every name of arXiv is one host, three seconds apart, whatever a source asks for: %s", (url) => {
  expect(groupOf(url, { asked: { group: "mine", gapMs: 0 } })).toMatchObject({
    group: "arxiv",
    gapMs: 3_000,
  });
});

test("a name that only ends like arXiv's is another host", () => {
  expect(groupOf("https://notarxiv.org/")).toEqual({ group: "notarxiv.org", gapMs: 1_000 });
});

test("another host is asked as its kind of source says, else a second apart, whatever the port", () => {
  expect(groupOf("https://a.example:8443/")).toEqual({ group: "a.example", gapMs: 1_000 });
  expect(groupOf("https://a.example/", { asked: { group: "a", gapMs: 100 } })).toEqual({
    group: "a",
    gapMs: 100,
  });
});

test("the operator's own host needs no gap", () => {
  expect(groupOf("http://10.0.0.1:81/", { own: true })).toEqual({ group: "10.0.0.1:81", gapMs: 0 });
});

test("a slot is asked for again when it can be free, and polled while it is held", () => {
  expect(nextTryMs(2_000, false, 3_000, 0)).toBe(2_000);
  expect(nextTryMs(2_000, false, 3_000, 0.99)).toBeLessThan(2_060);
  expect(nextTryMs(0, true, 3_000, 0)).toBe(375);
  expect(nextTryMs(0, true, 60_000, 0)).toBe(500);
  expect(nextTryMs(0, true, 0, 0)).toBe(10);
});

test("the user agent says who asks, where to complain and for how many", () => {
  expect(userAgentOf("0.1.0", "https://wire.example/", 1)).toBe(
    "Paperwire/0.1.0 (+https://wire.example/; 1 subscriber)",
  );
  expect(userAgentOf("0.1.0", "mailto:a@b.example", 1_234)).toBe(
    "Paperwire/0.1.0 (+mailto:a@b.example; 1234 subscribers)",
  );
  expect(userAgentOf("0.1.0", "https://x/)\r\nx-evil: 1", -1)).toBe(
    "Paperwire/0.1.0 (+https://x/x-evil:1; 0 subscribers)",
  );
});
