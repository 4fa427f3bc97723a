/**
 * How fast markup and TeX become plain text, in MB per second of processor time: on prose that holds neither (nearly everything a source
 * sends), on abstracts as they come, and on abstracts as HTML; beside it htmlparser2 collecting text, and arXiv's
 * own rule for TeX. The last table is the slowest of 1 MB of every bracket and sign.
 *
 *   node test/bench/text.ts [--shared DIR]
 */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  arxivTexToUnicode,
  authorKey,
  foldSpace,
  mathToText,
  parseArxivAuthors,
  plainText,
  splitAuthors,
  texToUnicode,
  titleKey,
} from "@paperwire/core";
import { Parser } from "htmlparser2";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
interface Row {
  readonly title: string;
  readonly abstract: string;
  readonly authors: string;
}
const rows: readonly Row[] = gunzipSync(
  readFileSync(`${shared}/data/corpora/arxiv-broad-1993-2019/papers.ndjson.gz`),
)
  .toString("utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

const abstracts = rows.map(({ abstract }) => foldSpace(abstract));
const prose = abstracts.filter((text) => !/[\\{}~`<&$]|--/.test(text));
const html = abstracts.map(
  (text) => `<p>${text.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</p><p><em>End</em>.</p>`,
);

function seconds(texts: readonly string[], convert: (text: string) => unknown): number {
  for (const text of texts.slice(0, 2000)) convert(text);
  const ms = milliseconds(() => {
    for (const text of texts) convert(text);
  });
  return ms / 1000;
}

function milliseconds(run: () => unknown): number {
  const started = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function report(
  label: string,
  texts: readonly string[],
  ours: (text: string) => unknown,
  baseline?: [string, (text: string) => unknown],
) {
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  const speed = megabytes / seconds(texts, ours);
  const figures = `${speed.toFixed(0).padStart(6)} MB/s ${((texts.length * speed) / megabytes / 1000).toFixed(0).padStart(5)} k texts/s`;
  if (baseline === undefined) return console.info(`${label.padEnd(34)}${figures}`);
  const other = megabytes / seconds(texts, baseline[1]);
  console.info(
    `${label.padEnd(34)}${figures}   ${baseline[0]} ${other.toFixed(0)} MB/s, ratio ${(speed / other).toFixed(1)}`,
  );
}

function collected(text: string): string {
  let out = "";
  const parser = new Parser(
    {
      ontext(piece) {
        out += piece;
      },
    },
    { decodeEntities: true },
  );
  parser.end(text);
  return out;
}

const collector: [string, (text: string) => unknown] = ["htmlparser2", collected];
const arxivs: [string, (text: string) => unknown] = ["arXiv's rule", arxivTexToUnicode];
report("foldSpace, prose", prose, foldSpace);
report("plainText, prose", prose, plainText, collector);
report("plainText, abstracts as HTML", html, plainText, collector);
report("texToUnicode, prose", prose, texToUnicode, arxivs);
report("texToUnicode, abstracts", abstracts, texToUnicode, arxivs);
report("mathToText, abstracts", abstracts, mathToText);
const titles = rows.map(({ title }) => title);
report("titleKey, titles", titles, titleKey);
const lines = rows.map(({ authors }) => authors);
report("splitAuthors, lines", lines, splitAuthors, ["arXiv's rule", parseArxivAuthors]);
report(
  "authorKey, names",
  lines.flatMap((line) => splitAuthors(line).map(({ name }) => name)),
  authorKey,
);

const units = [
  "{",
  "}",
  "$",
  "\\",
  "<",
  "&",
  "((((",
  ")",
  "<!--",
  "<i>",
  "<sup>",
  "&amp;",
  "\\'",
  "\\'{",
  "{\\'",
  "\\frac",
  "$\\frac{",
  "\\(",
  "--",
  "~a",
  "^{",
  "a,",
  "1:",
  "\ud800",
];
const slowest = units
  .flatMap((unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const all = { plainText, texToUnicode, mathToText, titleKey, splitAuthors };
    return Object.entries(all).map(([name, convert]) => ({
      name,
      unit,
      ms: milliseconds(() => convert(text)),
    }));
  })
  .sort((a, b) => b.ms - a.ms);
for (const { name, unit, ms } of slowest.slice(0, 5))
  console.info(`1 MB of ${JSON.stringify(unit)}: ${name} ${ms.toFixed(0)} ms`);
