import { type Author, parseDoi, plainText } from "@paperwire/core";
import { abstractOf } from "./abstract.ts";
import { child, childrenOf, childText, textOf } from "./feed/element.ts";
import type { XmlElement } from "./feed/xml.ts";
import { orcidOf, toListing } from "./lenient.ts";
import { badRow, instantOf, type Row, untitled } from "./rows.ts";
import { plainOf } from "./xml.ts";

/**
 * One `PubmedArticle` or `PubmedBookArticle` as a listing. Titles keep PubMed's full stop and, where PubMed
 * translated them, its brackets.
 * @see https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html
 */
export function recordOf(record: XmlElement, at: string): Row {
  const citation = child(record, "medlinecitation") ?? child(record, "bookdocument");
  const pmid = citation === undefined ? undefined : childText(citation, "pmid");
  if (citation === undefined || pmid === undefined) return badRow(at, "it has no PMID");
  const article = child(citation, "article") ?? citation;
  const data = child(record, "pubmeddata") ?? child(record, "pubmedbookdata");
  const title =
    plainOf(child(article, "articletitle")) ||
    plainOf(child(article, "vernaculartitle")) ||
    bookTitle(article);
  if (title === "") return untitled(pmid);
  const ids = idsOf(citation, data);
  const journal = child(article, "journal");
  const language = childText(article, "language");
  return {
    listing: toListing({
      key: pmid,
      url: `https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(pmid)}/`,
      title,
      abstract: abstractOf(abstractText(child(article, "abstract"))),
      authors: childrenOf(article, "authorlist")
        .filter(({ attributes }) => attributes.type !== "editors")
        .flatMap((authors) => childrenOf(authors, "author").flatMap(authorOf)),
      published: publishedOf(article, data),
      updated: dateIn(child(citation, "daterevised")),
      categories: subjectsOf(citation),
      doi: doiOf(article, ids),
      journalRef: journalRef(article, journal),
      ids: [`pmid:${pmid}`, ...(ids.get("pmc") ? [`pmcid:${ids.get("pmc")}`] : [])],
      language: language === undefined ? undefined : shortLanguage(language),
      venue: journal === undefined ? bookTitle(article) : plainText(childText(journal, "title") ?? ""),
      withdrawn: isRetracted(article, citation),
    }),
  };
}

function bookTitle(article: XmlElement): string {
  const book = child(article, "book");
  return book === undefined ? "" : plainOf(child(book, "booktitle"));
}

/** Structured abstracts keep their labels ("METHODS: …"). */
function abstractText(abstract: XmlElement | undefined): string {
  if (abstract === undefined) return "";
  return childrenOf(abstract, "abstracttext")
    .flatMap((part) => {
      const said = plainOf(part);
      const label = part.attributes.label;
      return said === ""
        ? []
        : [label === undefined || /^unlabelled$/i.test(label) ? said : `${label}: ${said}`];
    })
    .join(" ");
}

function authorOf(author: XmlElement): Author[] {
  if (author.attributes.validyn === "N") return [];
  const person = ["forename", "lastname", "suffix"].flatMap((part) => plainOf(child(author, part)) || []);
  const name = person.length > 0 ? person.join(" ") : plainOf(child(author, "collectivename"));
  if (name === "") return [];
  const affiliation = childrenOf(author, "affiliationinfo")
    .flatMap((info) => plainOf(child(info, "affiliation")).replace(mail, "") || [])
    .join("; ");
  const known = childrenOf(author, "identifier").find(({ attributes }) =>
    /orcid/i.test(attributes.source ?? ""),
  );
  const orcid = orcidOf(textOf(known)?.replace(/^(\d{4})(\d{4})(\d{4})(\d{3}[\dX])$/, "$1-$2-$3-$4"));
  return [{ name, ...(affiliation !== "" && { affiliation }), ...(orcid !== undefined && { orcid }) }];
}

/** Addresses of people, which publishers leave in affiliations. */
const mail =
  / ?(?:Electronic address: ?|E-?mail: ?)?(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}\.?/gi;

/** Every identifier PubMed knows of the paper itself (not of its references), by type. */
function idsOf(citation: XmlElement, data: XmlElement | undefined): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const holder of [data, citation]) {
    for (const group of holder === undefined ? [] : childrenOf(holder, "articleidlist")) {
      for (const id of childrenOf(group, "articleid")) {
        const value = textOf(id);
        if (value !== undefined) ids.set(id.attributes.idtype ?? "", value);
      }
    }
  }
  return ids;
}

function doiOf(article: XmlElement, ids: ReadonlyMap<string, string>): string | undefined {
  const stated = childrenOf(article, "elocationid").find(
    ({ attributes }) => attributes.eidtype === "doi" && attributes.validyn !== "N",
  );
  return parseDoi(textOf(stated) ?? "") ?? parseDoi(ids.get("doi") ?? "");
}

