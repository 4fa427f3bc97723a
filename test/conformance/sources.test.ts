import { existsSync } from "node:fs";
import type { Reading } from "@paperwire/core";
import { aclAnthology } from "@paperwire/workers/sources/acl-anthology.ts";
import { arxivOai } from "@paperwire/workers/sources/arxiv-oai.ts";
import { biorxivRss } from "@paperwire/workers/sources/biorxiv-rss.ts";
import { crossref } from "@paperwire/workers/sources/crossref.ts";
import { openreview } from "@paperwire/workers/sources/openreview.ts";
import { pubmed } from "@paperwire/workers/sources/pubmed.ts";
import { semanticScholar } from "@paperwire/workers/sources/semantic-scholar.ts";
import type { SourceKind } from "@paperwire/workers/sources/source.ts";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { answersIn, bytesIn, filesIn, textIn } from "./cassettes.ts";
import { compareAds, compareInspire, compareWork, type Inspire, tallyOf } from "./foreign-records.ts";
import { refusalOf } from "./refusal.ts";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const data = `${shared}/data`;
const sources = `${data}/sources`;

/** What was counted, printed once at the end: what was read, of how much. */
const counts: string[] = [];
afterAll(() => {
  if (counts.length > 0) process.stdout.write(`\nRecorded sources:\n  ${counts.join("\n  ")}\n`);
});

/** A folder of the recordings; the tests below are skipped, by name, where it is absent. */
function given(folder: string, tests: (folder: string) => void): void {
  const present = existsSync(folder);
  const name = present ? folder.slice(data.length + 1) : `${folder} is absent: not run`;
  describe.skipIf(!present)(name, () => tests(folder));
}

given(`${sources}/arxiv-oai-2014`, (folder) => {
  test("a whole page of 1,000 records reads, with the token of the next one", () => {
    const [page = ""] = filesIn(`${folder}/spec`);
    const bytes = bytesIn(page);
    const reading = arxivOai.read({ bytes });
    const recorded = textIn(page).match(/<record>/g)?.length;
    counts.push(`arXiv OAI-PMH: ${reading.listings.length} of ${recorded} records of one page`);
    expect(reading.listings.length).toBe(recorded);
    expect(reading.warnings.filter(({ code }) => code !== "bad-id")).toEqual([]);
    expect(new URL(reading.next ?? "").searchParams.get("resumptionToken")).toBe("496549|96001");
    for (const listing of reading.listings) {
      expect(listing.version).toBeGreaterThan(0);
      expect(listing.authors.length).toBeGreaterThan(0);
      expect(listing.categories.length).toBeGreaterThan(0);
      expect(Date.parse(listing.updated ?? "")).toBeGreaterThanOrEqual(Date.parse(listing.published ?? ""));
    }
  });
});

