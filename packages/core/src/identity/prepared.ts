import { type AuthorName, authorNameOf, isEtAl } from "./author-name.ts";
import { fold, tokensOf } from "./fold.ts";
import { keysOfScheme, type PaperRecord } from "./record.ts";
import { type HashSet, runsOf, shinglesOf, trigramsOf } from "./text-sets.ts";
import { longestTitle, type TitleParts, titlePartsOf } from "./title.ts";
import { type VenueParts, venuePartsOf } from "./venue.ts";

/**
 * A record with what comparing needs, worked out once and only when asked for; worth keeping while the record
 * meets many candidates.
 */
export interface PreparedRecord {
  readonly record: PaperRecord;
  readonly title: TitleParts;
  readonly trigrams: HashSet;
  /** Groups of four characters of the title without spaces, which outlive lost and added spaces. */
  readonly runs: HashSet;
  /** The same of `allText`: a field may stand in another's place. */
  readonly allRuns: HashSet;
  /** Title, authors and venue, folded, without spaces; the abstract's beginning, where feeds put names, for authors that lack. */
  readonly allText: string;
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
  const title = once(() => titlePartsOf(record.title));
  const dois = keysOfScheme(record, "doi");
  const trigrams = once(() => trigramsOf(fold(record.title.slice(0, longestTitle))));
  const runs = once(() => runsOf(title().compact));
  const allText = once(() => allTextOf(record, title()));
  const allRuns = once(() => runsOf(allText()));
  const authors = once(() => authorsOf(record));
  const venue = once(() =>
    record.venue === undefined ? undefined : venuePartsOf(record.venue.slice(0, 300)),
  );
  const abstract = once(() => abstractOf(record));
  return {
    record,
    get title() {
      return title();
    },
    arxivIds: [...keysOfScheme(record, "arxiv"), ...dois.flatMap(arxivIdOfDoi)],
    dois,
    authorsCut: record.authors.length > mostAuthors || record.authors.some(isEtAl),
    get trigrams() {
      return trigrams();
    },
    get runs() {
      return runs();
    },
    get allText() {
      return allText();
    },
    get allRuns() {
      return allRuns();
    },
    get authors() {
      return authors();
    },
    get venue() {
      return venue();
    },
    get abstract() {
      return abstract();
    },
  };
}

function allTextOf(record: PaperRecord, title: TitleParts): string {
  const names =
    record.authors.length > 0
      ? record.authors.slice(0, mostAuthors)
      : [(record.abstract ?? "").slice(0, 400)];
  const others = [...names, record.venue ?? ""];
  return title.compact + fold(others.join(" ")).replaceAll(" ", "");
}

function authorsOf(record: PaperRecord): AuthorName[] {
  return record.authors.slice(0, mostAuthors).flatMap((raw) => authorNameOf(raw) ?? []);
}

function abstractOf(record: PaperRecord): HashSet | undefined {
  const tokens = record.abstract === undefined ? [] : tokensOf(record.abstract.slice(0, 1500));
  return tokens.length < 20 ? undefined : shinglesOf(tokens, 3);
}

/** arXiv's own DOIs carry the arXiv id. */
function arxivIdOfDoi(doi: string): string[] {
  const found = /^10\.48550\/arxiv\.(.+?)(?:v\d+)?$/.exec(doi);
  return found?.[1] === undefined ? [] : [found[1]];
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
