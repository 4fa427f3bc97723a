import { existsSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { readCorpus } from "./suites/corpora.ts";
import { acceptedDeviations, covers } from "./suites/deviations.ts";
import { fastfeedparser } from "./suites/fastfeedparser.ts";
import { feedparserPy } from "./suites/feedparser-py.ts";
import { feedsmith } from "./suites/feedsmith.ts";
import { gofeed } from "./suites/gofeed.ts";
import { nodeFeedparser } from "./suites/node-feedparser.ts";
import { oracleExpectations } from "./suites/oracle.ts";
import { rssParserJs } from "./suites/rss-parser-js.ts";
import { runSuite, type SuiteResult } from "./suites/suite.ts";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const data = `${shared}/data`;
const suites = [feedparserPy, gofeed, rssParserJs, nodeFeedparser, feedsmith, fastfeedparser];
const deviations = acceptedDeviations();
const lines: string[] = [];
afterAll(() => {
  if (lines.length > 0) process.stdout.write(`\n${lines.join("\n")}\n`);
});

describe.skipIf(!existsSync(`${data}/suites`))(`foreign feed suites (${data}/suites)`, () => {
  const results: SuiteResult[] = [];

  for (const suite of suites) {
    test(`${suite.id} fails only where deviations.md says why`, () => {
      const result = runSuite(suite, `${data}/suites`);
      results.push(result);
      report(result);
      const unlisted = result.misses.filter((miss) => !deviations.some((one) => covers(one, suite.id, miss)));
      expect(unlisted).toEqual([]);
    });

    test(`deviations.md lists nothing of ${suite.id} that holds by now`, () => {
      const misses = results.find(({ id }) => id === suite.id)?.misses ?? [];
      const stale = deviations.filter(
        (one) => one.suite === suite.id && !misses.some((miss) => covers(one, suite.id, miss)),
      );
      expect(stale).toEqual([]);
    });
  }

  test("at least 98 % of all counted expectations hold", () => {
    const sum = (part: (result: SuiteResult) => number) =>
      results.reduce((total, result) => total + part(result), 0);
    const counted = sum((result) => result.counted);
    const passed = sum((result) => result.passed);
    lines.push(
      `all suites: ${passed} of ${counted} counted hold (${percent(passed, counted)}), of ${sum(({ total }) => total)} in all`,
    );
    expect(results.length).toBe(suites.length);
    expect(passed / counted).toBeGreaterThanOrEqual(0.98);
  });
});

describe.skipIf(!existsSync(`${data}/feeds-real`))(`200 real feeds (${data}/feeds-real)`, () => {
  test("read as Python feedparser reads them; differences are leads", () => {
    const result = runSuite(
      {
        id: "blogs-200",
        root: "feeds-real/blogs-200",
        expectations: (root) =>
          oracleExpectations(
            `${root}/feeds-real/blogs-200.feedparser-oracle.json.gz`,
            (name) => `${name}.gz`,
          ),
      },
      data,
    );
    report(result);
    const fields = Map.groupBy(result.misses, ({ path }) => path.replace(/\[\d+\]/g, "[]"));
    lines.push(
      `    leads: ${[...fields].map(([path, misses]) => `${path} ${misses.length} (e.g. ${misses[0]?.file})`).join(", ")}`,
    );
    expect(result.counted).toBeGreaterThan(20_000);
    expect(result.passed / result.counted).toBeGreaterThanOrEqual(0.99);
  });
});

const corpora: readonly (readonly [string, RegExp])[] = [
  ["suites/feedparser-py/tests", /\.(?:xml|json)$/],
  ["suites/gofeed/testdata", /\.(?:xml|json)$/],
  ["suites/rss-parser-js/test", /./],
  ["suites/node-feedparser/test/feeds", /./],
  ["suites/feedsmith/src", /\.xml$/],
  ["suites/fastfeedparser/tests", /\.xml$|feed_sample\.json$/],
  ["suites/w3c-feedvalidator/testcases", /\.xml$|\.rss$|\.json$/],
  ["suites/w3c-feedvalidator/feedfinder-tests", /./],
  ["feeds-real/blogs-200", /\.gz$/],
  ["sources", /\.(?:xml|json|gz|rdf|rss)$/],
];

for (const [folder, pattern] of corpora) {
  describe.skipIf(!existsSync(`${data}/${folder}`))(`every file of ${folder}`, () => {
    test("is read or refused with a sentence, and its listings keep their promises", () => {
      const result = readCorpus(`${data}/${folder}`, pattern);
      lines.push(
        `${folder}: ${result.files} files, ${result.read} read (${result.listings} listings), ${result.refused} refused`,
      );
      expect(result.crashed).toEqual([]);
      expect(result.broken).toEqual([]);
      expect(result.read).toBeGreaterThan(0);
    });
  });
}

function report({ id, total, counted, passed, excluded }: SuiteResult): void {
  lines.push(
    `${id}: ${passed} of ${counted} counted hold (${percent(passed, counted)}); ${total} in all, ${total - counted} not counted:`,
  );
  for (const [reason, count] of [...excluded].sort((a, b) => b[1] - a[1]).slice(0, 12))
    lines.push(`    ${count} ${reason}`);
  if (excluded.size > 12) lines.push(`    and ${excluded.size - 12} more reasons of that kind`);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}
