import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { evaluate } from "./evaluate.ts";
import { explain, missingParts } from "./explain.ts";
import type { QueryPaper } from "./labels.ts";
import { fromOptions } from "./options.ts";
import { parseQuery } from "./parse.ts";
import { canonicalQuery, printQuery } from "./print.ts";

const paper: QueryPaper = {
  title: "Fine-Tuning Diffusion Transformers for Schrödinger Bridges",
  abstract: "We study how language models, and large language models (LLMs), are fine-tuned for molecules.",
  authors: [{ name: "Łukasz Kaiser" }, { name: "Wei-Ming Zhang" }, { name: "J.-P. Serre" }],
  categories: ["cs.NA", "cs.CL"],
  topics: ["efficient-inference"],
  sources: ["arxiv-rss-cs"],
  keys: ["arxiv:2606.01234", "doi:10.1000/abc"],
};
const matches = (query: string) => evaluate(parseQuery(query), paper);

describe("the subscription language", () => {
  test.each([
    // words: all, in either field, whatever case, accent, ending
    ["transformer molecule", true],
    ["transformers galaxies", false],
    ["SCHRODINGER bridge", true],
    ["tuned diffusion", true],
    ["the diffusion of", true],
    // phrases, hyphens, and no phrase across the border of title and abstract
    ['"language model"', true],
    ['"models language"', false],
    ['"large language models"', true],
    ["fine-tuning", true],
    ['"bridges we"', false],
    // operators and what binds closer
    ["galaxies OR diffusion", true],
    ["galaxies stars OR diffusion", true],
    ["galaxies (stars OR diffusion)", false],
    ["diffusion NOT molecules", false],
    ["diffusion -galaxies", true],
    ["diffusion -(galaxies OR molecule)", false],
    ["diffusion AND NOT galaxies", true],
    ["galaxies | diffusion & bridges", true],
    // fields
    ["title:diffusion", true],
    ["title: diffusion", true],
    ["title:molecules", false],
    ["abs:molecules ti:bridges", true],
    ["title:(galaxies OR bridge)", true],
    ["cat:cs", true],
    ["cat:cs.CL", true],
    ["cat:CS.cl", true],
    ["cat:cmp-lg", true],
    ["cat:math.NA", true],
    ["category:math", true],
    ["cat:cs.*", true],
    ["cat:cs.CV", false],
    ["topic:efficient-inference", true],
    ["topic:cs.CL", true],
    ["source:arXiv-rss-cs", true],
    ["id:2606.01234v3", true],
    ["id:https://arxiv.org/abs/2606.01234", true],
    ['id:"https://doi.org/10.1000/ABC"', true],
    ["id:2606.99999", false],
  ])("%s → %s", (query, expected) => {
    expect(matches(query)).toBe(expected);
  });

  test.each([
    ["kaiser", true],
    ["Lukasz Kaiser", true],
    ["Kaiser, Łukasz", true],
    ["L. Kaiser", true],
    ["Kaiser L", true],
    ["kaiser_l", true],
    ["Laura Kaiser", false],
    ["Weiming Zhang", true],
    ["Wei Zhang", true],
    ["Wen Zhang", false],
    ["W Zhang", true],
    ["Jean-Pierre Serre", true],
    ["Bernard Serre", false],
  ])("an author is followed by name: %s → %s", (name, expected) => {
    expect(matches(`author:"${name}"`)).toBe(expected);
  });

  test.each([
    ["", /is empty/],
    ["   ", /is empty/],
    ['"open', /never closed \(in the query, at character 1, before “"open”\)/],
    ["(diffusion", /opened and never closed/],
    ["diffusion)", /closed that was never opened.*character 10/],
    ["()", /empty/],
    ["diffusion OR", /ends where a word was expected.*at its end/],
    ["OR diffusion", /A word was expected.*character 1/],
    ["NOT", /ends where/],
    ["-diffusion", /only says what not to send/],
    ["diffusion OR -galaxy", /only says what not to send/],
    ["NOT (a1 b1)", /only says what not to send/],
    ["the of", /nearly every paper/],
    ['""', /hold no word/],
    ["venue:acl", /no field “venue:”.*title:/],
    ["diffusion title:", /right after “title:”/],
    ["title:(author:x)", /inside the group of another/],
    ["transform*", /Wildcards/],
    ["cat:cs.LX", /no category “cs.LX” \(cs has cs.AI,/],
    ["id:hello", /no arXiv id/],
    ["author:---", /no author's name/],
    [`${"(".repeat(30)}a${")".repeat(30)}`, /20 deep/],
    ["x1 ".repeat(300), /200 terms/],
    ["word ".repeat(1000), /4000 characters/],
  ])("%j is refused with a sentence", (query, sentence) => {
    expect(() => parseQuery(query)).toThrow(UsageError);
    expect(() => parseQuery(query)).toThrow(sentence);
  });

  test.each([
    ["  Diffusion   Transformers ", "diffusion transformers"],
    ["a1 OR b1 c1", "a1 OR (b1 c1)"],
    ["(a1 b1) AND (c1 | d1)", "a1 b1 (c1 OR d1)"],
    ["NOT NOT diffusion -(a1 OR b1)", "diffusion -(a1 OR b1)"],
    ["title:(a1 OR “of the”)", 'title:a1 OR title:"of the"'],
    ['au:lecun_y cat:cs.cl topic:"My Topic"', 'author:"y lecun" cat:cs.CL topic:"my topic"'],
    ["id:arXiv:2606.01234v2", "id:arxiv:2606.01234"],
    ["state-of-the-art", '"state of the art"'],
  ])("%s prints as %s, which reads as the same query", (query, printed) => {
    expect(printQuery(parseQuery(query))).toBe(printed);
    expect(parseQuery(printed)).toEqual(parseQuery(query));
  });

  test("queries that ask the same are canonically equal, others are not", () => {
    const canonical = (query: string) => canonicalQuery(parseQuery(query));
    expect(canonical("transformer (b1 OR a1) cat:cmp-lg")).toBe(
      canonical("cat:CS.CL  (a1 OR b1) TRANSFORMERS transformer"),
    );
    expect(canonical('author:"Zhang, Wei"')).toBe(canonical('au:"wei zhang"'));
    expect(canonical('"a1 b1"')).not.toBe(canonical("a1 b1"));
    expect(canonical("title:a1")).not.toBe(canonical("abstract:a1"));
    expect(canonical("a1 OR b1")).not.toBe(canonical("a1 b1"));
  });
});

describe("a query from separate wishes", () => {
  test("within a kind any will do, between kinds all must hold", () => {
    const query = fromOptions({
      query: "diffusion OR flow",
      categories: ["cs.CL", "cs.lg"],
      authors: ["Yann LeCun"],
      topics: [],
    });
    expect(query && printQuery(query)).toBe(
      '(diffusion OR flow) (cat:cs.CL OR cat:cs.LG) author:"Yann LeCun"',
    );
  });

  test("nothing asked for is no query, and a bad wish names its flag", () => {
    expect(fromOptions({ query: " ", categories: [] })).toBeUndefined();
    expect(() => fromOptions({ categories: ["cs.QQ"] })).toThrow(/no category “cs.QQ”.*--category/);
    expect(() => fromOptions({ authors: ['"'] })).not.toThrow(TypeError);
  });
});

describe("the reason", () => {
  test("names what the paper has, in its own spelling", () => {
    const query = parseQuery(
      '"language model" transformer (galaxies OR cat:math) author:"kaiser l" -stars fine-tuned',
    );
    expect(explain(query, paper)).toEqual([
      { kind: "words", value: "language models", where: "abstract" },
      { kind: "words", value: "Transformers", where: "title" },
      { kind: "category", value: "math.NA" },
      { kind: "author", value: "Łukasz Kaiser" },
      { kind: "words", value: "Fine-Tuning", where: "title" },
    ]);
  });

  test("is empty where the query does not hold, and then the missing parts are named", () => {
    const query = parseQuery("diffusion galaxies (cat:cs.CV OR stars) -molecules");
    expect(explain(query, paper)).toEqual([]);
    expect(missingParts(query, paper)).toEqual(["galaxies", "cat:cs.CV OR stars", "-molecules"]);
    expect(missingParts(parseQuery("diffusion"), paper)).toEqual([]);
  });

  test("author evidence is the name as the paper writes it", () => {
    expect(explain(parseQuery("author:zhang"), paper)).toEqual([{ kind: "author", value: "Wei-Ming Zhang" }]);
    expect(explain(parseQuery("schrodinger"), paper)).toMatchObject([{ value: "schrodinger" }]);
  });
});

describe("closeness", () => {
  const close: QueryPaper = {
    ...paper,
    like: [
      { value: "efficient knowledge transfer", closeness: 0.52, through: ["fine-tuning"] },
      { value: "arxiv:2606.09999", closeness: 0.7, title: "Tuned Bridges" },
    ],
  };

  test("a phrase or a paper after like: is a part of a query like any other", () => {
    const holds = (query: string) => evaluate(parseQuery(query), close);
    expect(holds('like:"Efficient knowledge transfer"')).toBe(true);
    expect(holds("like:2606.09999 -galaxies")).toBe(true);
    expect(holds("like:https://arxiv.org/abs/2606.09999v2")).toBe(true);
    expect(holds('like:"black holes"')).toBe(false);
    expect(holds('diffusion -like:"efficient knowledge transfer"')).toBe(false);
    expect(() => parseQuery('like:"…"')).toThrow(UsageError);
  });

  test("it is printed, shared and found again in one form", () => {
    const query = fromOptions({ likes: ["Efficient  knowledge transfer", "arXiv:2606.09999v3"] });
    const text = printQuery(query ?? parseQuery("x"));
    expect(text).toBe('like:"efficient knowledge transfer" OR like:arxiv:2606.09999');
    expect(parseQuery(text)).toEqual(query);
    expect(canonicalQuery(parseQuery('like:"A b"'))).toBe(canonicalQuery(parseQuery('like:"a B"')));
  });

  test("the evidence names the phrase with the key phrases that are close, or the paper's title", () => {
    expect(explain(parseQuery('like:"efficient knowledge transfer" like:2606.09999'), close)).toEqual([
      { kind: "close", value: "efficient knowledge transfer", closeness: 0.52, through: ["fine-tuning"] },
      { kind: "like", value: "Tuned Bridges", closeness: 0.7 },
    ]);
    expect(missingParts(parseQuery('like:"black holes" diffusion'), close)).toEqual(['like:"black holes"']);
  });
});
