import { PermanentError } from "@paperwire/core";
import { expect, test } from "vitest";
import { toListing } from "./lenient.ts";
import { badRow, readRows, untitled } from "./rows.ts";

const listed = (key: string, title = "A title") => ({
  listing: toListing({ key, title, authors: [], categories: [] }),
});
const read = (rows: readonly { key?: string; title?: string }[]) =>
  readRows("The place", rows, (row, at) => {
    if (row.key === undefined) return badRow(at, "it has no key");
    return row.title === "" ? untitled(row.key) : listed(row.key, row.title);
  });

test("a list in which every row is unreadable is refused, one readable row makes the rest warnings", () => {
  expect(() => read([{}, {}])).toThrow(PermanentError);
  expect(() => read([null, "text"] as never)).toThrow(
    "The place answered with 2 rows and none can be read: Row 1 was left out: it is nothing.",
  );
  const { listings, warnings } = read([{}, { key: "a" }, { key: "a" }, { key: "b", title: "" }]);
  expect(listings.map(({ key }) => key)).toEqual(["a"]);
  expect(warnings.map(({ code, at }) => [code, at])).toEqual([
    ["bad-row", "#1"],
    ["duplicate-key", "a"],
    ["no-title", "b"],
  ]);
});

test("an empty list and one whose rows merely lack a title are lists", () => {
  expect(read([])).toEqual({ listings: [], warnings: [] });
  expect(read([{ key: "a", title: "" }]).warnings.length).toBe(1);
});

test("a list of 60,000 rows is cut with a note, and warnings are kept to a number a person can read", () => {
  const { listings, warnings } = read(
    Array.from({ length: 60_000 }, (_, at) => (at % 2 === 0 ? { key: `k${at}` } : {})),
  );
  expect(listings.length).toBe(25_000);
  expect(warnings.slice(-2).map(({ code }) => code)).toEqual(["more-warnings", "cut"]);
  expect(warnings.length).toBe(1_002);
});

test("a title or an abstract that is a whole text is cut with a note", () => {
  const { listings, warnings } = read([{ key: "a", title: "x".repeat(6_000) }]);
  expect(listings[0]?.title.length).toBe(5_000);
  expect(warnings.map(({ code, at }) => [code, at])).toEqual([["cut", "a"]]);
});

test("a listing loses what is absent, empty or no web address, and keeps what is required", () => {
  const fields = {
    key: "k",
    title: "",
    authors: [],
    categories: [],
    url: "javascript:alert(1)",
    abstract: "",
    ids: [],
    withdrawn: false,
    votes: 0,
  };
  expect(toListing({ ...fields, doi: undefined })).toEqual({
    key: "k",
    title: "",
    authors: [],
    categories: [],
    votes: 0,
  });
});
