import { PermanentError } from "@paperwire/core";
import { expect, test } from "vitest";
import { arxivListing } from "./arxiv-listing.ts";
import { detectKind } from "./index.ts";

const url = "https://arxiv.org/list/cs.CL/new";
const bytes = (html: string) => new TextEncoder().encode(html);
const read = (html: string, address = url) => arxivListing.read({ bytes: bytes(html), url: address });

interface Entry {
  readonly id: string;
  readonly n: number;
  readonly mark?: string;
  readonly title?: string;
  readonly authors?: string;
  readonly subjects?: string;
  readonly more?: string;
}
const entry = ({
  id,
  n,
  mark = "",
  title = "A title",
  authors = "",
  subjects = "Computation and Language (cs.CL)",
  more = "",
}: Entry) => `
    <dt>
      <a name='item${n}'>[${n}]</a>
      <a href ="/abs/${id}" title="Abstract" id="${id}">
        arXiv:${id}
      </a>
      ${mark}
      [<a href="/pdf/${id}" title="Download PDF" id="pdf-${id}" aria-labelledby="pdf-${id}">pdf</a>, <a href="/format/${id}" title="Other formats">other</a>]
    </dt>
    <dd>
      <div class='meta'>
        <div class='list-title mathjax'><span class='descriptor'>Title:</span>
          ${title}
        </div>
        <div class='list-authors'>${authors}</div>
        ${more}
        <div class='list-subjects'><span class='descriptor'>Subjects:</span>
          ${subjects}
        </div>
        <p class='mathjax'>
          We show that $x &lt; y$ and<br> that p &lt; 0.05.
        </p>
      </div>
    </dd>`;
const page = (total: number, ...parts: string[]) => `<!DOCTYPE html>
<html lang="en"><head><title>Computation and Language  </title><link rel="stylesheet" href="https://static.arxiv.org/a.css"></head>
<body><div id='dlpage'><h1>Computation and Language</h1>
<ul><li><a href="#item0">New submissions</a></li></ul>
<p>See <a id="recent-cs.CL" href="/list/cs.CL/recent">recent</a> articles</p>
<h3>Showing new listings for Friday, 26 June 2026</h3>
<div class='paging'>Total of ${total} entries </div><div class='morefewer'>Showing up to 2000 entries per page</div>
${parts.join("")}
<div class='paging'>Total of ${total} entries </div></div></body></html>`;
const section = (heading: string, ...entries: string[]) =>
  `<dl id='articles'><h3>${heading}</h3>${entries.join("")}</dl>`;

const person = (name: string) =>
  `<a href="https://arxiv.org/search/cs?searchtype=author&amp;query=X" rel="nofollow">${name}</a>`;

test("the day's list is read by section, with arXiv's own date and count", () => {
  const reading = read(
    page(
      4,
      section(
        "New submissions (showing 1 of 1 entries)",
        entry({
          id: "2606.26001",
          n: 1,
          title: "Poincar\\'e maps &amp; $\\alpha$-stable &lt;think&gt; tokens",
          authors: `${person("Ana García")}, ${person("Bo Li")} (MIT, USA)`,
          subjects: `<span class="primary-subject">Computation and Language (cs.CL)</span>; Machine Learning (cs.LG)`,
          more: `<div class='list-comments mathjax'><span class='descriptor'>Comments:</span> 12 pages</div><div class='list-journal-ref'><span class='descriptor'>Journal-ref:</span> J. Test 1 (2026)</div>`,
        }),
      ),
      section(
        "Cross submissions (showing 1 of 1 entries)",
        entry({
          id: "2606.26002",
          n: 2,
          mark: "(cross-list from math.CO)",
          authors: person("C D"),
          subjects: "Combinatorics (math.CO); Computation and Language (cs.CL)",
        }),
      ),
      section(
        "Replacement submissions (showing 2 of 2 entries)",
        entry({ id: "2501.00003", n: 3, mark: "(replaced)", authors: person("E F") }),
        entry({
          id: "math/0611800",
          n: 4,
          mark: "(replaced)",
          authors: person("G H"),
          subjects: "Combinatorics (math.CO); Computation and Language (cs.CL)",
        }),
      ),
    ),
  );
  expect(reading).toMatchObject({
    title: "Computation and Language",
    date: "2026-06-26",
    announced: 4,
    warnings: [],
  });
  expect(reading.next).toBeUndefined();
  expect(reading.listings[0]).toEqual({
    key: "2606.26001",
    url: "https://arxiv.org/abs/2606.26001",
    title: "Poincaré maps & $\\alpha$-stable <think> tokens",
    abstract: "We show that $x < y$ and that p < 0.05.",
    authors: [
      { name: "Ana García", affiliation: "MIT, USA" },
      { name: "Bo Li", affiliation: "MIT, USA" },
    ],
    categories: ["cs.CL", "cs.LG"],
    arxivId: "2606.26001",
    version: 1,
    announceType: "new",
    journalRef: "J. Test 1 (2026)",
  });
  expect(reading.listings.map(({ announceType, version }) => [announceType, version])).toEqual([
    ["new", 1],
    ["cross", undefined],
    ["replace", undefined],
    ["replace-cross", undefined],
  ]);
});

