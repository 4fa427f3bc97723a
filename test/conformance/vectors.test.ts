import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  archiveOf,
  arxivTexToUnicode,
  canonicalCategory,
  categories,
  categoryName,
  groupOf,
  isCategory,
  isoUtc,
  parseArxivAuthors,
  parseArxivDescription,
  parseArxivId,
  parseArxivTitle,
  parseDate,
  searchArxivId,
  splitAuthors,
  strictArxivId,
  subsumed,
  texToUnicode,
} from "@paperwire/core";
import { describe, expect, test } from "vitest";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const arxiv = `${shared}/data/arxiv`;
const present = existsSync(arxiv);

function read<T>(path: string): readonly T[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return path.includes("ndjson")
    ? text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : JSON.parse(text);
}

/** Prints how many of a suite hold and returns the ones that do not. */
function failures<T>(suite: string, cases: readonly T[], holds: (one: T) => boolean): readonly T[] {
  const wrong = cases.filter((one) => !holds(one));
  console.info(`${suite}: ${cases.length - wrong.length} of ${cases.length}`);
  expect(cases.length).toBeGreaterThan(0);
  return wrong;
}

describe.skipIf(!present)(`arXiv's own answers${present ? "" : ` (no ${arxiv})`}`, () => {
  interface Identifier {
    readonly input: string;
    readonly ok: boolean;
    readonly search: string | null;
    readonly id?: string;
    readonly archive?: string;
    readonly year?: number;
    readonly month?: number;
    readonly num?: number;
    /** 0 where there is none. */
    readonly version?: number;
    readonly is_old?: boolean;
    readonly extra?: string | null;
  }
  const identifiers = read<Identifier>(`${arxiv}/vectors/identifier.json`);

  test("an identifier is taken apart, repaired or refused as arXiv's parser does", () => {
    const wrong = failures("identifiers, strict", identifiers, (one) => {
      const got = strictArxivId(one.input);
      if (!one.ok || got === undefined) return !one.ok && got === undefined;
      const { id, archive, year, month, num, isOld, version = 0, extra = null } = got;
      const expected = [
        one.id,
        one.archive,
        one.year,
        one.month,
        one.num,
        one.is_old,
        one.version,
        one.extra,
      ];
      return (
        JSON.stringify([id, archive, year, month, num, isOld, version, extra]) === JSON.stringify(expected)
      );
    });
    expect(wrong).toEqual([]);
  });

  test("an identifier is found in a text where arXiv's search finds one", () => {
    const wrong = failures(
      "identifiers, search",
      identifiers,
      (one) => (searchArxivId(one.input) ?? null) === one.search,
    );
    expect(wrong).toEqual([]);
  });

  test("the lenient reading differs only where a wrapper is taken off or an archive does not exist", () => {
    const wrong = failures("identifiers, lenient", identifiers, (one) => {
      const got = parseArxivId(one.input);
      return got?.id === one.id && (got?.version ?? 0) === (one.version ?? 0);
    });
    const wrapped = /^\s|\s$|^oai:|^https?:|^10\.48550\/|arxiv\.org\/|^doi:/i;
    expect(wrong.filter(({ input }) => !wrapped.test(input) && !/^notanarchive\//.test(input))).toEqual([]);
  });

  test("TeX accents become what arXiv shows", () => {
    const vectors = read<{ input: string; utf: string }>(`${arxiv}/vectors/tex2utf.json`);
    const wrong = failures("tex2utf", vectors, ({ input, utf }) => arxivTexToUnicode(input) === utf);
    expect(wrong).toEqual([]);
  });

  test("readers see every accent that arXiv resolves, and no braces around it", () => {
    const vectors = read<{ input: string; utf: string }>(`${arxiv}/vectors/tex2utf.json`).filter(
      ({ input, utf }) => {
        return /^[{]?\\[^{}]*[{]?[a-zA-Z\\]+[}]?[}]?$/.test(input) && /^\{?[^\x00-\x7f]\}?$/.test(utf);
      },
    );
    const wrong = failures("tex2utf, as readers see it", vectors, ({ input, utf }) => {
      return texToUnicode(input) === utf.replace(/[{}]/g, "");
    });
    expect(wrong).toEqual([]);
    expect(vectors.length).toBeGreaterThan(300);
  });

  interface Line {
    readonly input: string;
    /** Last name, first names, suffix, then affiliations. */
    readonly authors: readonly (readonly string[])[];
  }
  const lines = read<Line>(`${arxiv}/vectors/authors.json.gz`);

  test("an author line is taken apart as arXiv does", () => {
    const wrong = failures("authors", lines, ({ input, authors }) => {
      const got = parseArxivAuthors(input).map(({ last, first, suffix, affiliations }) => [
        last,
        first,
        suffix,
        ...affiliations,
      ]);
      return JSON.stringify(got) === JSON.stringify(authors);
    });
    expect(wrong).toEqual([]);
  });

  test("the names readers see are arXiv's, first name first", () => {
    const wrong = failures("authors, as readers see them", lines, ({ input, authors }) => {
      const expected = authors.map(
        ([last = "", first = "", suffix = ""]) => `${first} ${last.replace(/,$/, "")} ${suffix}`,
      );
      const got = splitAuthors(input).map(({ name }) => name);
      return squeezed(got.join("|")) === squeezed(expected.join("|"));
    });
    // Lines that are not author lines at all: sentences, headings and halves of a line cut in two.
    expect(wrong.filter(({ input }) => !/parse_author_affil|^and |\(2\) $/.test(input))).toEqual([]);
    expect(wrong.length).toBeLessThanOrEqual(10);
  });

  test("the taxonomy is arXiv's", () => {
    interface Taxonomy {
      readonly categories: Readonly<
        Record<string, { full_name: string; in_archive: string; canonical: string }>
      >;
      readonly archives: Readonly<Record<string, { full_name: string; in_group: string }>>;
      readonly groups: Readonly<Record<string, { full_name: string }>>;
      readonly archives_subsumed: Readonly<Record<string, string>>;
      readonly active_categories: readonly string[];
    }
    const taxonomy: Taxonomy = JSON.parse(readFileSync(`${arxiv}/taxonomy.json`, "utf8"));
    expect([...categories.keys()].sort()).toEqual([...taxonomy.active_categories].sort());
    expect(subsumed).toEqual(taxonomy.archives_subsumed);
    const real = Object.entries(taxonomy.categories).filter(([code]) => !/^(?:test|bad-arch)/.test(code));
    const wrong = failures("taxonomy", real, ([code, { full_name, in_archive, canonical }]) => {
      const group =
        taxonomy.groups[taxonomy.archives[taxonomy.categories[canonical]?.in_archive ?? ""]?.in_group ?? ""];
      return (
        isCategory(code) &&
        categoryName(code) === full_name &&
        archiveOf(code) === in_archive &&
        canonicalCategory(code) === canonical &&
        groupOf(code) === group?.full_name
      );
    });
    expect(wrong).toEqual([]);
  });
});

function squeezed(text: string): string {
  return text.replace(/\s+/g, "").normalize("NFC");
}

describe.skipIf(!present)(
  `recorded feed items of three generations${present ? "" : ` (no ${arxiv})`}`,
  () => {
    interface Item {
      readonly title: string;
      readonly description: string;
      readonly link: string;
    }
    const folder = `${arxiv}/rss-items-recorded`;
    const files = present ? readdirSync(folder).filter((name) => name.endsWith(".gz")) : [];

    test.each(files)("every item of %s says what it is", (name) => {
      const wrong = failures(name, read<Item>(`${folder}/${name}`), ({ title, description, link }) => {
        const named = parseArxivTitle(title);
        const described = parseArxivDescription(description);
        if (
          described.abstract === "" ||
          named.title === "" ||
          /arXiv:\d|Announce Type/.test(named.title + described.abstract.slice(0, 60))
        ) {
          return false;
        }
        if (name.startsWith("transitional"))
          return named.arxivId === undefined && described.arxivId === undefined;
        if (name.startsWith("old"))
          return (
            named.arxivId === parseArxivId(link)?.id &&
            named.version !== undefined &&
            named.categories.length === 1
          );
        return (
          described.arxivId === parseArxivId(link)?.id &&
          described.version !== undefined &&
          described.announceType !== undefined
        );
      });
      expect(wrong).toEqual([]);
    });
  },
);

const dates = `${shared}/data/suites/dates.json`;

describe.skipIf(!existsSync(dates))(
  `dates of other readers' suites${existsSync(dates) ? "" : ` (no ${dates})`}`,
  () => {
    interface Dated {
      readonly input: string;
      readonly utc: string | null;
      readonly source: string;
    }
    const cases = read<Dated>(dates);

    test("every asserted instant is read, the one that stands on white space aside", () => {
      const asserted = cases.filter(({ utc }) => utc !== null);
      const wrong = failures("dates, instants", asserted, ({ input, utc }) => {
        const date = parseDate(input);
        return date !== undefined && isoUtc(date).replace(/\.\d+Z$/, "Z") === utc;
      });
      expect(wrong.map(({ input }) => input.trim())).toEqual([""]);
    });

    test("what another reader accepts without saying the instant is read too", () => {
      const accepted = cases.filter(({ source }) => source.includes("no instant asserted"));
      expect(failures("dates, accepted", accepted, ({ input }) => parseDate(input) !== undefined)).toEqual(
        [],
      );
    });
  },
);
