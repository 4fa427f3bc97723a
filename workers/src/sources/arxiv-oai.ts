import { PermanentError, parseArxivId, parseDoi, type Reading, type ReadWarning } from "@paperwire/core";
import { metadataOf } from "./arxiv-oai-metadata.ts";
import { arxivBudget, arxivPage, arxivText, isWithdrawn } from "./arxiv-record.ts";
import { child, childrenOf, childText, textOf } from "./feed/element.ts";
import type { XmlElement } from "./feed/xml.ts";
import { quoted } from "./json.ts";
import { toListing } from "./lenient.ts";
import { badDates, badRow, instantOf, type Row, readRows, untitled } from "./rows.ts";
import type { Payload, SourceKind } from "./source.ts";
import { descendants, xmlOf } from "./xml.ts";

const place = "arXiv's OAI-PMH";

/**
 * arXiv's OAI-PMH in the formats `arXivRaw` (every version with its date), `arXiv` and `oai_dc`. Records
 * come by the day they were changed, so a harvest holds old papers whose metadata was edited as well.
 * @see https://www.openarchives.org/OAI/openarchivesprotocol.html
 */
export const arxivOai: SourceKind = {
  id: "arxiv-oai",
  title: "arXiv OAI-PMH",
  everyMinutes: 1440,
  budget: arxivBudget,
  authority: ["arxiv"],
  links: true,
  home: "arxiv",
  calendar: "arxiv",

  recognises: (url) =>
    /^(?:oaipmh|export)\.arxiv\.org$/.test(url.hostname) && /^\/oai2?\/?$/.test(url.pathname),

  detects: (head) =>
    (/<OAI-PMH[\s>]/i.test(head) && /arxiv/i.test(head)) ||
    (/<record[\s>]/i.test(head) && /oai:arxiv\.org:/i.test(head)),

  /**
   * Everything changed since the day on which the window began. There is no upper bound: what changes
   * during a harvest belongs to it, and the next one begins at this one's day again.
   */
  requests(url, { from }) {
    const given = url.searchParams;
    if (given.has("resumptionToken") || given.get("verb") === "GetRecord") return [url.href];
    const asked = new URL(url);
    asked.searchParams.set("verb", given.get("verb") ?? "ListRecords");
    asked.searchParams.set("metadataPrefix", given.get("metadataPrefix") ?? "arXivRaw");
    if (!given.has("from")) asked.searchParams.set("from", from.toISOString().slice(0, 10));
    return [asked.href];
  },

  read(payload) {
    const { root, warnings: documentWarnings } = xmlOf(payload, place, ["oai-pmh", "record"], "record");
    const fault = root.local === "record" ? undefined : faultOf(root);
    if (fault === "nothing") return { title: "arXiv", listings: [], warnings: [] };
    const records = root.local === "record" ? childrenOf(root, "record") : descendants(root, "record");
    const deleted = records.filter(isDeleted).flatMap((record) => idOf(record) ?? []);
    const { listings, warnings } = readRows(
      place,
      records.filter((record) => !isDeleted(record)),
      rowOf,
    );
    const token = descendants(root, "resumptiontoken")[0];
    const total = Number(token?.attributes.completelistsize);
    const next = nextPage(payload, root, textOf(token));
    return {
      title: "arXiv",
      listings,
      warnings: [...documentWarnings, ...warnings],
      ...(total > 0 && { announced: total }),
      ...(deleted.length > 0 && { deleted }),
      ...(next !== undefined && { next }),
    } satisfies Reading;
  },
};

/** An answer that holds no records: nothing changed, or a refusal. */
function faultOf(root: XmlElement): "nothing" | undefined {
  const error = child(root, "error");
  const code = error?.attributes.code;
  if (code === "noRecordsMatch") return "nothing";
  if (code === "badResumptionToken") {
    throw new PermanentError(
      `${place} does not take the resumption token any more (they expire daily): start the harvest again from its first page.`,
    );
  }
  if (error !== undefined)
    throw new PermanentError(
      `${place} refused the request (${code ?? "no code"}): ${quoted(textOf(error) ?? "")}.`,
    );
  if (child(root, "listrecords") ?? child(root, "getrecord")) return undefined;
  throw new PermanentError(
    `${place} answered with something other than records; the address should say verb=ListRecords.`,
  );
}

function isDeleted(record: XmlElement): boolean {
  return child(record, "header")?.attributes.status === "deleted";
}

function idOf(record: XmlElement): string | undefined {
  const header = child(record, "header");
  return parseArxivId((header === undefined ? undefined : childText(header, "identifier")) ?? "")?.id;
}

function rowOf(record: XmlElement, at: string): Row {
  const described = child(record, "metadata")?.children.find((node) => typeof node !== "string");
  if (described === undefined || typeof described === "string") return badRow(at, "it has no metadata");
  const metadata = metadataOf(described);
  if (metadata === undefined)
    return badRow(at, `its format <${described.local}> is none of arXivRaw, arXiv and oai_dc`);
  const known = parseArxivId(metadata.id ?? "")?.id ?? idOf(record);
  const id = known ?? metadata.id;
  if (id === undefined) return badRow(at, "it has no identifier");
  const title = arxivText(metadata.title);
  if (title === "") return untitled(id);
  const abstract = arxivText(metadata.abstract);
  const [doi, ...otherDois] = metadata.dois.flatMap((text) => parseDoi(text) ?? []);
  return {
    listing: toListing({
      key: id,
      url: arxivPage(id),
      title,
      abstract,
      authors: metadata.authors,
      published: instantOf(metadata.created),
      updated: instantOf(metadata.updated ?? metadata.created),
      categories: [...new Set(metadata.categories)],
      arxivId: known,
      version: metadata.version,
      doi,
      journalRef: arxivText(metadata.journalRef),
      license: metadata.license,
      ids: otherDois.map((other) => `doi:${other}`),
      withdrawn: isWithdrawn({ title, abstract, comments: arxivText(metadata.comments) }),
    }),
    notes: [
      ...(known === undefined ? [strangeId(id)] : []),
      ...badDates(id, metadata.created, metadata.updated),
    ],
  };
}

/** Such a record is kept under the name it has: it can be read, but it leads to no arXiv paper. */
function strangeId(id: string): ReadWarning {
  return {
    code: "bad-id",
    message: `“${id}” is no arXiv identifier; the record was kept without one.`,
    at: id,
  };
}

function nextPage({ url }: Payload, root: XmlElement, token: string | undefined): string | undefined {
  const request = textOf(childrenOf(root, "request")[0]);
  const address = url ?? request;
  if (token === undefined || address === undefined || !URL.canParse(address)) return undefined;
  const next = new URL(address);
  next.search = "";
  next.searchParams.set("verb", new URL(address).searchParams.get("verb") ?? "ListRecords");
  next.searchParams.set("resumptionToken", token);
  return next.href;
}
