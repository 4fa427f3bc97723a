import { PermanentError } from "@paperwire/core";
import { expect, test } from "vitest";
import { arxivApi } from "./arxiv-api.ts";

const base = "https://export.arxiv.org/api/query";
const feedOf = (inner: string, total = 1, start = 0) =>
  new TextEncoder().encode(
    `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">
     <id>https://arxiv.org/api/x</id><title>arXiv Query</title><opensearch:totalResults>${total}</opensearch:totalResults>
     <opensearch:startIndex>${start}</opensearch:startIndex>${inner}</feed>`,
  );
const entry = (id: string, inner = "") =>
  `<entry><id>http://arxiv.org/abs/${id}</id><title>A title</title>${inner}</entry>`;

test("pages lead on by the entries that came, to the total and never beyond row 30,000", () => {
  const next = (total: number, start: number) =>
    arxivApi.read({
      bytes: feedOf(entry("2607.00001v1") + entry("2607.00002v1"), total, start),
      url: `${base}?search_query=cat:cs.CL&start=${start}`,
    }).next;
  expect(next(5, 0)).toBe(`${base}?search_query=cat%3Acs.CL&start=2`);
  expect(next(5, 3)).toBeUndefined();
  expect(next(90_000, 29_998)).toBeUndefined();
});

test("an empty page of a search that has more is a warning, and never the end", () => {
  const reading = arxivApi.read({
    bytes: feedOf("", 812, 100),
    url: `${base}?search_query=cat:cs.CL&start=100`,
  });
  expect(reading.warnings.map(({ code }) => code)).toEqual(["empty-page"]);
  expect(arxivApi.read({ bytes: feedOf("", 812, 812) }).warnings).toEqual([]);
  expect(
    arxivApi
      .read({ bytes: feedOf("", 1), url: `${base}?id_list=2607.99999` })
      .warnings.map(({ code }) => code),
  ).toEqual(["unknown-id"]);
});

test("the error entry is refused with arXiv's own words", () => {
  const error = `<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title><summary>incorrect id format for x</summary></entry>`;
  expect(() => arxivApi.read({ bytes: feedOf(error) })).toThrow(PermanentError);
  expect(() => arxivApi.read({ bytes: feedOf(error) })).toThrow("incorrect id format for x");
});

test("the primary category comes first whatever the order of the elements", () => {
  const categories = `<category term="cs.AI"/><category term="cs.CL"/><arxiv:primary_category term="cs.CL"/>`;
  expect(arxivApi.read({ bytes: feedOf(entry("2607.00001v2", categories)) }).listings[0]).toMatchObject({
    arxivId: "2607.00001",
    version: 2,
    categories: ["cs.CL", "cs.AI"],
  });
});

test("withdrawn papers are marked, dates that are none are named", () => {
  const inner = `<published>soon</published><arxiv:comment>This paper has been withdrawn by the author</arxiv:comment>`;
  const { listings, warnings } = arxivApi.read({ bytes: feedOf(entry("hep-th/9711200v3", inner)) });
  expect(listings[0]).toMatchObject({ arxivId: "hep-th/9711200", withdrawn: true });
  expect(warnings.map(({ code }) => code)).toEqual(["bad-date"]);
});

test("a search is narrowed to the window and the week before; one that has its own dates is left alone", () => {
  const window = { from: new Date("2026-07-14T08:00:00Z"), to: new Date("2026-07-15T08:00:00Z") };
  const [one = ""] =
    arxivApi.requests?.(new URL(`${base}?search_query=cat:cs.CL+OR+cat:cs.AI`), window) ?? [];
  expect(new URL(one).searchParams.get("search_query")).toBe(
    "(cat:cs.CL OR cat:cs.AI) AND submittedDate:[202607070800 TO 202607150800]",
  );
  expect(new URL(one).searchParams.get("max_results")).toBe("100");
  const [own = ""] = arxivApi.requests?.(new URL(`${base}?id_list=2607.00001`), window) ?? [];
  expect(new URL(own).searchParams.has("search_query")).toBe(false);
});
