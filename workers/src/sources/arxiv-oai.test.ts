import { expect, test } from "vitest";
import { arxivOai } from "./arxiv-oai.ts";

const answer = (inner: string) =>
  new TextEncoder().encode(
    `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-07-15T03:00:00Z</responseDate>
     <request verb="ListRecords">https://oaipmh.arxiv.org/oai</request>${inner}</OAI-PMH>`,
  );
const record = (metadata: string, id = "2607.00001") =>
  `<record><header><identifier>oai:arXiv.org:${id}</identifier><datestamp>2026-07-14</datestamp></header><metadata>${metadata}</metadata></record>`;
const raw = (inner: string, id = "2607.00001") =>
  record(
    `<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>${id}</id><title>A title</title>${inner}</arXivRaw>`,
    id,
  );

test("an expired token says to start again, other faults say what arXiv said, nothing to list is no fault", () => {
  const failing = (code: string, text: string) => () =>
    arxivOai.read({ bytes: answer(`<error code="${code}">${text}</error>`) });
  expect(failing("badResumptionToken", "expired")).toThrow("start the harvest again");
  expect(failing("cannotDisseminateFormat", "no such format")).toThrow("no such format");
  expect(failing("noRecordsMatch", "none")()).toEqual({ title: "arXiv", listings: [], warnings: [] });
});

test("a token leads to the next page at the same address, an empty one ends the list", () => {
  const page = (token: string) => answer(`<ListRecords>${raw("")}${token}</ListRecords>`);
  const url = "http://127.0.0.1:8080/oai?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-07-14";
  expect(arxivOai.read({ bytes: page("<resumptionToken>a|1</resumptionToken>"), url }).next).toBe(
    "http://127.0.0.1:8080/oai?verb=ListRecords&resumptionToken=a%7C1",
  );
  expect(arxivOai.read({ bytes: page("<resumptionToken/>"), url }).next).toBeUndefined();
});

test("the highest version counts, in whatever order the versions stand", () => {
  const versions = `<version version="v10"><date>Tue, 2 Jun 2026 10:00:00 GMT</date></version><version version="v1"><date>Mon, 1 Jun 2026 10:00:00 GMT</date></version>`;
  expect(
    arxivOai.read({ bytes: answer(`<ListRecords>${raw(versions)}</ListRecords>`) }).listings[0],
  ).toMatchObject({
    version: 10,
    published: "2026-06-01T10:00:00Z",
    updated: "2026-06-02T10:00:00Z",
  });
});

test("of several DOIs the first is the paper's, the others lead to it", () => {
  const inner = `<doi>10.1103/PhysRevD.93.016005, 10.1103/PhysRevD.98.079901;10.1103/PhysRevD.98.079903</doi>`;
  expect(arxivOai.read({ bytes: answer(`<GetRecord>${raw(inner)}</GetRecord>`) }).listings[0]).toMatchObject({
    doi: "10.1103/physrevd.93.016005",
    ids: ["doi:10.1103/physrevd.98.079901", "doi:10.1103/physrevd.98.079903"],
  });
});

test("deleted records are named by their arXiv id, records without use are warned of", () => {
  const gone = `<record><header status="deleted"><identifier>oai:arXiv.org:math/0211159</identifier></header></record>`;
  const strange = record("<mods><title>A title</title></mods>", "2607.00002");
  const reading = arxivOai.read({
    bytes: answer(`<ListRecords>${gone}${strange}${raw("")}${raw("", "0811.36489")}</ListRecords>`),
  });
  expect(reading.deleted).toEqual(["math/0211159"]);
  expect(reading.listings.map(({ key, arxivId }) => [key, arxivId])).toEqual([
    ["2607.00001", "2607.00001"],
    ["0811.36489", undefined],
  ]);
  expect(reading.warnings.map(({ code }) => code)).toEqual(["bad-row", "bad-id"]);
});

test("a harvest begins on the day of the window, in the format with versions unless another is asked for", () => {
  const window = { from: new Date("2026-07-14T22:00:00Z"), to: new Date("2026-07-15T22:00:00Z") };
  const one = (url: string) => arxivOai.requests?.(new URL(url), window);
  expect(one("https://oaipmh.arxiv.org/oai?set=cs:cs:CL")).toEqual([
    "https://oaipmh.arxiv.org/oai?set=cs%3Acs%3ACL&verb=ListRecords&metadataPrefix=arXivRaw&from=2026-07-14",
  ]);
  expect(one("https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken=a")).toEqual([
    "https://oaipmh.arxiv.org/oai?verb=ListRecords&resumptionToken=a",
  ]);
});
