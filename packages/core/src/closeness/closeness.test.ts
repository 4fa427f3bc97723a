import { expect, test } from "vitest";
import { PermanentError, UsageError } from "../errors.ts";
import { exampleClassifier, profileOf } from "../topics/operator-topic.ts";
import { randomOf } from "../topics/random.ts";
import { learnVectors } from "./learn.ts";
import { createVectorIndex } from "./search.ts";
import { closestStems, cosineOf, vectorOf } from "./vectors.ts";
import { decodeVectors, encodeVectors } from "./vectors-bytes.ts";

/**
 * Six subjects, each with two vocabularies that never stand in one sentence part together: titles use one,
 * abstracts mostly the other, as authors who name a thing differently do.
 */
function madeUpPapers(count: number, seed: number): { title: string; abstract: string }[] {
  const random = randomOf(seed);
  const word = (subject: number, side: string): string =>
    `${"qwzxkj"[subject]}${side}${"bcdfg"[Math.floor(random() * 5)]}or`;
  return Array.from({ length: count }, (_, i) => {
    const subject = i % 6;
    const text = (side: string, length: number): string[] =>
      Array.from({ length }, () => word(subject, side));
    const noise = Array.from({ length: 6 }, () => word(Math.floor(random() * 6), "u"));
    return {
      title: text("a", 4).join(" "),
      abstract: [...text("o", 14), ...text("a", 1), ...noise].join(" "),
    };
  });
}

const papers = madeUpPapers(1200, 1);
const vectors = learnVectors(papers, { dimensions: 12, epochs: 4 });

test("a phrase finds texts of its subject that share no word with it", () => {
  const index = createVectorIndex(12);
  const texts = "qwzxkj".split("").map((letter) => `${letter}obor ${letter}ocor ${letter}odor`);
  texts.forEach((text, i) => {
    index.add(String(i), vectorOf(vectors, text) ?? new Int8Array(12));
  });
  for (const [i, letter] of "qwzxkj".split("").entries()) {
    const query = vectorOf(vectors, `${letter}abor ${letter}acor`) ?? new Int8Array(12);
    expect(index.closest(query, 1)[0]?.id).toBe(String(i));
  }
  expect(closestStems(vectors, "qabor", 3).every(({ stem }) => stem.startsWith("q"))).toBe(true);
});

test("learning is the same every time and survives being written and read", () => {
  const again = learnVectors(papers, { dimensions: 12, epochs: 4 });
  expect(encodeVectors(again)).toEqual(encodeVectors(vectors));
  expect(decodeVectors(encodeVectors(vectors))).toEqual(vectors);
});

test("a text of unknown words has no direction, a paper's title counts twice", () => {
  expect(vectorOf(vectors, "Ganz unbekannte Worte")).toBeUndefined();
  expect(vectorOf(vectors, "")).toBeUndefined();
  const paper = vectorOf(vectors, { title: "qabor", abstract: "wabor wabor wabor" });
  const phrase = vectorOf(vectors, "qabor qabor wabor wabor wabor");
  expect(paper).toEqual(phrase);
});

test("a topic learned from examples finds the papers of its subject and no others", () => {
  const about = (subject: number): { title: string; abstract: string }[] =>
    madeUpPapers(360, 5).filter((_, i) => i % 6 === subject);
  const profile = profileOf(vectors, about(2).slice(0, 20));
  if (profile === undefined) throw new Error("no profile");
  const { classify } = exampleClassifier(vectors, new Map([["zoology", profile]]));
  const found = (subject: number): number =>
    about(subject)
      .slice(20)
      .filter((paper) => classify({ ...paper, categories: [] })[0]?.topic === "zoology").length;
  expect(found(2)).toBeGreaterThan(20);
  expect([0, 1, 3, 4, 5].map(found)).toEqual([0, 0, 0, 0, 0]);
  expect(profileOf(vectors, about(2).slice(0, 4))).toBeUndefined();
});

test("too little text is the caller's mistake, damaged bytes are permanent", () => {
  expect(() => learnVectors(papers.slice(0, 10))).toThrow(UsageError);
  const bytes = encodeVectors(vectors);
  expect(() => decodeVectors(bytes.subarray(0, -1))).toThrow(PermanentError);
  expect(() => decodeVectors(new Uint8Array(40))).toThrow(PermanentError);
});

test("the index finds exactly what comparing everything finds, also after growing and removing", () => {
  const random = randomOf(7);
  const index = createVectorIndex(9, 4);
  const kept = new Map<string, Int8Array>();
  for (let i = 0; i < 300; i++) {
    const vector = Int8Array.from({ length: 9 }, () => Math.round(random() * 254 - 127));
    index.add(`paper ${i % 250}`, vector);
    kept.set(`paper ${i % 250}`, vector);
  }
  for (let i = 0; i < 40; i++) {
    index.remove(`paper ${i}`);
    kept.delete(`paper ${i}`);
  }
  expect(index.size).toBe(kept.size);
  for (let i = 0; i < 20; i++) {
    const query = Int8Array.from({ length: 9 }, () => Math.round(random() * 254 - 127));
    const expected = [...kept]
      .map(([id, vector]) => ({ id, closeness: cosineOf(query, vector) }))
      .filter(({ closeness }) => closeness >= 0.2)
      .sort((a, b) => b.closeness - a.closeness)
      .slice(0, 10);
    const found = index.closest(query, 10, 0.2);
    expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  }
  expect(index.closest(new Int8Array(9), 5, 0.1)).toEqual([]);
  expect(() => index.add("x", new Int8Array(8))).toThrow(RangeError);
});
