import { foldSpace, type Listing, plainText, type Reading } from "@paperwire/core";
import type {
  FeedDocument,
  FeedEntry,
  FeedPerson,
  FeedText,
} from "@paperwire/workers/sources/feed/document.ts";
import { instantText as parseDate } from "@paperwire/workers/sources/feed/instant.ts";

/** What a foreign suite may expect of a feed or of one of its entries, in words all suites share. */
export type Field =
  | "title"
  | "link"
  | "summary"
  | "content"
  | "language"
  | "id"
  | "published"
  | "updated"
  | "rights"
  | "author"
  | "authors"
  | "category"
  | "categories"
  | "entries";

/** One value a suite expects in one file. */
export interface Expectation {
  readonly file: string;
  /** As the suite names it: `entries[0].title`. */
  readonly path: string;
  /** Why it is not counted, where it is not. */
  readonly excluded?: string;
  readonly field?: Field;
  /** Number of the entry, or undefined for the feed itself. */
  readonly entry?: number;
  /** Number within the list, for `author` and `category`. */
  readonly index?: number;
  /** Text, a list of texts, a number of entries; `null` for "there is none". */
  readonly expected?: string | number | null | readonly string[];
  /** The suite strips markup in its own way: white space is not compared; `…` at the end, or 512 characters, means it was cut. */
  readonly isStripped?: boolean;
}

export interface Subject {
  readonly feed: FeedDocument;
  readonly reading: Reading;
}

/** Undefined when the expectation holds, else what was found instead. */
export function found(subject: Subject, expectation: Expectation): string | undefined {
  const { field, entry: at, expected } = expectation;
  if (field === undefined || expected === undefined) return "nothing to compare";
  if (field === "entries")
    return subject.feed.entries.length === expected ? undefined : String(subject.feed.entries.length);
  const entry = at === undefined ? undefined : subject.feed.entries[at];
  if (at !== undefined && entry === undefined) return "no such entry";
  const said = entry === undefined ? feedSays(subject.feed, expectation) : entrySays(entry, expectation);
  if (expectation.isStripped === true && typeof expected === "string") return strippedMiss(said, expected);
  const people = entry?.authors ?? subject.feed.authors;
  if (
    field === "authors" &&
    Array.isArray(expected) &&
    at !== undefined &&
    expected.length === people.length
  ) {
    return expected.every((name, i) => personForms(people[i])?.includes(name))
      ? undefined
      : JSON.stringify(said);
  }
  if (!agrees(field, said, expected)) return JSON.stringify(said);
  const listing = at === undefined ? undefined : listingOf(subject, at);
  if (at === undefined) return readingMiss(subject.reading, expectation);
  if (listing === undefined) return "no listing for the entry";
  if (field === "id" && subject.feed.entries.filter(({ id }) => id === entry?.id).length > 1)
    return undefined;
  return listingMiss(listing, entry as FeedEntry, expectation);
}

/** The listing that came of an entry: they share their order, and duplicates are dropped from the end. */
function listingOf({ feed, reading }: Subject, at: number): Listing | undefined {
  if (feed.entries.length === reading.listings.length) return reading.listings[at];
  const { id, link } = feed.entries[at] ?? {};
  return reading.listings.find(
    ({ key, url }) => (id !== undefined && key === id) || (link !== undefined && url === link),
  );
}

type Said = string | readonly string[] | undefined;

function feedSays(feed: FeedDocument, { field, index }: Expectation): Said {
  if (field === "summary") return plain(feed.description);
  if (field === "title" || field === "rights") return plain(feed[field]);
  if (field === "author") return personForms(feed.authors[index ?? 0]);
  if (field === "authors") return feed.authors.map(nameOf);
  if (field === "category") return feed.categories[index ?? 0]?.term;
  if (field === "categories") return feed.categories.map(({ term }) => term);
  if (field === "content" || field === "entries" || field === undefined) return undefined;
  return feed[field];
}

function entrySays(entry: FeedEntry, { field, index }: Expectation): Said {
  if (field === "summary")
    return [plain(entry.summary), plain(entry.content)].filter((text) => text !== undefined);
  if (field === "content")
    return [plain(entry.content), plain(entry.summary)].filter((text) => text !== undefined);
  if (field === "title" || field === "rights") return plain(entry[field]);
  if (field === "author") return personForms(entry.authors[index ?? 0]);
  if (field === "authors") return entry.authors.map(nameOf);
  if (field === "category") return entry.categories[index ?? 0]?.term;
  if (field === "categories") return entry.categories.map(({ term }) => term);
  if (field === "entries" || field === undefined) return undefined;
  return entry[field];
}

/** The reading carries the feed's title and link; what else a suite expects of a feed is in the model only. */
function readingMiss(reading: Reading, { field, expected }: Expectation): string | undefined {
  if (field !== "title" && field !== "link") return undefined;
  const said = field === "title" ? reading.title : reading.url;
  return agrees(field, said, expected ?? null) ? undefined : `reading: ${JSON.stringify(said)}`;
}

