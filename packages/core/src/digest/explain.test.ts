import { expect, test } from "vitest";
import type { Evidence } from "./digest.ts";
import { explainNote, explainReasons, explainSchedule } from "./explain.ts";

function because(evidence: readonly Evidence[]): string {
  return explainReasons([{ subscriptionId: "s", subscriptionName: "My interest", evidence }]);
}

test("a reason names the evidence and where it is", () => {
  expect(
    because([
      { kind: "category", value: "cs.CL" },
      { kind: "author", value: "Oriol Vinyals" },
      { kind: "words", value: "efficient transfer", where: "title" },
    ]),
  ).toBe("Because you follow cs.CL and Oriol Vinyals, and the words “efficient transfer” are in the title.");
  expect(because([{ kind: "words", value: "quark", where: "abstract" }])).toBe(
    "Because the word “quark” is in the abstract.",
  );
  expect(
    because([
      { kind: "words", value: "a" },
      { kind: "words", value: "b" },
      { kind: "pick", value: "" },
      { kind: "trending", value: "Hugging Face" },
    ]),
  ).toBe(
    "Because the words “a” and “b” are in the text, a curator picked it and it is trending on Hugging Face.",
  );
  expect(because([{ kind: "like", value: "Spectra of $\\mathbb{R}$-trees" }])).toBe(
    "Because it resembles “Spectra of ℝ-trees”.",
  );
  expect(because([{ kind: "text", value: "it cites two papers you saved" }])).toBe(
    "Because it cites two papers you saved.",
  );
});

test("without evidence the interest itself is the reason, and more interests are named", () => {
  expect(because([])).toBe("Because it matches your interest “My interest”.");
  const reasons = ["A", "B", "C"].map((name) => ({
    subscriptionId: name,
    subscriptionName: name,
    evidence: [],
  }));
  expect(explainReasons(reasons)).toBe(
    "Because it matches your interest “A”. Also in your interests “B” and “C”.",
  );
});

test("a source that failed is named with the moment, and never called empty", () => {
  expect(explainNote({ source: "bioRxiv", state: "failed", since: "2026-06-07T14:05:00Z" })).toBe(
    "bioRxiv could not be read since 7 June, 14:05 UTC; its papers will come, marked as late, once it can.",
  );
  expect(explainNote({ source: "arXiv", state: "stale" })).toMatch(/may not mean that nothing appeared/);
  expect(explainNote({ source: "X", state: "truncated", detail: "a\r\nb" })).toMatch(/missing\. a b$/);
});

test("a schedule reads as people say it", () => {
  const at = { zone: "America/New_York", at: "07:30" };
  const all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
  expect(explainSchedule({ ...at, days: all, rhythm: "daily" })).toBe(
    "Every day at 07:30 (America/New York).",
  );
  expect(explainSchedule({ ...at, days: all.slice(0, 5), rhythm: "daily" })).toMatch(/^Monday to Friday at/);
  expect(explainSchedule({ ...at, days: ["mon", "thu"], rhythm: "daily" })).toMatch(
    /^Every Monday and Thursday at/,
  );
  expect(explainSchedule({ ...at, days: ["fri"], rhythm: "weekly" })).toMatch(/^Every Friday at/);
});
