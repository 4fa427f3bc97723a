import { readFileSync } from "node:fs";
import { cosineOf, decodeVectors, keyPhrasesOf, statisticsOf, vectorOf, wordsOf } from "@paperwire/core";
import { stemsOf } from "./closeness/keyword-search.ts";
import { hasCorpora, recentPapers } from "./topics/corpora.ts";

/**
 * From which closeness on a paper counts as meant by a phrase: `node test/bench/closeness-bound.ts`. Phrases are
 * key phrases that at least ten recent titles contain. For each bound: how many of those papers it reaches, as they
 * are and with the phrase's words taken out of title and abstract; how many papers of all it takes; and how many of
 * what it takes are in one of the two categories in which the phrase is most at home, beside what chance would give.
 */
if (!hasCorpora) {
  console.log("Skipped: the corpora are not beside this repository. Set PAPERWIRE_SHARED.");
  process.exit(0);
}
const vectors = decodeVectors(
  new Uint8Array(readFileSync(new URL("../../workers/assets/word-vectors.bin", import.meta.url))),
);
const statistics = statisticsOf(vectors);
const papers = (await recentPapers()).filter(({ abstract = "" }) => abstract.length > 200);
const titles = papers.map(({ title }) => ` ${stemsOf(title).join(" ")} `);
const directions = papers.map((paper) => vectorOf(vectors, paper));

const counts = new Map<string, string>();
for (const [i, paper] of papers.entries()) {
  if (i % 8 !== 0) continue;
  for (const phrase of keyPhrasesOf({ title: paper.title }, statistics))
    counts.set(stemsOf(phrase).join(" "), phrase);
}
const phrases = [...counts]
  .map(([stems, phrase]) => ({
    phrase,
    stems,
    meant: titles.flatMap((title, i) => (title.includes(` ${stems} `) ? [i] : [])),
  }))
  .filter(({ stems, meant }) => stems.includes(" ") && meant.length >= 10)
  .filter((_, i) => i % 2 === 0);

const bounds = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6];
const sums = bounds.map(() => ({ reached: 0, bare: 0, taken: 0, atHome: 0, phrases: 0, chance: 0 }));
for (const { phrase, meant } of phrases) {
  const own = vectorOf(vectors, phrase);
  if (own === undefined) continue;
  const said = new Set(stemsOf(phrase));
  const homes = commonest(
    meant.flatMap((i) => papers[i]?.categories[0] ?? []),
    2,
  );
  const isAtHome = (i: number) => (papers[i]?.categories ?? []).some((code) => homes.has(code));
  const chance = papers.filter((_, i) => isAtHome(i)).length / papers.length;
  const closeness = directions.map((direction) => (direction === undefined ? -1 : cosineOf(own, direction)));
  const bare = meant.map((i) => {
    const without = (text = "") =>
      wordsOf(text)
        .filter((word) => !stemsOf(word).some((stem) => said.has(stem)))
        .join(" ");
    const direction = vectorOf(vectors, {
      title: without(papers[i]?.title),
      abstract: without(papers[i]?.abstract),
    });
    return direction === undefined ? -1 : cosineOf(own, direction);
  });
  for (const [b, bound] of bounds.entries()) {
    const sum = sums[b];
    if (sum === undefined) continue;
    const taken = closeness.flatMap((value, i) => (value >= bound ? [i] : []));
    sum.reached += meant.filter((i) => (closeness[i] ?? -1) >= bound).length / meant.length;
    sum.bare += bare.filter((value) => value >= bound).length / meant.length;
    sum.taken += taken.length / papers.length;
    sum.atHome += taken.length === 0 ? 0 : taken.filter(isAtHome).length / taken.length;
    sum.phrases += taken.length === 0 ? 0 : 1;
    sum.chance += chance;
  }
}
console.log(`${phrases.length} phrases among ${papers.length} papers`);
console.log("bound   reached   without its words   taken of all   at home   by chance");
for (const [b, bound] of bounds.entries()) {
  const {
    reached,
    bare,
    taken,
    atHome,
    phrases: some,
    chance,
  } = sums[b] ?? { reached: 0, bare: 0, taken: 0, atHome: 0, phrases: 1, chance: 0 };
  const n = phrases.length;
  console.log(
    `${bound.toFixed(2)}    ${percent(reached / n)}    ${percent(bare / n)}              ${percent(taken / n)}         ${percent(atHome / Math.max(1, some))}    ${percent(chance / n)}`,
  );
}

function commonest(values: readonly string[], most: number): Set<string> {
  const counted = Map.groupBy(values, (value) => value);
  return new Set(
    [...counted]
      .sort((a, b) => b[1].length - a[1].length)
      .slice(0, most)
      .map(([value]) => value),
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).padStart(5)} %`;
}
