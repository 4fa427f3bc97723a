import { expect, test } from "vitest";
import { abstractOf } from "./abstract.ts";
import { biorxiv } from "./biorxiv.ts";
import { crossref } from "./crossref.ts";
import { wordsInOrder } from "./openalex.ts";
import { keywordsIn, openreview } from "./openreview.ts";
import { pubmed } from "./pubmed.ts";
import { semanticScholar } from "./semantic-scholar.ts";
import type { SourceKind } from "./source.ts";

const read = (kind: SourceKind, document: unknown, url?: string) =>
  kind.read({ bytes: new TextEncoder().encode(JSON.stringify(document)), ...(url !== undefined && { url }) });
const window = { from: new Date("2026-07-14T08:00:00Z"), to: new Date("2026-07-15T08:00:00Z") };

test("bioRxiv pages lead on by the cursor until the total is reached", () => {
  const url = "https://api.biorxiv.org/details/biorxiv/2026-07-14/2026-07-15/100/json?category=genomics";
  const page = (cursor: unknown, total: unknown, rows: number) => ({
    messages: [{ status: "ok", cursor, total }],
    collection: Array.from({ length: rows }, (_, at) => ({
      doi: `10.1101/2026.07.14.${at}`,
      title: "A title",
      version: "1",
    })),
  });
  expect(read(biorxiv, page("100", "234", 100), url).next).toBe(url.replace("/100/", "/200/"));
  expect(read(biorxiv, page(200, 234, 34), url).next).toBeUndefined();
  expect(
    biorxiv.requests?.(new URL("https://api.biorxiv.org/details/medrxiv/2020-01-01/2020-01-02"), window),
  ).toEqual(["https://api.biorxiv.org/details/medrxiv/2026-07-14/2026-07-15/0"]);
  expect(
    biorxiv.requests?.(new URL("https://api.biorxiv.org/details/biorxiv/10.1101/021592"), window),
  ).toEqual(["https://api.biorxiv.org/details/biorxiv/10.1101/021592"]);
});

test("bioRxiv dates read with and without leading zeros, withdrawn preprints are marked", () => {
  const rows = [
    { doi: "10.1101/1000", title: "One", date: "2026-6-30", version: "1", published: "NA" },
    {
      doi: "10.1101/1001",
      title: "WITHDRAWN: Two",
      date: "2026-07-15",
      version: "2",
      published: "10.1038/S41586-020-2286-9",
    },
  ];
  const { listings } = read(biorxiv, { messages: [], collection: rows });
  expect(listings[0]).toMatchObject({ published: "2026-06-30T00:00:00Z", announceType: "new" });
  expect(listings[0]).not.toHaveProperty("ids");
  expect(listings[1]).toMatchObject({
    announceType: "replace",
    withdrawn: true,
    ids: ["doi:10.1038/s41586-020-2286-9"],
  });
});

test("Crossref titles take their subtitle, dates the day they can, preprints their arXiv id", () => {
  const work = (fields: object) =>
    read(crossref, { message: { DOI: "10.1000/1", title: ["Title"], ...fields } }).listings[0];
  expect(work({ subtitle: ["A study"] })?.title).toBe("Title: A study");
  expect(
    work({ issued: { "date-parts": [[2026]] }, created: { "date-time": "2026-07-14T10:00:00Z" } })?.published,
  ).toBe("2026-07-14T10:00:00Z");
  expect(
    work({ issued: { "date-parts": [[null]] }, created: { "date-time": "2026-07-14T10:00:00Z" } })?.published,
  ).toBe("2026-07-14T10:00:00Z");
  expect(
    work({
      "published-print": { "date-parts": [[2026, 9, 1]] },
      "published-online": { "date-parts": [[2026, 7, 2]] },
    })?.published,
  ).toBe("2026-07-02T00:00:00Z");
  expect(
    work({ relation: { "has-preprint": [{ "id-type": "doi", id: "10.48550/arXiv.2607.00001" }] } })?.arxivId,
  ).toBe("2607.00001");
  expect(work({ "updated-by": [{ type: "retraction", DOI: "10.1000/2" }] })?.withdrawn).toBe(true);
});

test("Crossref lists lead on by cursor or offset, and say what is no paper", () => {
  const page = {
    message: {
      "total-results": 300,
      "next-cursor": "abc=",
      items: Array.from({ length: 20 }, (_, at) => ({ DOI: `10.1000/${at}`, title: ["Title"] })),
    },
  };
  expect(
    new URL(read(crossref, page, "https://api.crossref.org/works?cursor=*").next ?? "").searchParams.get(
      "cursor",
    ),
  ).toBe("abc=");
  expect(
    new URL(read(crossref, page, "https://api.crossref.org/works?offset=20").next ?? "").searchParams.get(
      "offset",
    ),
  ).toBe("40");
  const issue = { message: { items: [{ DOI: "10.1000/1", type: "journal-issue" }] } };
  expect(read(crossref, issue).warnings.map(({ code }) => code)).toEqual(["not-a-paper"]);
});

