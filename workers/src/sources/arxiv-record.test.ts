import { expect, test } from "vitest";
import { arxivText, isWithdrawn } from "./arxiv-record.ts";

test.each([
  "This paper has been withdrawn by the author due to a crucial sign error in equation 1",
  "Withdrawn",
  "16 pages; withdrawn because of generalised results in article 1007.0152",
  "arXiv admin note: submission has been withdrawn by arXiv administrators",
  "The paper is withdrawn due to multiple errors",
  "Article withdrawn by authors.",
  "I withdraw my paper due to the acceptance in the journal",
  "This version contains some errors, we decide to withdraw it.",
])("a paper whose comments say “%s” is withdrawn", (comments) => {
  expect(isWithdrawn({ title: "A title", comments })).toBe(true);
});

test.each([
  "62 pages. It now contains the contents of former arXiv:0807.3859 (withdrawn)",
  "The previous version contained a gap, and we withdraw that claim",
  "This replaces arXiv:1001.0001, which has been withdrawn",
  "accepted for publication; then withdrawn; now 19 pages",
  "15 pages, 5 figures",
])("a paper whose comments say “%s” stands", (comments) => {
  expect(isWithdrawn({ title: "A title", comments })).toBe(false);
});

test("the title and a sentence in place of the abstract say it too, an abstract about withdrawal does not", () => {
  expect(isWithdrawn({ title: "WITHDRAWN: a proof" })).toBe(true);
  expect(isWithdrawn({ title: "A proof (withdrawn)" })).toBe(true);
  expect(isWithdrawn({ abstract: "This paper has been withdrawn by the author." })).toBe(true);
  expect(
    isWithdrawn({ abstract: "When a plate is withdrawn from a liquid bath a layer stays behind." }),
  ).toBe(false);
  expect(isWithdrawn({ title: "Pricing guaranteed minimum withdrawal benefits" })).toBe(false);
});

test("arXiv's text keeps its maths and loses its TeX and its line breaks", () => {
  expect(arxivText("Schr\\\"odinger's\n  $p < 0.05$ &amp; more")).toBe("Schrödinger's $p < 0.05$ & more");
});
