import { foldText, isStopWord, stemOf } from "../text-analysis.ts";
import type { TopicText } from "./tokens.ts";
import { isWeakWord, readsAsAdjective } from "./weak-words.ts";

/** How common words are in an archive; `statisticsOf` reads it from learned word vectors. */
export interface TermStatistics {
  readonly papers: number;
  /** In how many papers a stem occurs; 0 when it is not known. */
  frequencyOf(stem: string): number;
  /** How often two stems stand side by side, where that is more than chance; else 0. */
  pairCountOf(first: string, second: string): number;
}

/**
 * The phrases that say what a paper is about, best first, at most `most` (6), written as the abstract writes them.
 * Candidates are runs of one to four words without stop words, signs or formulas between them (RAKE, Rose et al.
 * 2010). A phrase scores by how often it comes (the title counting more), by the rarity of its words, and by how
 * firmly the archive uses them together; of two that overlap the better stays. Pure; about 0.3 ms for an abstract.
 */
export function keyPhrasesOf(
  { title, abstract = "" }: TopicText,
  statistics: TermStatistics,
  most = 6,
): string[] {
  const candidates = new Map<string, Candidate>();
  const idf = idfBy(statistics);
  collect(title, TITLE_WEIGHT, statistics, candidates);
  collect(abstract.slice(0, MAX_CHARACTERS), 1, statistics, candidates);
  takeNested(candidates.values());
  const scored = [...candidates.values()]
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate, idf) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.first - b.first);
  const chosen: Candidate[] = [];
  for (const candidate of scored) {
    if (chosen.length === most) break;
    if (!chosen.some((other) => overlap(candidate, other))) chosen.push(candidate);
  }
  return chosen.map(({ written }) => written);
}

interface Candidate {
  readonly stems: readonly string[];
  readonly words: number;
  /** How firmly the archive uses its words together, 0 to 1; 1 for a single word. */
  readonly cohesion: number;
  /** Weighted count. */
  weight: number;
  /** Its place of first appearance among all candidates. */
  readonly first: number;
  readonly last: string;
  written: string;
  /** Written in the flow of a sentence, so that its capitals are its own. */
  isNatural: boolean;
}

interface Word {
  readonly written: string;
  readonly stems: readonly string[];
  readonly isWeak: boolean;
  readonly opensSentence: boolean;
}

const MAX_CHARACTERS = 20_000;
const TITLE_WEIGHT = 1.5;
const LONGEST = 4;
/** A word no other paper has is no better than a rare one: it is often a name or a slip. */
const MOST_IDF = 8;

/** Adds every part of every run, up to the longest phrase. */
function collect(
  text: string,
  weight: number,
  statistics: TermStatistics,
  into: Map<string, Candidate>,
): void {
  const isTitle = weight === TITLE_WEIGHT;
  for (const run of runsOf(text)) {
    for (let start = 0; start < run.length; start++) {
      if (run[start]?.isWeak !== false) continue;
      let cohesion = 1;
      for (let length = 1; length <= LONGEST && start + length <= run.length; length++) {
        const [before, last] = [run[start + length - 2], run[start + length - 1]];
        if (length > 1) {
          const count = statistics.pairCountOf(before?.stems.at(-1) ?? "", last?.stems[0] ?? "");
          if (count === 0 && last?.isWeak !== false) break;
          cohesion = Math.min(cohesion, count === 0 ? 0 : 0.4 + Math.min(0.6, Math.log10(count) / 4));
        }
        add(run.slice(start, start + length), cohesion, weight, isTitle, into);
      }
    }
  }
}

function add(
  words: readonly Word[],
  cohesion: number,
  weight: number,
  isTitle: boolean,
  into: Map<string, Candidate>,
): void {
  const stems = words.flatMap((word) => word.stems);
  const key = stems.join(" ");
  const known = into.get(key);
  const isNatural = !isTitle && words[0]?.opensSentence === false;
  const written = words
    .map((word, i) => (isTitle || (i === 0 && !isNatural) ? plain(word.written) : word.written))
    .join(" ");
  if (known === undefined) {
    into.set(key, {
      stems,
      words: words.length,
      cohesion,
      weight,
      first: into.size,
      last: words.at(-1)?.written ?? "",
      written,
      isNatural,
    });
    return;
  }
  known.weight += weight;
  if (known.isNatural || !isNatural) return;
  known.written = written;
  known.isNatural = true;
}

