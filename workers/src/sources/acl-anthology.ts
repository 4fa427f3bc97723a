import { type Author, parseDoi, type Reading } from "@paperwire/core";
import { abstractOf } from "./abstract.ts";
import { child, childrenOf, childText, textOf } from "./feed/element.ts";
import type { XmlElement } from "./feed/xml.ts";
import { toListing } from "./lenient.ts";
import { badRow, instantOf, type Row, readRows, untitled } from "./rows.ts";
import type { SourceKind } from "./source.ts";
import { plainOf, xmlOf } from "./xml.ts";

const place = "The ACL Anthology";

/** One collection of the ACL Anthology, in the XML of its repository (`data/xml/2024.acl.xml`). */
export const aclAnthology: SourceKind = {
  id: "acl-anthology",
  title: "ACL Anthology collection",
  everyMinutes: 1440,
  budget: { group: "acl-anthology", gapMs: 1000 },
  authority: ["acl"],
  doiPrefixes: ["10.18653", "10.3115"],
  links: true,
  home: "acl",

  recognises: (url) =>
    /^(?:raw\.githubusercontent\.com|github\.com)$/.test(url.hostname) &&
    /^\/acl-org\/acl-anthology\/.*\/data\/xml\/[\w.-]+\.xml$/.test(url.pathname),

  detects: (head) => /<collection\s+id\s*=/i.test(head) && /<volume\s/i.test(head),

  read(payload) {
    const { root, warnings: documentWarnings } = xmlOf(payload, place, ["collection"]);
    const collection = root.attributes.id ?? "";
    const papers = childrenOf(root, "volume").flatMap((volume) =>
      childrenOf(volume, "paper").map((paper) => ({ collection, volume, paper })),
    );
    const { listings, warnings } = readRows(place, papers, rowOf);
    return {
      title: `ACL Anthology ${collection}`.trim(),
      url: "https://aclanthology.org/",
      listings,
      warnings: [...documentWarnings, ...warnings],
      announced: papers.length,
    } satisfies Reading;
  },
};

interface Placed {
  readonly collection: string;
  readonly volume: XmlElement;
  readonly paper: XmlElement;
}

function rowOf({ collection, volume, paper }: Placed, at: string): Row {
  const id = anthologyId(collection, volume, paper);
  if (id === undefined) return badRow(at, "neither its address nor its place gives an identifier");
  const meta = child(volume, "meta");
  const title = textWithMaths(child(paper, "title"));
  if (title === "") return untitled(id);
  const venue = plainOf(meta === undefined ? undefined : child(meta, "booktitle"));
  const pages = childText(paper, "pages")?.replace(/-+/, "–");
  const revisions = childrenOf(paper, "revision").map(({ attributes }) => Number(attributes.id));
  const date = dateOf(paper) ?? dateOf(meta);
  return {
    listing: toListing({
      key: id,
      url: `https://aclanthology.org/${id}/`,
      title,
      abstract: abstractOf(textWithMaths(child(paper, "abstract"))),
      authors: childrenOf(paper, "author").flatMap(authorOf),
      published: date ?? instantOf(volume.attributes["ingest-date"]),
      listedOn: instantOf(volume.attributes["ingest-date"])?.slice(0, 10),
      categories: meta === undefined ? [] : childrenOf(meta, "venue").flatMap((name) => textOf(name) ?? []),
      version: Math.max(0, ...revisions.filter((number) => number > 0)) || undefined,
      doi: parseDoi(childText(paper, "doi") ?? ""),
      journalRef: venue === "" ? undefined : `${venue}${pages === undefined ? "" : `, pp. ${pages}`}`,
      language: childText(paper, "language"),
      ids: [`acl:${id}`],
      venue,
      withdrawn: childrenOf(paper, "retracted", "removed").length > 0,
    }),
  };
}

/** `2024.acl-long.12`, and `P19-1001` in the collections before 2020, where the number joins both parts. */
function anthologyId(collection: string, volume: XmlElement, paper: XmlElement): string | undefined {
  const url = childText(paper, "url");
  if (url !== undefined && /^[\w.-]+$/.test(url)) return url;
  const [part, number] = [volume.attributes.id, paper.attributes.id];
  if (collection === "" || part === undefined || number === undefined) return undefined;
  if (!/^[A-Z]\d\d$/.test(collection)) return `${collection}-${part}.${number}`;
  const isWorkshop = /^(?:W|C69)/.test(collection) || (collection === "D19" && Number(part) >= 5);
  return `${collection}-${isWorkshop ? part.padStart(2, "0") + number.padStart(2, "0") : part + number.padStart(3, "0")}`;
}

/** Text with `<tex-math>` as `$…$` and every other element resolved to what it says. */
function textWithMaths(element: XmlElement | undefined): string {
  if (element === undefined) return "";
  return plainOf({ ...element, children: element.children.map(mathsMarked) });
}

function mathsMarked(node: XmlElement | string): XmlElement | string {
  if (typeof node === "string") return node;
  return node.local === "tex-math"
    ? `$${innerText(node)}$`
    : { ...node, children: node.children.map(mathsMarked) };
}

function innerText(element: XmlElement): string {
  return textOf(element) ?? "";
}

function authorOf(author: XmlElement): Author[] {
  const name = ["first", "last"].flatMap((part) => plainOf(child(author, part)) || []).join(" ");
  if (name === "") return [];
  const affiliation = childrenOf(author, "affiliation").map(plainOf).join("; ");
  const orcid = author.attributes.orcid;
  return [{ name, ...(affiliation !== "" && { affiliation }), ...(orcid !== undefined && { orcid }) }];
}

/** Month and year as the volume prints them ("August", "July–August", "June 6-8"); the day is rarely there. */
function dateOf(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const year = childText(element, "year");
  const month = /[A-Za-z]{3,}/
    .exec(childText(element, "month") ?? "")?.[0]
    .slice(0, 3)
    .toLowerCase();
  if (year === undefined || !/^\d{4}$/.test(year)) return undefined;
  const index = month === undefined ? 0 : months.indexOf(month);
  return `${year}-${String(Math.max(0, index) + 1).padStart(2, "0")}-01T00:00:00Z`;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
