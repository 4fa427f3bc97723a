import { authorKey, canonicalCategory, type Listing, parseDoi, titleKey } from "@paperwire/core";

/** Expected against read, field by field, with what differs named. */
export interface Tally {
  same(field: string, read: unknown, expected: unknown, at: string | undefined): void;
  readonly failures: string[];
  total(): number;
  summary(): string;
}

export function tallyOf(): Tally {
  const failures: string[] = [];
  let total = 0;
  return {
    failures,
    total: () => total,
    summary: () => `${total - failures.length} of ${total} fields as expected`,
    same(field, read, expected, at) {
      total += 1;
      if (JSON.stringify(read) === JSON.stringify(expected)) return;
      failures.push(`${at}: ${field} is ${JSON.stringify(read)}, expected ${JSON.stringify(expected)}`);
    },
  };
}

export interface Inspire {
  readonly titles: readonly { title: string }[];
  readonly abstracts: readonly { value: string }[];
  readonly authors?: readonly { full_name: string }[];
  readonly arxiv_eprints: readonly { value: string; categories: string[] }[];
  readonly dois?: readonly { value: string }[];
  readonly license?: readonly { url: string }[];
  readonly preprint_date: string;
  readonly publication_info?: readonly { pubinfo_freetext: string }[];
}

/** INSPIRE sorts authors and categories and spaces initials its own way: people and codes are compared as sets. */
export function compareInspire(tally: Tally, record: Inspire, listing: Listing): void {
  const at = listing.key;
  const folded = (names: readonly string[]) => names.map(authorKey).sort();
  tally.same("title", listing.title, record.titles[0]?.title, at);
  tally.same("abstract", titleKey(listing.abstract ?? ""), titleKey(record.abstracts[0]?.value ?? ""), at);
  tally.same(
    "authors",
    folded(listing.authors.map(({ name }) => name)),
    folded((record.authors ?? []).map((author) => author.full_name)),
    at,
  );
  tally.same(
    "categories",
    [...listing.categories].sort(),
    [...(record.arxiv_eprints[0]?.categories ?? [])].sort(),
    at,
  );
  tally.same("doi", listing.doi, record.dois?.[0] && parseDoi(record.dois[0].value), at);
  tally.same("license", listing.license, record.license?.[0]?.url, at);
  tally.same("published", listing.published?.slice(0, 10), record.preprint_date, at);
  tally.same("journal", listing.journalRef, record.publication_info?.[0]?.pubinfo_freetext, at);
}

export interface InspireWork {
  readonly title: string;
  readonly authors?: readonly {
    full_name: string;
    ids?: readonly { value: string }[];
    raw_affiliations?: readonly { value: string }[];
  }[];
  readonly dois: readonly { doi: string }[];
  readonly license?: readonly { url: string }[];
  readonly year?: number | null;
  readonly imprints?: string | null;
  readonly journal_title?: string;
}

export function compareWork(tally: Tally, work: InspireWork, listing: Listing): void {
  const at = listing.key;
  const authors = work.authors ?? [];
  tally.same("title", listing.title, work.title, at);
  tally.same("doi", listing.doi, work.dois[0]?.doi, at);
  tally.same(
    "authors",
    listing.authors.map(({ name }) => authorKey(name)),
    authors.map((author) => authorKey(author.full_name)),
    at,
  );
  tally.same(
    "orcid",
    listing.authors.map(({ orcid }) => orcid ?? null),
    authors.map(({ ids }) => ids?.[0]?.value ?? null),
    at,
  );
  const affiliations = authors.map(
    (author) => author.raw_affiliations?.map(({ value }) => value).join("; ") ?? null,
  );
  tally.same(
    "affiliation",
    listing.authors.map(({ affiliation }) => affiliation ?? null),
    affiliations,
    at,
  );
  tally.same("license", listing.license, work.license?.[0]?.url, at);
  if (work.year) tally.same("year", Number(listing.published?.slice(0, 4)), work.year, at);
  if (work.imprints) tally.same("published", listing.published?.startsWith(work.imprints), true, at);
  if (work.journal_title) tally.same("journal", listing.venue, work.journal_title, at);
}

export interface AdsRecord {
  readonly title: { textEnglish: string };
  readonly abstract: { textEnglish: string };
  readonly authors: readonly { name: { given_name?: string; middle_name?: string; surname?: string } }[];
  readonly pubDate: { electrDate: string };
  readonly publisherIDs: readonly { Identifier: string }[];
}

export function compareAds(tally: Tally, record: AdsRecord, listing: Listing): void {
  const at = listing.key;
  const names = record.authors.map(({ name }) =>
    [name.given_name, name.middle_name, name.surname].filter((part) => part).join(" "),
  );
  const doi = record.publisherIDs
    .map(({ Identifier }) => parseDoi(Identifier))
    .find((found) => found !== undefined);
  tally.same("title", listing.title, record.title.textEnglish, at);
  tally.same("abstract", listing.abstract, record.abstract.textEnglish, at);
  tally.same(
    "authors",
    listing.authors.map(({ name }) => name),
    names,
    at,
  );
  tally.same("published", listing.published?.slice(0, 10), record.pubDate.electrDate, at);
  tally.same(
    "identifier",
    record.publisherIDs.some(({ Identifier }) => Identifier === `oai:arXiv.org:${listing.arxivId}`),
    true,
    at,
  );
  tally.same("doi", listing.doi, doi, at);
  tally.same(
    "categories are codes",
    listing.categories.every((code) => code === canonicalCategory(code) && !code.includes(" ")),
    true,
    at,
  );
}