given(`${sources}/hepcrawl`, (folder) => {
  const fixtures = `${folder}/tests/functional/arxiv/fixtures`;

  test("arXiv records say what INSPIRE's crawler expects of them", () => {
    const read = filesIn(`${fixtures}/http_server/records`).flatMap(
      (path) => arxivOai.read({ bytes: bytesIn(path) }).listings,
    );
    const expected: Inspire[] = JSON.parse(textIn(`${fixtures}/arxiv_expected.json`));
    const tally = tallyOf();
    for (const record of expected) {
      const listing = read.find(({ arxivId }) => arxivId === record.arxiv_eprints[0]?.value);
      tally.same("found", listing !== undefined, true, record.titles[0]?.title);
      if (listing !== undefined) compareInspire(tally, record, listing);
    }
    counts.push(`hepcrawl arXiv: ${expected.length} records, ${tally.summary()}`);
    expect(tally.failures).toEqual([]);
  });

  test("every single record reads, collaborations and all", () => {
    const unit = filesIn(`${folder}/tests/unit/responses/arxiv`).filter((path) =>
      /\.xml(?:\.gz)?$/.test(path),
    );
    const readings = unit.map((path) => arxivOai.read({ bytes: bytesIn(path) }));
    const recorded = unit.reduce((sum, path) => sum + (textIn(path).match(/<record>/g)?.length ?? 0), 0);
    counts.push(
      `hepcrawl arXiv: ${readings.reduce((sum, { listings }) => sum + listings.length, 0)} of ${recorded} single records`,
    );
    expect(readings.flatMap(({ listings }) => listings).length).toBe(recorded);
    expect(readings.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  test("Crossref works say what INSPIRE's crawler expects of them", () => {
    const tally = tallyOf();
    const works = filesIn(`${folder}/tests/unit/responses/crossref`);
    const pairs = works
      .filter((path) => path.endsWith("_expected.yml"))
      .map((path) => [path.replace("_expected.yml", ".json"), path] as const);
    for (const [input, output] of pairs.filter(([path]) => existsSync(path))) {
      const [listing] = crossref.read({ bytes: bytesIn(input) }).listings;
      tally.same("found", listing !== undefined, true, input);
      if (listing !== undefined) compareWork(tally, parse(textIn(output)), listing);
    }
    counts.push(`hepcrawl Crossref: ${pairs.length} works, ${tally.summary()}`);
    expect(tally.failures).toEqual([]);
  });
});

given(`${sources}/adsingestp`, (folder) => {
  test("arXiv's Dublin Core says what ADS's parser expects of it", () => {
    const tally = tallyOf();
    const inputs = filesIn(`${folder}/stubdata/input`).filter((path) =>
      /\/arxiv_[^/]*\.xml(?:\.gz)?$/.test(path),
    );
    for (const input of inputs) {
      const output = input.replace("/input/", "/output/").replace(/\.xml(?:\.gz)?$/, ".json");
      if (!existsSync(output)) continue;
      const [listing] = arxivOai.read({ bytes: bytesIn(input) }).listings;
      if (listing !== undefined) compareAds(tally, JSON.parse(textIn(output)), listing);
    }
    counts.push(`adsingestp arXiv: ${inputs.length} records, ${tally.summary()}`);
    expect(tally.failures).toEqual([]);
    expect(tally.total()).toBeGreaterThan(0);
  });
});

given(`${sources}/crossref-habanero`, (folder) => {
  test("every recorded answer is works or a sentence, and every work in it is accounted for", () => {
    const outcome = answersOf(folder, crossref, (document) => {
      const message = fieldOf(document, "message");
      const type = fieldOf(document, "message-type");
      const items = fieldOf(message, "items");
      if (type === "work-list" && Array.isArray(items)) return items;
      return type === "work" ? [message] : undefined;
    });
    counts.push(`Crossref: ${outcome}`);
  });
});

given(`${sources}/semanticscholar`, (folder) => {
  test("every recorded answer is papers or a sentence, and every paper in it is accounted for", () => {
    const outcome = answersOf(folder, semanticScholar, (document, url) => {
      const rows = Array.isArray(document)
        ? document
        : (fieldOf(document, "data") ?? fieldOf(document, "recommendedPapers"));
      if (Array.isArray(rows))
        return /\/paper\/(?:search(?!.*snippet)|batch)|\/papers|citations|references/.test(url)
          ? rows
          : undefined;
      return fieldOf(document, "paperId") === undefined ? undefined : [document];
    });
    counts.push(`Semantic Scholar: ${outcome}`);
  });
});

given(`${sources}/pubmed-eutils`, (folder) => {
  test("every recorded article reads, with its identifiers, its authors and its date", () => {
    const answers = filesIn(folder).flatMap((path) => {
      if (path.includes("/cassettes/")) return answersIn(path) ?? [];
      return /\.xml(?:\.gz)?$/.test(path) ? [{ url: "", status: 200, bytes: bytesIn(path) }] : [];
    });
    const articles = answers.filter(({ bytes }) =>
      new TextDecoder().decode(bytes).includes("<PubmedArticle>"),
    );
    const listings = articles.flatMap(({ bytes }) => pubmed.read({ bytes }).listings);
    counts.push(`PubMed: ${listings.length} of ${articles.length} articles`);
    expect(listings.length).toBe(articles.length);
    for (const listing of listings) {
      expect(listing.ids).toContain(`pmid:${listing.key}`);
      expect(listing.authors.length).toBeGreaterThan(0);
      expect(listing).toMatchObject({
        language: "en",
        published: expect.any(String),
        doi: expect.any(String),
        venue: expect.any(String),
      });
      expect(JSON.stringify(listing.authors)).not.toContain("@");
    }
    const searches = answers.filter(
      ({ url, bytes }) => url.includes("esearch") && new TextDecoder().decode(bytes).includes("<WebEnv>"),
    );
    expect(searches.length).toBeGreaterThan(0);
    for (const search of searches) expect(pubmed.read(search).next).toMatch(/\/efetch\.fcgi\?.*WebEnv=MCID_/);
  });
});

given(`${sources}/biorxiv`, (folder) => {
  test("the subject feed says what feed-rs found in it, under the DOI and version of its link", () => {
    const { listings } = biorxivRss.read({ bytes: bytesIn(`${folder}/rss_1.0_biorxiv.xml`) });
    const expected: { entries: { title: { content: string }; published: string }[] } = JSON.parse(
      textIn(`${folder}/rss_1.0_biorxiv.serde.json`),
    );
    expect(listings.map(({ title }) => title)).toEqual(
      expected.entries.map(({ title }) => title.content.trim()),
    );
    expect(listings[0]).toMatchObject({
      key: "10.1101/2023.12.16.571984v1",
      doi: "10.1101/2023.12.16.571984",
      version: 1,
    });
    expect(listings[0]?.authors.at(-1)).toEqual({ name: "R. J. O'Connell" });
    expect(listings[0]?.authors.length).toBe(10);
  });
});

given(`${sources}/acl-anthology`, (folder) => {
  test("marked-up titles and abstracts read as text, revisions as versions", () => {
    const [file = ""] = filesIn(folder).filter((path) => path.endsWith(".xml"));
    const { listings, warnings } = aclAnthology.read({ bytes: bytesIn(file) });
    expect(warnings).toEqual([]);
    expect(listings.map(({ key }) => key)).toEqual(["2024.sdp-1.2", "2024.sdp-1.5"]);
    expect(listings[0]?.title).toMatch(/^Overview of the DagPap24 Shared Task/);
    expect(listings[1]).toMatchObject({
      version: 2,
      abstract: expect.stringContaining("structured (i.e., the section"),
    });
  });
});

given(`${sources}/venues-paperlists`, (folder) => {
  test("venue records, put into OpenReview's form, keep their titles, authors and keywords", () => {
    let papers = 0;
    for (const path of filesIn(folder).filter((name) => name.endsWith(".json.gz"))) {
      const records: Record<string, string>[] = JSON.parse(textIn(path));
      const notes = records.map(noteOf);
      const { listings, warnings } = openreview.read({
        bytes: new TextEncoder().encode(JSON.stringify({ notes })),
      });
      expect(listings.length, path).toBe(new Set(notes.map(({ id }) => id)).size);
      expect(warnings.filter(({ code }) => code !== "junk-abstract" && code !== "duplicate-key")).toEqual([]);
      for (const listing of listings)
        expect(listing.categories.filter((keyword) => /[;,](?![^(]*\))/.test(keyword))).toEqual([]);
      papers += listings.length;
    }
    counts.push(`venues: ${papers} papers in OpenReview's form`);
  });
});

function noteOf(record: Record<string, string>) {
  const value = (field: string) => ({ value: record[field] ?? "" });
  const authors = { value: (record.author ?? "").split(";").map((name) => name.trim()) };
  const content = {
    title: value("title"),
    abstract: value("abstract"),
    authors,
    keywords: value("keywords"),
    venue: value("status"),
  };
  return { id: record.id ?? record.title ?? "", content };
}

/**
 * Reads every recorded answer below a folder. An answer that holds rows must give a listing or a warning
 * for each of them; any other must be refused with a sentence.
 */
function answersOf(
  folder: string,
  kind: SourceKind,
  rowsOf: (document: unknown, url: string) => unknown[] | undefined,
): string {
  const [seen, damaged] = [{ lists: 0, rows: 0, listings: 0, refused: 0 }, { files: 0 }];
  for (const path of filesIn(folder).filter((name) => /\.yaml(?:\.gz)?$/.test(name))) {
    const answers = answersIn(path);
    if (answers === undefined) damaged.files += 1;
    for (const { url, bytes } of answers ?? []) {
      const rows = rowsOf(documentIn(bytes), url);
      if (rows === undefined) {
        expect(refusalOf(kind, bytes), `${path} ${url}`).toMatch(/\S.*[.!?]$/);
        seen.refused += 1;
        continue;
      }
      const reading: Reading = kind.read({ bytes, url });
      const known = rows.filter((row) => row !== null);
      const warned = reading.warnings.filter(({ code }) => code !== "unknown-id").length;
      expect(reading.listings.length + warned, `${path} ${url}`).toBe(known.length);
      seen.lists += 1;
      seen.rows += known.length;
      seen.listings += reading.listings.length;
    }
  }
  expect(seen.listings).toBeGreaterThan(0);
  return `${seen.lists} answers with ${seen.rows} rows gave ${seen.listings} listings, ${seen.refused} were refused, ${damaged.files} cassettes are damaged`;
}

function documentIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
