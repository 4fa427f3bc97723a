import { foldText, isStopWord, stemOf } from "../text-analysis.ts";
import type { TopicText } from "./tokens.ts";

/** In how many papers of an archive a stem occurs: learned word vectors carry it. */
export interface TermStatistics {
  readonly papers: number;
  /** 0 for a stem that is not known. */
  frequencyOf(stem: string): number;
}

/**
 * The phrases that say what a paper is about, best first, at most `most` (6), written as the abstract writes them.
 * Candidates are runs of one to four words without stop words, punctuation or formulas between them (as in RAKE,
 * Rose et al. 2010); a phrase scores by how often it comes, by its place in the title, and by the rarity of its
 * words in the archive; of two that overlap the better stays. A pure function; about 0.1 ms for an abstract.
 */
export function keyPhrasesOf(
  { title, abstract = "" }: TopicText,
  statistics: TermStatistics,
  most = 6,
): string[] {
  const candidates = new Map<string, Candidate>();
  collect(title, TITLE_WEIGHT, candidates);
  collect(abstract.slice(0, MAX_CHARACTERS), 1, candidates);
  const idf = idfBy(statistics);
  const scored = [...candidates.values()]
    .filter((candidate) => isPhrase(candidate, idf))
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate, idf) }))
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
  /** Weighted count. */
  weight: number;
  /** Its place of first appearance, in words. */
  readonly first: number;
  written: string;
  /** Written in the flow of a sentence, so that its capitals are its own. */
  isNatural: boolean;
}

interface Word {
  readonly written: string;
  readonly stem: string;
  readonly opensSentence: boolean;
}

const MAX_CHARACTERS = 20_000;
const TITLE_WEIGHT = 1.5;
const LONGEST = 4;

/** Adds every run of words up to the longest phrase. */
function collect(text: string, weight: number, into: Map<string, Candidate>): void {
  const isTitle = weight === TITLE_WEIGHT;
  for (const run of runsOf(text)) {
    for (let start = 0; start < run.length; start++) {
      for (let length = 1; length <= LONGEST && start + length <= run.length; length++) {
        const words = run.slice(start, start + length);
        add(words, weight, isTitle || words[0]?.opensSentence === true, into);
      }
    }
  }
}

function add(words: readonly Word[], weight: number, isStyled: boolean, into: Map<string, Candidate>): void {
  const stems = words.map(({ stem }) => stem);
  const key = stems.join(" ");
  const known = into.get(key);
  const written = words.map((word, i) => (isStyled ? plain(word.written, i) : word.written)).join(" ");
  if (known === undefined) {
    into.set(key, { stems, weight, first: into.size, written, isNatural: !isStyled });
    return;
  }
  known.weight += weight;
  if (known.isNatural || isStyled) return;
  known.written = written;
  known.isNatural = true;
}

/** Takes the capital of a heading or of a sentence's first word away; what has other capitals keeps them. */
function plain(word: string, place: number): string {
  const [first = "", ...others] = word.split("-");
  const isOrdinary = (part: string): boolean => /^\p{Lu}\p{Ll}+$/u.test(part);
  if (place === 0 || isOrdinary(first)) {
    return [first, ...others].map((part) => (isOrdinary(part) ? part.toLowerCase() : part)).join("-");
  }
  return word;
}

/** Runs of words with a meaning of their own, uninterrupted by stop words, weak words, signs and formulas. */
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
    const parts = foldText(written)
      .split(/[-'’.]/)
      .filter((part) => part !== "");
    const stem = parts.map(stemOf).join("-");
    const isEmpty = parts.every((part) => isStopWord(part) || WEAK.has(stemOf(part)) || /^\d+$/.test(part));
    if (isEmpty || stem.length < 2) close();
    else run.push({ written, stem, opensSentence });
  }
  close();
  return runs;
}

function idfBy({ papers, frequencyOf }: TermStatistics): (stem: string) => number {
  return (stem) => {
    const parts = stem.split("-").map((part) => Math.log((papers + 2) / (frequencyOf(part) + 1)));
    return Math.min(MOST_IDF, Math.max(...parts));
  };
}

/** A phrase may not begin or end with a word that one paper in twelve uses, unless the paper keeps saying it. */
function isPhrase({ stems, weight }: Candidate, idf: (stem: string) => number): boolean {
  const edge = Math.min(idf(stems[0] ?? ""), idf(stems.at(-1) ?? ""));
  if (stems.length === 1) return idf(stems[0] ?? "") > 3.5 && weight >= 2;
  return edge > 1.2 && (edge > 2.5 || weight >= 2) && (stems.length < 3 || weight >= TITLE_WEIGHT);
}

function scoreOf({ stems, weight, first }: Candidate, idf: (stem: string) => number): number {
  const mean = stems.reduce((sum, stem) => sum + idf(stem), 0) / stems.length;
  const length = [0, 0.6, 1.15, 1.2, 1.1][stems.length] ?? 1;
  return Math.log2(1 + weight) * mean * length * (1 + 1 / (3 + first / 40));
}

/** Do two phrases share more than half of the shorter one's words? */
function overlap(a: Candidate, b: Candidate): boolean {
  const shared = a.stems.filter((stem) => b.stems.includes(stem)).length;
  return shared * 2 >= Math.min(a.stems.length, b.stems.length);
}

/** A word no other paper has is no better than a rare one: it is often a name or a slip. */
const MOST_IDF = 8;

/** Stems of words that hold abstracts together and name no subject. */
const WEAK: ReadonlySet<string> = new Set(
  `abstract achiev address adopt advanc aim allow altern analysi analyz appli applic approach apart arbitrari articl
   aspect assess author avail base becom benefit best better bring call capabl case challeng code combin compar
   comparison complet comprehens conclus conduct consid consist construct contain contrast contribut conveni
   current deal demonstr depend deriv describ design despit detail determin develop differ difficult directli
   discuss effect effici emerg employ enabl enhanc ensur entir especi essenti establish evalu exampl exhibit exist
   experi experiment explain explicit exploit explor extend extens face fact fail final find first focu follow
   form formul framework full fundament furthermor gain gap gener give given goal good great growth high higher
   highlight hold idea identifi illustr impact implement import improv includ incorpor increas independ indic
   insight inspir integr interest introduc investig involv issu keep kei key known lack lead led leverag level
   limit literatur long low lower main maintain major make method methodolog motiv move natur necessari need new
   novel number obtain offer open outperform overal overcom paper particular perform period point popular posit
   possibl potenti practic present preserv previou prior problem procedur process produc progress promis promot
   proof propos prove provid publicli purpos question rang rare real reason recent reduc regard relat releas reli
   reliabl remain report repres requir research resolv respect result reveal rich rigor role same scenario second
   seek seri serv set sever show shown signific significantli similar simpl simultan singl situat small solut solv
   sota special specif standard start state step still strategi strength strong studi substanti success suffer
   suffici suggest suitabl superior support surpass systemat tackl take target tend term test theori third three
   thorough time topic total tradit try two type typic understand uniqu usag usual util valid valu vari variou
   verifi version view wai way well wide widespread work year yield`.split(/\s+/),
);