/** Takes the capital of a heading or of a sentence's first word away; a word with other capitals keeps them. */
function plain(word: string): string {
  return word
    .split("-")
    .map((part) => (/^\p{Lu}\p{Ll}+$/u.test(part) ? part.toLowerCase() : part))
    .join("-");
}

/** Runs of words with a meaning of their own, uninterrupted by stop words, numbers, signs and formulas. */
function runsOf(text: string): Word[][] {
  const runs: Word[][] = [];
  let run: Word[] = [];
  let end = 0;
  const close = (): void => {
    if (run.length > 0) runs.push(run);
    run = [];
  };
  const clear = text.replace(/\$[^$]*\$/g, (formula) => "|".repeat(formula.length));
  for (const match of clear.matchAll(/[\p{L}\p{N}]+(?:[-'’.][\p{L}\p{N}]+)*/gu)) {
    const [written] = match;
    const between = clear.slice(end, match.index);
    if (/\S/.test(between)) close();
    const opensSentence = end === 0 || /[.!?:]\s/.test(between);
    end = match.index + written.length;
    const base = written.replace(/['’]s$/, "");
    const parts = foldText(base)
      .split(/[-'’.]/)
      .filter((part) => part !== "");
    const stems = parts.map(stemOf);
    const isEmpty = parts.every((part) => isStopWord(part) || /^\d+$/.test(part)) || !isProperWord(base);
    if (isEmpty) close();
    else run.push({ written: base, stems, isWeak: stems.every(isWeakWord), opensSentence });
    if (base !== written) close();
  }
  close();
  return runs;
}

/** Abbreviations of speech, addresses of pages and single letters are none. */
function isProperWord(word: string): boolean {
  return word.length > 1 && !/^(?:e\.g|i\.e|et|al|arxiv|https?|www)$|[\p{L}]\.\p{L}{2,}/iu.test(word);
}

function idfBy({ papers, frequencyOf }: TermStatistics): (stem: string) => number {
  return (stem) => Math.min(MOST_IDF, Math.log((papers + 2) / (frequencyOf(stem) + 1)));
}

/** A single word keeps only the weight it has outside the longer phrases (C-value, Frantzi et al. 2000, simplified). */
function takeNested(candidates: Iterable<Candidate>): void {
  const singles = new Map<string, Candidate>();
  const longer: Candidate[] = [];
  for (const candidate of candidates) {
    if (candidate.words > 1) longer.push(candidate);
    else singles.set(candidate.stems.join(" "), candidate);
  }
  const taken = new Map<Candidate, number>();
  for (const { stems, weight, cohesion } of longer) {
    if (cohesion === 0 && weight < LEAST_LOOSE_WEIGHT) continue;
    for (const stem of stems) {
      const single = singles.get(stem);
      if (single !== undefined) taken.set(single, Math.max(taken.get(single) ?? 0, weight));
    }
  }
  for (const [single, weight] of taken) single.weight -= 0.8 * weight;
}

/** 0 for what is no key phrase. */
function scoreOf(
  { stems, words, cohesion, weight, first, last }: Candidate,
  idf: (stem: string) => number,
): number {
  const isName = /\p{L}.*\p{Lu}|\p{Lu}.*\p{N}/u.test(last.split("-")[0] ?? "");
  const rarity = stems.reduce((sum, stem) => sum + idf(stem), 0) / stems.length;
  if (words === 1 && (weight < (isName ? 2 : 2.5) || rarity < 3.5 || /^\p{Ll}{1,3}$/u.test(last))) return 0;
  if (words > 1 && cohesion === 0 && weight < LEAST_LOOSE_WEIGHT) return 0;
  const length = [0, isName ? 0.8 : 0.55, 1.15, 1.3, 1.2][words] ?? 1.1;
  const manner = !isName && readsAsAdjective(last) ? 0.35 : 1;
  const place = 1 + 1 / (2 + first / 25);
  return Math.log2(1 + weight) * rarity * length * (0.6 + 0.4 * cohesion) * manner * place;
}

/** Words that the archive does not know side by side must come twice, or in the title and once more. */
const LEAST_LOOSE_WEIGHT = 2;

/** Do two phrases share at least half of the shorter one's words? */
function overlap(a: Candidate, b: Candidate): boolean {
  const shared = a.stems.filter((stem) => b.stems.includes(stem)).length;
  return shared * 2 >= Math.min(a.stems.length, b.stems.length);
}
