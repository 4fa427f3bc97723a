import { expect, test } from "vitest";
import { isAuthorityFor, mayOverwrite, mayPublish } from "./authority.ts";

const arxiv = { schemes: ["arxiv"], links: true };
const crossref = { schemes: ["doi"], links: true };
const nature = { doiPrefixes: ["10.1038"] };
const feed = {};

test("a registrant speaks for its own prefix only", () => {
  expect(isAuthorityFor(nature, "doi:10.1038/s1")).toBe(true);
  expect(isAuthorityFor(nature, "doi:10.10381/s1")).toBe(false);
  expect(isAuthorityFor(nature, "arxiv:2606.00001")).toBe(false);
});

test("only the authority of the strongest identifier overwrites", () => {
  const keys = ["doi:10.1038/s1", "arxiv:2606.00001"];
  expect(mayOverwrite(arxiv, keys, false)).toBe(true);
  expect(mayOverwrite(crossref, keys, true)).toBe(false);
  expect(mayOverwrite(nature, ["doi:10.1038/s1"], false)).toBe(true);
  expect(mayOverwrite(feed, ["doi:10.1038/s1"], true)).toBe(false);
});

test("a paper without such an identifier belongs to the source that brought it", () => {
  expect(mayOverwrite(feed, ["url:blog:https://blog.test/1"], true)).toBe(true);
  expect(mayOverwrite(feed, ["url:blog:https://blog.test/1"], false)).toBe(false);
});

test("a DOI is announced by its authority or by the paper's", () => {
  const keys = ["arxiv:2606.00001"];
  expect(mayPublish(arxiv, keys, "doi:10.1038/s1")).toBe(true);
  expect(mayPublish(crossref, keys, "doi:10.1038/s1")).toBe(true);
  expect(mayPublish(nature, keys, "doi:10.1038/s1")).toBe(true);
  expect(mayPublish(feed, keys, "doi:10.1038/s1")).toBe(false);
});
