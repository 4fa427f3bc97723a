import { expect, test } from "vitest";
import {
  findArxivId,
  normaliseUrl,
  paperKeys,
  parseArxivId,
  parseDoi,
  searchArxivId,
  strictArxivId,
} from "./identifiers.ts";

test.each([
  ["1706.03762", "1706.03762", undefined],
  ["arXiv:1706.03762v6", "1706.03762", 6],
  ["ARXIV: 1706.03762", "1706.03762", undefined],
  ["https://arxiv.org/abs/1706.03762v2", "1706.03762", 2],
  ["http://www.arxiv.org/pdf/1706.03762v2.pdf", "1706.03762", 2],
  ["https://arxiv.org/pdf/1706.03762?download=1#page=3", "1706.03762", undefined],
  ["https://rss.arxiv.org/abs/2402.17682", "2402.17682", undefined],
  ["http://export.arxiv.org/abs/math/0611800v3", "math/0611800", 3],
  ["arxiv.org/abs/2401.00001", "2401.00001", undefined],
  ["oai:arXiv.org:2401.00001v1", "2401.00001", 1],
  ["10.48550/arXiv.1706.03762", "1706.03762", undefined],
  ["https://doi.org/10.48550/ARXIV.2401.00001", "2401.00001", undefined],
  ["math.CA/0611800v2", "math/0611800", 2],
  ["condmat/9901001", "cond-mat/9901001", undefined],
  ["1501.0001", "1501.00001", undefined],
  ["hep-th%2F9901001", "hep-th/9901001", undefined],
  ["arXiv:2401.00001 [cs.CL]", "2401.00001", undefined],
])("%s is an arXiv identifier", (text, id, version) => {
  expect(parseArxivId(text)).toEqual(version === undefined ? { id } : { id, version });
});

test.each([
  "",
  "cs",
  "hep-th",
  "1706.037",
  "1713.03762",
  "0703.0001",
  "1706.00000",
  "1706.03762v0",
  "math/0713800",
  "news/0601001",
  "10.1000/1706.03762",
  "https://example.org/abs/1706.03762",
  "https://notarxiv.org/abs/1706.03762",
  "see 1706.03762",
  "704.1158",
  "hep-th/99010011",
])("%j is none", (text) => {
  expect(parseArxivId(text)).toBeUndefined();
});

test("an identifier is found inside of prose and addresses", () => {
  expect(findArxivId("as shown in [arXiv:1706.03762v5], see also 1234.5")).toEqual({
    id: "1706.03762",
    version: 5,
  });
  expect(findArxivId("https://huggingface.co/papers/2401.00001")).toEqual({ id: "2401.00001" });
  expect(findArxivId("cf. hep-th/9901001v2.")).toEqual({ id: "hep-th/9901001", version: 2 });
  expect(findArxivId("DOI 10.1103/PhysRevD.1706.03762 costs 1013.12345 euros")).toBeUndefined();
});

test("arXiv's strict rule and its search disagree where they do", () => {
  expect(strictArxivId("hep-ph/1203.12345v12")).toBeUndefined();
  expect(searchArxivId("hep-ph/1203.12345v12")).toBe("1203.12345v12");
  expect(strictArxivId("/0704.0001v3#section")).toMatchObject({
    id: "0704.0001",
    version: 3,
    extra: "#section",
    isOld: false,
  });
});

test.each([
  ["https://doi.org/10.1038/S41586-021-03819-2", "10.1038/s41586-021-03819-2"],
  ["doi:10.1016/0370-2693(88)91524-2.", "10.1016/0370-2693(88)91524-2"],
  ["(see 10.1000/ABC(1))", "10.1000/abc(1)"],
  ["DOI: 10.1101/2024.01.01.573824v1?rss=1", "10.1101/2024.01.01.573824"],
  [
    "http://dx.doi.org/10.1002%2F(SICI)1097-4636(199823)43:4%3C338::AID-JBM16%3E3.0.CO;2-B",
    "10.1002/(sici)1097-4636(199823)43:4<338::aid-jbm16>3.0.co;2-b",
  ],
  ["https://www.biorxiv.org/content/10.1101/2024.01.01.573824v2.full.pdf", "10.1101/2024.01.01.573824"],
  ["https://onlinelibrary.wiley.com/doi/10.1002/Abc.123/full", "10.1002/abc.123"],
  ["https://link.springer.com/content/pdf/10.1007/s10994-021-1.pdf#page=2", "10.1007/s10994-021-1"],
  ['"10.5281/zenodo.123", and', "10.5281/zenodo.123"],
])("%s holds a DOI", (text, doi) => {
  expect(parseDoi(text)).toBe(doi);
});

test.each(["", "10.1038", "10.1038/", "110.1038/x", "version 10.12/3"])("%j holds none", (text) => {
  expect(parseDoi(text)).toBeUndefined();
});

test("the keys of a paper are its identifiers, strongest first, each once", () => {
  expect(paperKeys({ doi: "10.48550/arXiv.1706.03762", ids: ["pmid:1", "doi:10.1000/X"] })).toEqual([
    "arxiv:1706.03762",
    "doi:10.1000/x",
    "pmid:1",
  ]);
  expect(paperKeys({ arxivId: "math.CA/0611800", doi: "10.1000/x", ids: ["doi:10.1000/x"] })).toEqual([
    "arxiv:math/0611800",
    "doi:10.1000/x",
  ]);
  expect(paperKeys({})).toEqual([]);
});

test.each([
  ["https://www.example.org/a/?utm_source=x&b=2&a=1#top", "http://example.org/a?a=1&b=2"],
  ["HTTP://Example.org:80/", "https://example.org"],
  ["https://example.org/a//b", "https://example.org/a/b/"],
])("%s and %s are one home", (one, other) => {
  expect(normaliseUrl(one)).toBe(normaliseUrl(other));
});

test("what is no web address stays", () => {
  expect(normaliseUrl(" tag:example.org,2024:1 ")).toBe("tag:example.org,2024:1");
});