test("a part of a long list says the whole count and where the rest is", () => {
  const part = page(
    2500,
    section("New submissions (showing first 1 of 2400 entries)", entry({ id: "2606.26001", n: 2000 })),
  );
  expect(read(part)).toMatchObject({
    announced: 2500,
    next: "https://arxiv.org/list/cs.CL/new?skip=2000&show=2000",
  });
  const last = page(
    2500,
    section(
      "Replacement submissions (continued, showing last 1 of 100 entries)",
      entry({ id: "2606.26001", n: 2500 }),
    ),
  );
  expect(read(last, `${url}?skip=2000&show=2000`).next).toBeUndefined();
});

test("a page that holds less than it says is not taken for the whole", () => {
  const reading = read(
    page(2, section("New submissions (showing 2 of 2 entries)", entry({ id: "2606.26001", n: 1 }))),
  );
  expect(reading.warnings.map(({ code }) => code)).toEqual(["missing-entries"]);
});

test("a day without announcements is empty, with its date and a count of nothing", () => {
  const reading = read(page(0, "<p>No updates today.</p>").replace(/<div class='paging'>.*?<\/div>/g, ""));
  expect(reading).toMatchObject({ date: "2026-06-26", announced: 0, listings: [], warnings: [] });
});

test("the older form with its headings outside of the lists reads the same", () => {
  const old = `<html><head><title>arXiv</title></head><body><div id="dlpage"><h1>Computation and Language</h1>
    <h3>New submissions for Mon,  5 Feb 24</h3><dl>${entry({ id: "2402.00001", n: 1 })}</dl>
    <h3>Cross-lists for Mon,  5 Feb 24</h3><dl>${entry({ id: "2402.00002", n: 2 })}</dl>
    <h3>Replacements for Mon,  5 Feb 24</h3><dl>${entry({ id: "2401.00003", n: 3 })}</dl>
    <small>[ total of 3 entries: 1-3 ]</small></div></body></html>`;
  const reading = read(old);
  expect(reading).toMatchObject({ date: "2024-02-05", announced: 3 });
  expect(reading.listings.map(({ announceType }) => announceType)).toEqual(["new", "cross", "replace"]);
});

test("the page of the past days says for every paper on which day's list it stood", () => {
  const html = page(
    2,
    section("Fri, 26 Jun 2026 (showing 1 of 1 entries )", entry({ id: "2606.26001", n: 1 })),
    section(
      "Thu, 25 Jun 2026 (showing 1 of 1 entries )",
      entry({ id: "2606.25001", n: 2, mark: "(cross-list from cs.LG)" }),
    ),
  ).replace(/<h3>Showing[^<]*<\/h3>/, "");
  const { listings, date } = read(html, "https://arxiv.org/list/cs.CL/pastweek?show=2000");
  expect(date).toBeUndefined();
  expect(listings.map(({ listedOn, announceType }) => [listedOn, announceType])).toEqual([
    ["2026-06-26", "new"],
    ["2026-06-25", "cross"],
  ]);
});

test("authors that are not shown are no authors and no affiliation", () => {
  const authors = `${person("A B")}, ${person("C D")}, et al. (123 additional authors not shown)`;
  const html = page(
    1,
    section("New submissions (showing 1 of 1 entries)", entry({ id: "2606.26001", n: 1, authors })),
  );
  expect(read(html).listings[0]?.authors).toEqual([{ name: "A B" }, { name: "C D" }]);
});

test("an alias is home: what math.NA replaces is no stranger on the list of cs.NA", () => {
  const html = page(
    1,
    section(
      "Replacement submissions (showing 1 of 1 entries)",
      entry({ id: "2606.26001", n: 1, subjects: "Numerical Analysis (math.NA)" }),
    ),
  );
  expect(read(html, "https://arxiv.org/list/cs.NA/new").listings[0]?.announceType).toBe("replace");
  expect(read(html, "https://arxiv.org/list/math/new").listings[0]?.announceType).toBe("replace");
  expect(read(html, "https://arxiv.org/list/cs/new").listings[0]?.announceType).toBe("replace");
  expect(read(html, "https://arxiv.org/list/stat.ML/new").listings[0]?.announceType).toBe("replace-cross");
});

test("a bad entry becomes a warning, another page a sentence", () => {
  const html = page(
    2,
    section(
      "New submissions (showing 2 of 2 entries)",
      entry({ id: "news/99", n: 1 }),
      entry({ id: "2606.26001", n: 2, title: "" }),
    ),
    section("Cross submissions", entry({ id: "2606.26002", n: 3 })),
  );
  const reading = read(html);
  expect(reading.warnings.map(({ code }) => code)).toEqual(["bad-row", "no-title"]);
  expect(reading.listings).toHaveLength(1);
  expect(() => read("<html><body><h1>Bad Request</h1></body></html>")).toThrow(PermanentError);
});

test("a page is known by its address, a file by its frame, and an abstract page is neither", () => {
  const html = page(
    1,
    section("New submissions (showing 1 of 1 entries)", entry({ id: "2606.26001", n: 1 })),
  );
  expect(detectKind({ bytes: bytes(html), url })?.id).toBe("arxiv-listing");
  expect(detectKind({ bytes: bytes(html) })?.id).toBe("arxiv-listing");
  expect(detectKind({ bytes: bytes(html), url: "https://arxiv.org/abs/2606.26001" })?.id).not.toBe(
    "arxiv-listing",
  );
});
