import { readFileSync } from "node:fs";
import {
  classifiersWith,
  closestStems,
  cosineOf,
  decodeTopicModel,
  decodeVectors,
  encodeTopicModel,
  encodeVectors,
  isCategory,
  keyPhrasesOf,
  predictTopics,
  statisticsOf,
  vectorOf,
} from "@paperwire/core";
import { describe, expect, test } from "vitest";

/** What ships learned: the topic model and the word vectors that a fresh installation starts with. */
const asset = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../workers/assets/${name}`, import.meta.url)));
const modelBytes = asset("topics-model.bin");
const vectorBytes = asset("word-vectors.bin");
const model = decodeTopicModel(modelBytes);
const vectors = decodeVectors(vectorBytes);

describe("the topic model that ships", () => {
  test("is small, reads back to the same bytes and knows arXiv's categories alone", () => {
    expect(modelBytes.length).toBeLessThan(8_000_000);
    expect(encodeTopicModel(model)).toEqual(modelBytes);
    expect(model.topics.length).toBeGreaterThan(140);
    const archives = new Set(["astro-ph", "cond-mat"]);
    expect(model.topics.filter((topic) => !isCategory(topic) && !archives.has(topic))).toEqual([]);
  });

  test.each([
    [
      "Mass of a neutron star from X-ray bursts",
      "We infer the mass and radius of an accreting neutron star.",
      "astro-ph.HE",
    ],
    ["Attention heads in machine translation", "We probe multilingual language models for syntax.", "cs.CL"],
    ["Moduli spaces of stable sheaves on K3 surfaces", "Derived categories of coherent sheaves.", "math.AG"],
    [
      "Segmenting organs in CT volumes",
      "A convolutional network segments abdominal organs in images.",
      "eess.IV",
    ],
    ["Spread of malaria under vaccination", "A model of the epidemic with births and deaths.", "q-bio.PE"],
    ["Pricing of barrier options", "Stochastic volatility models for exotic derivatives.", "q-fin.PR"],
  ])("knows what %s is about", (title, abstract, topic) => {
    expect(predictTopics(model, { title, abstract }).map((label) => label.topic)).toContain(topic);
  });

  test("does not know what is outside its vocabulary", () => {
    expect(
      predictTopics(model, { title: "Rezept für Apfelkuchen", abstract: "Mehl, Zucker, Butter." }),
    ).toEqual([]);
  });

  test("survives an empty abstract and 100 kB of text, and answers the same twice", () => {
    const papers = [
      { title: "Quantum walks", abstract: "", categories: [] },
      { title: "A".repeat(1000), abstract: "graphene layers ".repeat(6_500), categories: [] },
      { title: "", categories: ["cs.LG", "stat.ML"] },
    ];
    for (const classifier of classifiersWith(model)) {
      for (const paper of papers) expect(classifier.classify(paper)).toEqual(classifier.classify(paper));
    }
  });
});

describe("the word vectors that ship", () => {
  test("are small and read back to the same bytes", () => {
    expect(vectorBytes.length).toBeLessThan(8_000_000);
    expect(encodeVectors(vectors)).toEqual(vectorBytes);
  });

  test("know that efficient knowledge transfer is distillation and fine-tuning", () => {
    const phrase = vectorOf(vectors, "efficient knowledge transfer") ?? new Int8Array(vectors.dimensions);
    const closeness = (text: string): number =>
      cosineOf(phrase, vectorOf(vectors, text) ?? new Int8Array(vectors.dimensions));
    const close = [
      "distilling a large teacher into a small student",
      "parameter-cheap fine-tuning of pretrained backbones",
    ];
    const far = ["quantum walks on graphs", "star formation in dwarf galaxies", "sums of squares of primes"];
    for (const text of close) {
      for (const other of far) expect(closeness(text)).toBeGreaterThan(closeness(other) + 0.2);
    }
    expect(closestStems(vectors, "efficient knowledge transfer", 10).map(({ stem }) => stem)).toContain(
      "distil",
    );
  });

  test("tell phrases of the archive from words that happen to meet", () => {
    const statistics = statisticsOf(vectors);
    expect(statistics.pairCountOf("knowledg", "distil")).toBeGreaterThan(50);
    expect(statistics.pairCountOf("galaxi", "distil")).toBe(0);
    const phrases = keyPhrasesOf(
      {
        title: "Small students of large teachers",
        abstract:
          "We study knowledge distillation of language models and show where knowledge distillation fails.",
      },
      statistics,
    );
    expect(phrases).toContain("knowledge distillation");
  });
});