test("OpenAlex abstracts come back in order, however far apart their places are", () => {
  expect(wordsInOrder({ the: [0, 900_000_000], of: [2], end: [1, 900_000_001] })).toBe("the end of the end");
});

test("keywords are parted at commas and semicolons, not within brackets, and named once", () => {
  expect(keywordsIn(["graph neural networks; GNN, Large Models (LLM, VLM)", "gnn", " • robotics."])).toEqual([
    "graph neural networks",
    "GNN",
    "Large Models (LLM, VLM)",
    "robotics",
  ]);
  const long = "a,".repeat(50_000);
  expect(keywordsIn([long])).toEqual(["a"]);
});

test.each(["N/A", "TBD", "tba.", "Abstract", "see pdf", "...", "test"])("“%s” is no abstract", (text) => {
  expect(abstractOf(text)).toBe("");
});

test("a heading is dropped from an abstract, a first word that looks like one is not", () => {
  expect(abstractOf("<jats:title>Abstract</jats:title><jats:p>We show that it holds.</jats:p>")).toBe(
    "We show that it holds.",
  );
  expect(abstractOf("Abstract interpretation is a theory of sound approximation.")).toMatch(
    /^Abstract interpretation/,
  );
});

test("OpenReview notes of both versions read, replies and deleted notes do not become papers", () => {
  const notes = [
    {
      id: "one",
      forum: "one",
      tcdate: 1601308238000,
      content: { title: "Version one", authors: ["A B"], keywords: "x; y" },
    },
    {
      id: "two",
      content: {
        title: { value: "Version two" },
        authors: { value: ["Anonymous"] },
        venueid: { value: "X/Desk_Rejected_Submission" },
      },
    },
    { id: "three", forum: "one", replyto: "one", content: { title: { value: "Review" } } },
    { id: "four", ddate: 1601308238000, content: { title: { value: "Gone" } } },
  ];
  const reading = read(
    openreview,
    { notes, count: 2000 },
    "https://api2.openreview.net/notes?invitation=X/-/Submission&limit=4",
  );
  expect(
    reading.listings.map(({ key, authors, categories, withdrawn }) => [
      key,
      authors.length,
      categories,
      withdrawn,
    ]),
  ).toEqual([
    ["one", 1, ["x", "y"], undefined],
    ["two", 0, [], true],
  ]);
  expect(reading.deleted).toEqual(["four"]);
  expect(reading.next).toMatch(/offset=4$/);
  expect(
    openreview.requests?.(new URL("https://openreview.net/group?id=ICLR.cc/2026/Conference#tab"), window),
  ).toEqual([
    "https://api2.openreview.net/notes?invitation=ICLR.cc%2F2026%2FConference%2F-%2FSubmission&mintcdate=1784016000000&limit=1000",
  ]);
});

test("Semantic Scholar leads on by token or offset and names the ids it does not know", () => {
  const url = "https://api.semanticscholar.org/graph/v1/paper/search/bulk?query=x";
  expect(read(semanticScholar, { total: 2000, token: "T", data: [] }, url).next).toBe(`${url}&token=T`);
  expect(read(semanticScholar, { total: 200, offset: 0, next: 100, data: [] }, url).next).toBe(
    `${url}&offset=100`,
  );
  expect(
    read(semanticScholar, [null, { paperId: "p", title: "T" }]).warnings.map(({ code }) => code),
  ).toEqual(["unknown-id"]);
});

test("a PubMed search leads to its articles through the history, and page by page through them", () => {
  const search = { esearchresult: { count: "523", idlist: [], webenv: "MCID_1", querykey: "1" } };
  const url = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/esearch.fcgi?db=pubmed&term=a/b&api_key=K";
  const first = read(pubmed, search, url);
  expect(first).toMatchObject({ listings: [], announced: 523 });
  expect(first.next).toBe(
    "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?db=pubmed&retmode=xml&api_key=K&WebEnv=MCID_1&query_key=1&retstart=0&retmax=200",
  );
  const article =
    "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T</ArticleTitle></Article></MedlineCitation></PubmedArticle>";
  const page = (count: number, address: string) =>
    pubmed.read({
      bytes: new TextEncoder().encode(`<PubmedArticleSet>${article.repeat(count)}</PubmedArticleSet>`),
      url: address,
    }).next;
  expect(new URL(page(200, first.next ?? "") ?? "").searchParams.get("retstart")).toBe("200");
  expect(page(123, first.next ?? "")).toBeUndefined();
  expect(
    pubmed.read({
      bytes: new TextEncoder().encode(
        "<eFetchResult><ERROR>Empty result - nothing to do</ERROR></eFetchResult>",
      ),
    }).listings,
  ).toEqual([]);
  const [asked = ""] =
    pubmed.requests?.(new URL("https://pubmed.ncbi.nlm.nih.gov/?term=crispr"), window) ?? [];
  expect(Object.fromEntries(new URL(asked).searchParams)).toMatchObject({
    term: "crispr",
    usehistory: "y",
    mindate: "2026/07/14",
    maxdate: "2026/07/15",
  });
});
