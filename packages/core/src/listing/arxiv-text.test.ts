import { expect, test } from "vitest";
import { parseArxivDescription, parseArxivTitle } from "./arxiv-text.ts";

test("today's description names the paper, its version and why it is announced", () => {
  expect(
    parseArxivDescription("arXiv:2606.01234v2 Announce Type: replace-cross \nAbstract: We show\nthat."),
  ).toEqual({
    arxivId: "2606.01234",
    version: 2,
    announceType: "replace-cross",
    abstract: "We show\nthat.",
  });
  expect(parseArxivDescription("arXiv:math/0611800v1 Announce Type: new  Abstract: A.").arxivId).toBe(
    "math/0611800",
  );
});

test("a description without a head is the abstract", () => {
  expect(parseArxivDescription(" We show. arXiv:2606.01234v1 is older. ")).toEqual({
    abstract: "We show. arXiv:2606.01234v1 is older.",
  });
});

test("an unknown announce type is left out, the rest still read", () => {
  expect(parseArxivDescription("arXiv:2606.01234v1 Announce Type: absonly \nAbstract: A.")).toEqual({
    arxivId: "2606.01234",
    version: 1,
    abstract: "A.",
  });
});

test.each([
  [
    "Attention. (arXiv:1706.03762v6 [cs.CL] UPDATED)",
    { title: "Attention", arxivId: "1706.03762", version: 6, categories: ["cs.CL"], mark: "UPDATED" },
  ],
  [
    "Really?. (arXiv:2305.18961v1 [quant-ph])",
    { title: "Really?", arxivId: "2305.18961", version: 1, categories: ["quant-ph"] },
  ],
  [
    "On f(x) (arXiv:2305.18961v1 [math.CA] CROSS LISTED)",
    { title: "On f(x)", arxivId: "2305.18961", version: 1, categories: ["math.CA"], mark: "CROSS LISTED" },
  ],
  [
    "And so on... (arXiv:2305.18961v1 [math.CA])",
    { title: "And so on...", arxivId: "2305.18961", version: 1, categories: ["math.CA"] },
  ],
  [" A title (with brackets) ", { title: "A title (with brackets)", categories: [] }],
])("the title %j is taken apart", (title, parts) => {
  expect(parseArxivTitle(title)).toEqual(parts);
});
