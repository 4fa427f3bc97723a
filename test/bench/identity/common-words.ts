/**
 * Counts title words and family names over the recorded corpora and writes the small tables which blocking
 * and decisions weigh words with. Keys in a database depend on these tables: see `blockingVersion`.
 *
 *   node test/bench/identity/common-words.ts
 */
import { writeFileSync } from "node:fs";
import { authorNameOf } from "../../../packages/core/src/identity/author-name.ts";
import { tokensOf } from "../../../packages/core/src/identity/fold.ts";
import { dataFolder, filesOf, jsonLinesOf, linesOf, requireData } from "./shared-data.ts";

const leastWordCount = 24;
const leastNameCount = 60;

requireData();
const titles = new Map<string, string>();
const people = new Map<string, number>();
let names = 0;
for (const line of linesOf(`${dataFolder}/corpora/arxiv-broad-1993-2019/titles-218k.tsv.gz`).slice(1)) {
  const columns = line.split("\t");
  titles.set(columns[0] ?? "", columns[5] ?? "");
}
for (const file of filesOf(`${dataFolder}/corpora/arxiv-cs-2025-2026`, ".ndjson.gz")) {
  for (const row of jsonLinesOf<{ id: string; title: string; authors: string[] }>(file)) {
    titles.set(row.id, row.title);
    for (const author of row.authors) countName(author);
  }
}
for (const row of jsonLinesOf<{ authors: string }>(
  `${dataFolder}/corpora/arxiv-broad-1993-2019/papers.ndjson.gz`,
)) {
  for (const author of row.authors.split(/\s*,\s*|\s+and\s+/)) countName(author);
}

const words = new Map<string, number>();
for (const title of titles.values()) {
  for (const token of new Set(tokensOf(title))) words.set(token, (words.get(token) ?? 0) + 1);
}

writeFileSync(
  new URL("../../../packages/core/src/identity/common-words.generated.ts", import.meta.url),
  `// Written by test/bench/identity/common-words.ts from ${titles.size} titles and ${names} author names.
/** Element k: title words found in fewer than one title in 2^(k/2) and in at least one in 2^((k+1)/2). */
export const wordsByRarity: readonly string[] = ${tableOf(words, titles.size, leastWordCount)};
/** The same for the last word of family names, among author names. */
export const surnamesByRarity: readonly string[] = ${tableOf(people, names, leastNameCount)};
`,
);

function countName(author: string): void {
  const name = authorNameOf(author);
  if (name === undefined) return;
  names += 1;
  people.set(name.surname, (people.get(name.surname) ?? 0) + 1);
}

function tableOf(counts: ReadonlyMap<string, number>, total: number, least: number): string {
  const levels: string[][] = [];
  for (const [word, count] of counts) {
    if (count < least || word.length > 20) continue;
    const level = Math.floor(2 * Math.log2(total / count));
    const words = levels[level] ?? [];
    words.push(word);
    levels[level] = words;
  }
  return JSON.stringify(
    Array.from(levels, (level) => (level ?? []).sort().join(" ")),
    null,
    1,
  );
}
