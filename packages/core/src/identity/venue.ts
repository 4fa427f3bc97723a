import { tokensOf } from "./fold.ts";

export type VenueClass = "journal" | "conference" | "workshop" | "preprint" | "other";

/** A venue's name taken apart. */
export interface VenueParts {
  /** Words that tell venues apart; abbreviations and words such as "proceedings" are gone. */
  readonly words: readonly string[];
  readonly acronyms: readonly string[];
  readonly class: VenueClass;
}

export function venuePartsOf(venue: string): VenueParts | undefined {
  const tokens = tokensOf(venue).filter(
    (token) => !/^\d+(?:st|nd|rd|th)?$/.test(token) && token !== "hellip",
  );
  if (tokens.length === 0) return undefined;
  const words = tokens.filter((token) => !empty.has(token));
  return { words, acronyms: acronymsOf(words), class: classOf(tokens.join(" ")) };
}

/** 0 nothing in common … 1 the same venue, where abbreviations (`trans.`) and acronyms (`vldb`) count as their words. */
export function venueSimilarity(a: VenueParts, b: VenueParts): number {
  if (a.words.length === 0 || b.words.length === 0) return 0;
  for (const acronym of a.acronyms) if (b.words.includes(acronym)) return 1;
  for (const acronym of b.acronyms) if (a.words.includes(acronym)) return 1;
  let agreed = 0;
  for (const word of a.words) if (b.words.some((other) => abbreviates(word, other))) agreed += 1;
  return agreed / Math.min(a.words.length, b.words.length);
}

function abbreviates(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length >= 2 && long.startsWith(short);
}

/** First letters of the words; also without the first words that only say where (`international …`, `acm …`). */
function acronymsOf(words: readonly string[]): string[] {
  const letters = words.map((word) => word[0] ?? "").join("");
  return [letters, letters.slice(1)].filter((acronym) => acronym.length >= 3);
}

function classOf(text: string): VenueClass {
  if (/\b(?:arxiv|corr|biorxiv|medrxiv|ssrn|preprint|eprint|openreview)\b/.test(text)) return "preprint";
  if (/\b(?:workshop|wkshp)\b/.test(text)) return "workshop";
  if (
    /\b(?:trans|transactions|j|journal|record|letters|lett|magazine|review|rev|bulletin|annals|acta|communications|comm|quarterly|archive|tods|tkde)\b/.test(
      text,
    )
  )
    return "journal";
  if (
    /\b(?:conf|conference|proc|proceedings|symposium|symp|intl|international|congress|meeting|vldb|sigmod|icde|pods|neurips|nips|icml|iclr|acl|naacl|emnlp|cvpr|iccv|eccv|aaai|ijcai|kdd|colm|corl|aistats|very large data bases)\b/.test(
      text,
    )
  )
    return "conference";
  return "other";
}

const empty = new Set([
  "the",
  "of",
  "on",
  "and",
  "in",
  "for",
  "proc",
  "proceedings",
  "annual",
  "conference",
  "conf",
  "intl",
  "international",
  "symposium",
  "acm",
  "ieee",
  "a",
  "an",
  "de",
  "th",
]);
