import { describe, expect, test } from "vitest";
import type { Authority } from "./authority.ts";
import type { Decision } from "./decide.ts";
import { type KnownPaper, type NearDuplicate, placeListing } from "./merge-rules.ts";

const arxiv: Authority = { schemes: ["arxiv"], doiPrefixes: ["10.48550"], links: true };
const crossref: Authority = { schemes: ["doi"], links: true };
const feed: Authority = {};

const paper = (id: string, keys: string[], firstSeen = "2026-06-01T00:00:00Z"): KnownPaper => ({
  id,
  keys,
  firstSeen,
});
const near = (known: KnownPaper, verdict: Decision["verdict"], probability: number): NearDuplicate => ({
  paper: known,
  decision: { verdict, probability, because: ["The titles are identical."] },
});

describe("by identifiers", () => {
  test("a listing nobody knows makes a paper with its identifiers", () => {
    const placed = placeListing({
      keys: ["arxiv:2606.00001", "doi:10.1/a"],
      authority: arxiv,
      byKey: [],
      near: [],
    });
    expect(placed).toMatchObject({
      act: "new",
      keys: ["arxiv:2606.00001", "doi:10.1/a"],
      merged: [],
      refused: [],
    });
    expect(placed.paperId).toBeUndefined();
  });

  test("the paper that holds the arXiv id gets the listing and a DOI arXiv announces", () => {
    const known = paper("p", ["arxiv:2606.00001"]);
    expect(
      placeListing({ keys: ["arxiv:2606.00001", "doi:10.1/a"], authority: arxiv, byKey: [known], near: [] }),
    ).toMatchObject({
      act: "attach",
      paperId: "p",
      keys: ["doi:10.1/a"],
    });
  });

  test("one DOI on two arXiv ids makes a candidate, and the DOI stays where it is", () => {
    const holder = paper("q", ["arxiv:2606.00002", "doi:10.1/a"]);
    const placed = placeListing({
      keys: ["arxiv:2606.00001", "doi:10.1/a"],
      authority: arxiv,
      byKey: [holder],
      near: [],
    });
    expect(placed).toMatchObject({
      act: "candidate",
      keys: ["arxiv:2606.00001"],
      candidates: [{ paperId: "q" }],
    });
    expect(placed.paperId).toBeUndefined();
  });

  test("an authority's link between two identifiers merges their papers into the one with the arXiv id", () => {
    const journal = paper("old", ["doi:10.1/a"], "2020-01-01T00:00:00Z");
    const preprint = paper("young", ["arxiv:2606.00001"]);
    const input = { keys: ["arxiv:2606.00001", "doi:10.1/a"], byKey: [journal, preprint], near: [] };
    for (const authority of [arxiv, crossref]) {
      expect(placeListing({ ...input, authority })).toMatchObject({
        act: "merge",
        paperId: "young",
        merged: ["old"],
      });
    }
  });

  test("a plain feed's link merges nothing and takes nothing", () => {
    const journal = paper("j", ["doi:10.1/a"]);
    const preprint = paper("p", ["arxiv:2606.00001"]);
    const keys = ["arxiv:2606.00001", "doi:10.1/a", "url:blog:https://blog.test/1"];
    const placed = placeListing({ keys, authority: feed, byKey: [journal, preprint], near: [] });
    expect(placed).toMatchObject({
      act: "candidate",
      paperId: "p",
      merged: [],
      keys: ["url:blog:https://blog.test/1"],
    });
    expect(placeListing({ keys, authority: feed, byKey: [preprint], near: [] })).toMatchObject({
      act: "attach",
      paperId: "p",
      refused: ["doi:10.1/a"],
    });
  });

  test("a plain feed's claim of a paper that does not fit is a conflict", () => {
    const journal = paper("j", ["doi:10.1/a"]);
    const keys = ["arxiv:2606.00001", "doi:10.1/a"];
    expect(
      placeListing({ keys, authority: feed, byKey: [journal], near: [near(journal, "different", 0.01)] }),
    ).toMatchObject({ act: "conflict", keys: ["arxiv:2606.00001"], refused: ["doi:10.1/a"], candidates: [] });
  });

  test("a listing with two arXiv ids keeps the first", () => {
    expect(
      placeListing({ keys: ["arxiv:2606.00002", "arxiv:2606.00001"], authority: feed, byKey: [], near: [] }),
    ).toMatchObject({ act: "conflict", keys: ["arxiv:2606.00002"], refused: ["arxiv:2606.00001"] });
  });
});