function listingMiss(listing: Listing, entry: FeedEntry, expectation: Expectation): string | undefined {
  const { field, expected, index } = expectation;
  const miss = (said: unknown) => `listing: ${JSON.stringify(said)}`;
  switch (field) {
    case "title":
      return agrees(field, listing.title, expected ?? null) ? undefined : miss(listing.title);
    case "link":
      return agrees(field, listing.url, expected ?? null) ? undefined : miss(listing.url);
    case "id":
      return expected === null || listing.key === expected || entry.id === undefined
        ? undefined
        : miss(listing.key);
    case "summary":
    case "content": {
      const other = plain(entry.summary) !== undefined && plain(entry.content) !== undefined;
      return other || agrees(field, listing.abstract, expected ?? null) ? undefined : miss(listing.abstract);
    }
    case "language":
      return expected === null || agrees(field, listing.language, expected ?? null)
        ? undefined
        : miss(listing.language);
    case "published":
    case "updated": {
      const said = listing[field];
      const instant = typeof expected === "string" ? parseDate(expected) : undefined;
      return second(said) === second(instant) ? undefined : miss(said);
    }
    case "author": {
      const author = listing.authors[index ?? 0];
      const forms = personForms(entry.authors[index ?? 0]) ?? [];
      if (author === undefined) return expected === null ? undefined : miss(undefined);
      // Several people in one text are told apart.
      const isSplit =
        listing.authors.length > 1 && listing.authors.every(({ name }) => String(expected).includes(name));
      return forms.includes(author.name) || isSplit ? undefined : miss(author);
    }
    case "authors":
      return agrees(
        field,
        listing.authors.map(({ name }) => name),
        expected ?? null,
      )
        ? undefined
        : miss(listing.authors);
    case "category":
      return expected === null || listing.categories.some((term) => same(term, String(expected)))
        ? undefined
        : miss(listing.categories);
    case "categories": {
      const wanted = new Set(Array.isArray(expected) ? expected.map((term) => foldSpace(String(term))) : []);
      return [...wanted].every((term) => listing.categories.some((one) => same(one, term)))
        ? undefined
        : miss(listing.categories);
    }
    default:
      return undefined;
  }
}

function agrees(field: Field, said: Said, expected: string | number | null | readonly string[]): boolean {
  if (expected === null) return said === undefined || said.length === 0;
  if (typeof expected === "number") return Array.isArray(said) && said.length === expected;
  if (Array.isArray(expected) && field === "categories") {
    return (
      Array.isArray(said) &&
      said.length >= expected.length &&
      expected.every((text) => said.some((one) => same(one, text)))
    );
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(said) &&
      said.length === expected.length &&
      expected.every((text, i) => same(text, said[i]))
    );
  }
  const wanted = String(expected);
  if (foldSpace(plainText(wanted)) === "" && (said === undefined || said.length === 0)) return true;
  if (Array.isArray(said)) return said.some((text) => same(text, wanted));
  if (typeof said !== "string") return false;
  if (field === "published" || field === "updated") {
    return (
      said.trim() === wanted.trim() ||
      (parseDate(said) !== undefined && second(parseDate(said)) === second(parseDate(wanted)))
    );
  }
  if (field === "link") return sameAddress(said, wanted.trim());
  return same(said, wanted);
}

/** Compares a text from which a suite removed the markup itself, and which it may have cut. */
function strippedMiss(said: Said, expected: string): string | undefined {
  const letters = (text: string) => plainText(text).replace(/\s+/g, "");
  const isCut = /(?:…|\.\.\.)$/.test(expected) || expected.length >= 500;
  const wanted = letters(expected.replace(/\s*(?:…|\.\.\.)$/, ""));
  const texts = typeof said === "string" ? [said] : (said ?? []);
  const holds = texts.some(
    (text) => letters(text) === letters(expected) || (isCut && letters(text).startsWith(wanted)),
  );
  return holds || (wanted === "" && texts.length === 0) ? undefined : JSON.stringify(said);
}

/** Most suites keep no fractions of seconds. */
function second(instant: string | undefined): string | undefined {
  return instant?.slice(0, 19);
}

/** A relative address a suite leaves as written is expected to be resolved. */
function sameAddress(said: string, wanted: string): boolean {
  return (
    said === wanted ||
    (URL.canParse(wanted, said) && URL.canParse(said) && new URL(wanted, said).href === new URL(said).href)
  );
}

/** Equal as plain text: suites expect markup where Paperwire keeps none. */
function same(a: string | undefined, b: string): boolean {
  return a !== undefined && (a.trim() === b.trim() || foldSpace(plainText(a)) === foldSpace(plainText(b)));
}

function plain(text: FeedText | undefined): string | undefined {
  if (text === undefined) return undefined;
  return (text.type === "html" ? plainText(text.value) : foldSpace(text.value)) || undefined;
}

function nameOf(person: FeedPerson): string {
  return person.name ?? person.email ?? person.url ?? "";
}

/** The ways in which suites write one person. */
function personForms(person: FeedPerson | undefined): string[] | undefined {
  if (person === undefined) return undefined;
  const { name, email, url } = person;
  return [
    name,
    email,
    url,
    ...(name !== undefined && email !== undefined
      ? [`${name} (${email})`, `${email} (${name})`, `${name} <${email}>`]
      : []),
  ].filter((form) => form !== undefined);
}
