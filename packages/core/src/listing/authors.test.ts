import { expect, test } from "vitest";
import { parseArxivAuthors } from "./arxiv-authors.ts";
import { authorKey, nameParts, naturalOrder, surnameOf } from "./author-name.ts";
import { splitAuthors } from "./authors.ts";

const names = (line: string) => splitAuthors(line).map(({ name }) => name);

test.each([
  ["Ada Lovelace, Alan Turing and Grace Hopper", ["Ada Lovelace", "Alan Turing", "Grace Hopper"]],
  ["Bill Gates Jr, Fred Bloggs IV, Ann Lee, Jr.", ["Bill Gates Jr", "Fred Bloggs IV", "Ann Lee Jr."]],
  [" Sumedha, Olivier C Martin", ["Sumedha", "Olivier C Martin"]],
  ["X Y,  Harshit, Y Z", ["X Y", "Harshit", "Y Z"]],
  ["E. Trigueros P\\'aez and R. H. Barb\\'a", ["E. Trigueros Páez", "R. H. Barbá"]],
  ["G.Holgado, J.-P. Serre", ["G. Holgado", "J.-P. Serre"]],
  ["Ann Lee, Bob Ray, et al.", ["Ann Lee", "Bob Ray"]],
  ["G. Aad et al.", ["G. Aad"]],
  ["John Smith, PhD, Jane Doe, M. D.", ["John Smith", "Jane Doe"]],
  ["ATLAS Collaboration: G. Aad, B. Abbott", ["ATLAS Collaboration", "G. Aad", "B. Abbott"]],
  ["Wenju Liu1, Yanjie Liu*, Ann Lee†", ["Wenju Liu", "Yanjie Liu", "Ann Lee"]],
  ["By Ann Lee", ["Ann Lee"]],
  ["jane@example.org (Jane Doe)", ["Jane Doe"]],
  ["Jane Doe <jane@example.org>", ["Jane Doe"]],
  ["A B | C D", ["A B", "C D"]],
  ["", []],
  [" , ; ", []],
])("%j names its authors in order", (line, expected) => {
  expect(names(line)).toEqual(expected);
});

test.each([
  ["Smith, John; Doe, Jane; van der Berg, Ludwig", ["John Smith", "Jane Doe", "Ludwig van der Berg"]],
  ["Smith, J., Doe, A. B.", ["J. Smith", "A. B. Doe"]],
  ["Smith J, Doe AB, van Dyk K", ["J Smith", "AB Doe", "K van Dyk"]],
  ["Smith, John", ["John Smith"]],
  ["Bloggs, Fred, Jr; Doe, J.", ["Fred Bloggs Jr", "J. Doe"]],
])("%j is turned round", (line, expected) => {
  expect(names(line)).toEqual(expected);
});

test.each(["W. L. Chan, S. J. Gu", "Le Luo, John E. Thomas", "Henning Krause, Yu Ye", "Jun Guo, Bo Li"])(
  "%j is two people, not one turned round",
  (line) => {
    expect(names(line)).toEqual(line.split(", "));
  },
);

test("parentheses are affiliations, also for the authors before, and are never cut", () => {
  expect(splitAuthors("A B, C D (Inst. of X, Y Univ.), E F (Z)")).toEqual([
    { name: "A B", affiliation: "Inst. of X, Y Univ." },
    { name: "C D", affiliation: "Inst. of X, Y Univ." },
    { name: "E F", affiliation: "Z" },
  ]);
  expect(splitAuthors("A B (1), C D (1 and 2) ((1) First, (2) Second)")).toEqual([
    { name: "A B", affiliation: "First" },
    { name: "C D", affiliation: "First; Second" },
  ]);
  expect(splitAuthors("A B (1) C D (2) ((1) First, (2) Second)")).toEqual([
    { name: "A B", affiliation: "First" },
    { name: "C D", affiliation: "Second" },
  ]);
  expect(splitAuthors("Hao (Howard) Chen, Ann Lee (never closed")).toEqual([
    { name: "Hao (Howard) Chen", affiliation: "never closed" },
    { name: "Ann Lee", affiliation: "never closed" },
  ]);
});

test.each([
  ["Łukasz Kaiser", "Kaiser, L.", "kaiser l"],
  ["Ludwig van der Berg Jr", "van der Berg, Ludwig", "van der berg l"],
  ["Herbert Van de Sompel", "H. Van de Sompel", "van de sompel h"],
  ["Smith JA", "J. A. Smith", "smith j"],
  ["Dr. Ann O'Brien", "Ann O’Brien", "obrien a"],
  ["Sumedha", "Sumedha", "sumedha"],
  ["ATLAS Collaboration", "ATLAS Collaboration", "atlas collaboration"],
  ["张伟", "张伟", "张伟"],
])("%s and %s are followed as one", (one, other, key) => {
  expect(authorKey(one)).toBe(key);
  expect(authorKey(other)).toBe(key);
});

test("names are taken apart", () => {
  expect(nameParts("Bloggs, Jr, Fred")).toEqual({ surname: "Bloggs", given: "Fred", suffix: "Jr" });
  expect(nameParts("")).toEqual({ surname: "", given: "", suffix: "" });
  expect(surnameOf("Quoc V. Le")).toBe("Le");
  expect(surnameOf("Ludwig von Mises III")).toBe("von Mises");
  expect(naturalOrder("García Márquez, Gabriel")).toBe("Gabriel García Márquez");
});

test("arXiv's own rule gives last name, first names, suffix and affiliations", () => {
  expect(parseArxivAuthors("The ABC team: A. van der Berg Jr and B.Li (1) ((1) First)")).toEqual([
    { last: "The ABC team", first: "", suffix: "", affiliations: [] },
    { last: "Berg", first: "A. van der", suffix: "Jr", affiliations: ["First"] },
    { last: "Li", first: "B.", suffix: "", affiliations: ["First"] },
  ]);
});

test("a line that nests or repeats without end is read in one pass", () => {
  for (const unit of ["(", ")", "a,", "A B, ", "1:", "((1) ", "x@y (", " and ", "*", "https://a/"]) {
    expect(splitAuthors(unit.repeat(50_000)).length).toBeLessThanOrEqual(50_000);
    expect(parseArxivAuthors(unit.repeat(50_000)).length).toBeLessThanOrEqual(50_000);
  }
});
