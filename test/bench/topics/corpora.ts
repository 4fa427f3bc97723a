import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { canonicalCategory, readExamples, type TopicExample } from "@paperwire/core";

const shared = process.env.PAPERWIRE_SHARED ?? fileURLToPath(new URL("../../../../shared", import.meta.url));
const corpora = join(shared, "data/corpora");
const recent = join(corpora, "arxiv-cs-2025-2026");
const broad = join(corpora, "arxiv-broad-1993-2019");

/** Are the corpora here? Benches that need them say so and stop when they are not. */
export const hasCorpora = existsSync(recent) && existsSync(broad);

/** Papers of computer science with abstracts, by the day they were first listed. */
export function recentPapers(): Promise<TopicExample[]> {
  const files = readdirSync(recent).filter((name) => /^\d{4}-\d\d\.ndjson\.gz$/.test(name));
  return papersOf(files.sort().map((name) => join(recent, name)));
}

/** Papers of computer science without abstracts, of the months before those of `recentPapers`. */
export function recentTitles(): Promise<TopicExample[]> {
  const files = readdirSync(recent).filter((name) => name.includes("no-abstracts"));
  return papersOf(files.sort().map((name) => join(recent, name)));
}

/** Papers of all fields with abstracts, at most 300 for each primary category. */
export function broadPapers(): Promise<TopicExample[]> {
  return papersOf([join(broad, "papers.ndjson.gz")]);
}

/** Titles of all fields, a superset of `broadPapers`. */
export function broadTitles(): TopicExample[] {
  const lines = textOf(join(broad, "titles-218k.tsv.gz")).trimEnd().split("\n").slice(1);
  return lines.map((line) => {
    const [id = "", date = "", primary = "", categories = "", , title = ""] = line.split("\t");
    const codes = [primary, ...categories.split(",")].map(canonicalCategory);
    return { id, title, categories: [...new Set(codes)], date };
  });
}

/** Any JSON-lines files, gzip or not. */
export async function papersOf(files: readonly string[]): Promise<TopicExample[]> {
  const papers: TopicExample[] = [];
  for (const file of files) papers.push(...(await Array.fromAsync(readExamples(textOf(file).split("\n")))));
  return papers;
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
}
