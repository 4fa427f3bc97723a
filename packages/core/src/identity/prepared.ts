import { type AuthorName, authorNameOf, isEtAl } from "./author-name.ts";
import { tokensOf } from "./fold.ts";
import { keysOfScheme, type PaperRecord } from "./record.ts";
import { type HashSet, shinglesOf, trigramsOf } from "./text-sets.ts";
import { type TitleParts, titlePartsOf } from "./title.ts";
import { type VenueParts, venuePartsOf } from "./venue.ts";

/** A record with everything derived once that comparing needs; worth keeping while it meets many candidates. */
export interface PreparedRecord {
  readonly record: PaperRecord;
  readonly title: TitleParts;
  readonly trigrams: HashSet;
  /** At most `mostAuthors`; a collaboration's further names add nothing. */
  readonly authors: readonly AuthorName[];
  /** Names were left out, by the source (`et al.`) or here. */
  readonly authorsCut: boolean;
  readonly venue: VenueParts | undefined;
  /** Three-word groups of the first 1,500 characters; undefined where there is no abstract worth comparing. */
  readonly abstract: HashSet | undefined;
  readonly arxivIds: readonly string[];
  readonly dois: readonly string[];
}

export const mostAuthors = 40;

export function prepare(record: PaperRecord): PreparedRecord {
  const title = titlePartsOf(record.title);
  const authors: AuthorName[] = [];
  for (const raw of record.authors.slice(0, mostAuthors)) {
    const name = authorNameOf(raw);
    if (name !== undefined) authors.push(name);
  }
  const abstractTokens = record.abstract === undefined ? [] : tokensOf(record.abstract.slice(0, 1500));
  return {
    record,
    title,
    trigrams: trigramsOf(title.tokens.join(" ")),
    authors,
    authorsCut: record.authors.length > mostAuthors || record.authors.some(isEtAl),
    venue: record.venue === undefined ? undefined : venuePartsOf(record.venue),
    abstract: abstractTokens.length < 20 ? undefined : shinglesOf(abstractTokens, 3),
    arxivIds: keysOfScheme(record, "arxiv"),
    dois: keysOfScheme(record, "doi"),
  };
}