describe("by likeness", () => {
  test("a certain near-duplicate without another arXiv id gets the listing and its DOI", () => {
    const known = paper("p", ["arxiv:2606.00001"]);
    expect(
      placeListing({ keys: ["doi:10.1/a"], authority: feed, byKey: [], near: [near(known, "same", 0.99)] }),
    ).toMatchObject({
      act: "attach",
      paperId: "p",
      keys: ["doi:10.1/a"],
    });
  });

  test("below certainty a new paper is made and the pair kept for a person", () => {
    const known = paper("p", ["arxiv:2606.00001"]);
    const placed = placeListing({
      keys: ["doi:10.1/a"],
      authority: feed,
      byKey: [],
      near: [near(known, "candidate", 0.6)],
    });
    expect(placed).toMatchObject({ act: "candidate", candidates: [{ paperId: "p", probability: 0.6 }] });
    expect(placed.paperId).toBeUndefined();
  });

  test("two arXiv papers that fit equally well get nothing", () => {
    const both = [
      near(paper("p", ["arxiv:2606.00001"]), "same", 0.98),
      near(paper("q", ["arxiv:2606.00002"]), "same", 0.97),
    ];
    const placed = placeListing({ keys: [], authority: feed, byKey: [], near: both });
    expect(placed.paperId).toBeUndefined();
    expect(placed.candidates).toHaveLength(2);
  });

  test("what an operator split stays apart", () => {
    const journal = { ...paper("j", ["doi:10.1/a"]), apartFrom: ["p"] };
    const preprint = paper("p", ["arxiv:2606.00001"]);
    expect(
      placeListing({
        keys: ["arxiv:2606.00001", "doi:10.1/a"],
        authority: arxiv,
        byKey: [journal, preprint],
        near: [near(journal, "same", 0.99)],
      }),
    ).toMatchObject({ act: "attach", paperId: "p", merged: [], candidates: [] });
  });
});

describe("over random sequences of listings", () => {
  test.each(Array.from({ length: 30 }, (_, seed) => seed))(
    "seed %i: no key leads to two papers, no paper has two arXiv ids, twice is once",
    (seed) => {
      const random = randomOf(seed);
      const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
      const archive = new Map<string, KnownPaper>();
      for (let turn = 0; turn < 100; turn += 1) {
        const pool = [
          ...Array.from({ length: 8 }, (_, n) => `arxiv:2606.0000${n}`),
          ...Array.from({ length: 8 }, (_, n) => `doi:10.1/${n}`),
          ...Array.from({ length: 6 }, (_, n) => `s2:${n}`),
          ...Array.from({ length: 6 }, (_, n) => `url:blog:https://blog.test/${n}`),
        ];
        const keys = Array.from({ length: Math.floor(random() * 4) }, () => pick(pool));
        const authority = pick([arxiv, crossref, feed, feed]);
        const alike = [...archive.values()]
          .filter(() => random() < 0.1)
          .map((known) => near(known, pick(["same", "candidate", "different"] as const), random()));
        place(turn, keys, authority, alike);
        const before = JSON.stringify([...archive]);
        if (keys.length > 0) {
          place(turn, keys, authority, []);
          expect(JSON.stringify([...archive])).toBe(before);
        }
        check();
      }

      function place(turn: number, keys: string[], authority: Authority, alike: NearDuplicate[]): void {
        const byKey = [...archive.values()].filter((known) => keys.some((key) => known.keys.includes(key)));
        const placed = placeListing({ keys, authority, byKey, near: alike });
        const target = placed.paperId === undefined ? paper(`p${turn}`, []) : archive.get(placed.paperId);
        if (target === undefined) throw new Error(`no paper ${placed.paperId}`);
        const inherited = placed.merged.flatMap((id) => archive.get(id)?.keys ?? []);
        for (const id of placed.merged) expect(archive.delete(id)).toBe(true);
        archive.set(target.id, {
          ...target,
          keys: [...new Set([...target.keys, ...inherited, ...placed.keys])],
        });
      }

      function check(): void {
        const seen = new Set<string>();
        for (const known of archive.values()) {
          expect(known.keys.filter((key) => key.startsWith("arxiv:")).length).toBeLessThanOrEqual(1);
          for (const key of known.keys) {
            expect(seen.has(key)).toBe(false);
            seen.add(key);
          }
        }
      }
    },
  );
});

function randomOf(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x6d2b79f5) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
}