/** The electronic date, else the issue's, else the day the record came to PubMed. */
function publishedOf(article: XmlElement, data: XmlElement | undefined): string | undefined {
  const journal = child(article, "journal");
  const issue = journal === undefined ? child(article, "book") : child(journal, "journalissue");
  const printed = issue === undefined ? undefined : child(issue, "pubdate");
  const electronic = dateIn(child(article, "articledate"));
  if (electronic !== undefined) return electronic;
  const history = data === undefined ? undefined : child(data, "history");
  const entered = history === undefined ? [] : childrenOf(history, "pubmedpubdate");
  const came = entered.find(
    ({ attributes }) => attributes.pubstatus === "entrez" || attributes.pubstatus === "pubmed",
  );
  return dateIn(printed) ?? medlineDate(printed) ?? dateIn(came);
}

/** `<Year>`, `<Month>` as a number or a name, `<Day>`; the first day where none is given. */
function dateIn(element: XmlElement | undefined): string | undefined {
  const year = element === undefined ? undefined : childText(element, "year");
  if (element === undefined || year === undefined) return undefined;
  const month = monthOf(childText(element, "month") ?? childText(element, "season") ?? "1");
  const day = childText(element, "day") ?? "1";
  return instantOf(`${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}`);
}

/** Issues that span time: "1998 Dec-1999 Jan", "2000 Spring", "1975-1976". */
function medlineDate(element: XmlElement | undefined): string | undefined {
  const [, year, month] =
    /(\d{4})(?:[\s-]+([A-Za-z]{3}))?/.exec((element && childText(element, "medlinedate")) ?? "") ?? [];
  return year === undefined
    ? undefined
    : instantOf(`${year}-${String(monthOf(month ?? "1")).padStart(2, "0")}-01`);
}

function monthOf(text: string): number {
  const number = Number(text);
  if (number >= 1 && number <= 12) return number;
  const start = text.slice(0, 3).toLowerCase();
  return months[start] ?? 1;
}

const months: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mar: 3,
  apr: 4,
  may: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  nov: 11,
  dec: 12,
  win: 1,
  spr: 3,
  sum: 6,
  aut: 9,
  fal: 9,
};

/** Authors' keywords, then the indexers' main headings. */
function subjectsOf(citation: XmlElement): string[] {
  const keywords = childrenOf(citation, "keywordlist").flatMap((group) =>
    childrenOf(group, "keyword").map(plainOf),
  );
  const headings = childrenOf(citation, "meshheadinglist").flatMap((group) =>
    childrenOf(group, "meshheading"),
  );
  const main = headings.filter((heading) =>
    heading.children.some((node) => typeof node !== "string" && node.attributes.majortopicyn === "Y"),
  );
  const named = (main.length > 0 ? main : headings).map((heading) =>
    plainOf(child(heading, "descriptorname")),
  );
  return [...new Set([...keywords, ...named])].filter((subject) => subject !== "");
}

function journalRef(article: XmlElement, journal: XmlElement | undefined): string | undefined {
  if (journal === undefined) return undefined;
  const name = childText(journal, "isoabbreviation", "title");
  const issue = child(journal, "journalissue");
  const volume = issue === undefined ? undefined : childText(issue, "volume");
  if (name === undefined || volume === undefined) return undefined;
  const number = issue === undefined ? undefined : childText(issue, "issue");
  const pagination = child(article, "pagination");
  const pages =
    pagination === undefined
      ? undefined
      : (childText(pagination, "medlinepgn") ?? childText(pagination, "startpage"));
  const year = /\d{4}/.exec((issue && textOf(child(issue, "pubdate"))) ?? "")?.[0];
  return plainText(
    `${name} ${volume}${number ? `(${number})` : ""}${pages ? `, ${pages}` : ""}${year ? ` (${year})` : ""}`,
  );
}

function isRetracted(article: XmlElement, citation: XmlElement): boolean {
  const types = childrenOf(article, "publicationtypelist").flatMap((group) =>
    childrenOf(group, "publicationtype").map(plainOf),
  );
  const notes = childrenOf(citation, "commentscorrectionslist").flatMap((group) =>
    childrenOf(group, "commentscorrections"),
  );
  return (
    types.includes("Retracted Publication") ||
    notes.some(({ attributes }) => attributes.reftype === "RetractionIn")
  );
}

/** `eng` → `en`, including MARC's own codes. */
function shortLanguage(code: string): string | undefined {
  const known = bibliographic[code.toLowerCase()] ?? code.toLowerCase();
  if (!/^[a-z]{2,3}$/.test(known) || known === "und" || known === "mul") return undefined;
  return Intl.getCanonicalLocales(known)[0];
}

const bibliographic: Readonly<Record<string, string>> = {
  alb: "sq",
  arm: "hy",
  baq: "eu",
  bur: "my",
  chi: "zh",
  cze: "cs",
  dut: "nl",
  fre: "fr",
  geo: "ka",
  ger: "de",
  gre: "el",
  ice: "is",
  mac: "mk",
  may: "ms",
  per: "fa",
  rum: "ro",
  slo: "sk",
  tib: "bo",
  wel: "cy",
  hrv: "hr",
};
