import { expect, test } from "vitest";
import { type Candidate, composeDigest, isWorthMailing, minutesOf } from "./compose.ts";
import { itemsOf, type Reason } from "./digest.ts";

function reason(subscriptionId: string, word = subscriptionId): Reason {
  return {
    subscriptionId,
    subscriptionName: `interest ${subscriptionId}`,
    evidence: [{ kind: "words", value: word }],
  };
}

function paper(paperId: string, score: number, given: Partial<Candidate> = {}): Candidate {
  return {
    paperId,
    score,
    title: `title ${paperId}`,
    authors: [],
    topics: [],
    homes: [],
    firstSeen: "2026-06-08T00:00:00Z",
    late: false,
    picked: false,
    reasons: [reason("s1")],
    ...given,
  };
}

const ids = (items: readonly { paperId: string }[]) => items.map((item) => item.paperId);

test("papers come best first, equal ones in the order of their ids", () => {
  const digest = composeDigest([paper("c", 1), paper("b", 2), paper("a", 1)], { maxPapers: 10 });
  expect(ids(itemsOf(digest))).toEqual(["b", "a", "c"]);
});

test("the order of the candidates changes nothing", () => {
  const candidates = Array.from({ length: 40 }, (_, i) =>
    paper(`p${i % 25}`, (i * 7) % 5, {
      reasons: [reason(`s${i % 3}`)],
      title: `graph ${i % 7} networks ${i % 4}`,
    }),
  );
  const expected = JSON.stringify(composeDigest(candidates, { maxPapers: 8 }));
  for (let turn = 1; turn < 40; turn += 3) {
    const turned = [...candidates.slice(turn), ...candidates.slice(0, turn)];
    expect(JSON.stringify(composeDigest(turned, { maxPapers: 8 }))).toBe(expected);
  }
});

test("a paper that several interests want comes once, with all their reasons", () => {
  const digest = composeDigest(
    [
      paper("a", 1, { reasons: [reason("s1", "x")] }),
      paper("a", 3, { reasons: [reason("s2")], late: true }),
      paper("a", 2, { reasons: [reason("s1", "y"), reason("s1", "x")] }),
    ],
    { maxPapers: 10 },
  );
  expect(digest.sections).toHaveLength(1);
  const [item] = itemsOf(digest);
  expect(item).toMatchObject({ paperId: "a", score: 3, late: true });
  expect(item?.reasons.map((one) => one.subscriptionId)).toEqual(["s2", "s1"]);
  expect(item?.reasons[1]?.evidence.map((one) => one.value)).toEqual(["y", "x"]);
});

test("papers are grouped by the interest that asked for them, the best group first", () => {
  const digest = composeDigest(
    [
      paper("a", 1, { reasons: [reason("s1")] }),
      paper("b", 3, { reasons: [reason("s2"), reason("s1")] }),
      paper("c", 2, { reasons: [reason("s1")] }),
    ],
    { maxPapers: 10 },
  );
  expect(digest.sections.map((section) => [section.name, ids(section.items)])).toEqual([
    ["interest s2", ["b"]],
    ["interest s1", ["c", "a"]],
  ]);
});

test("what does not fit the cap is listed, best first, and nothing is lost", () => {
  const candidates = Array.from({ length: 150 }, (_, i) => paper(`p${String(i).padStart(3, "0")}`, 150 - i));
  const digest = composeDigest(candidates, { maxPapers: 10 });
  const inside = ids(itemsOf(digest));
  expect(inside).toHaveLength(10);
  expect(digest.overCap).toHaveLength(140);
  expect(new Set([...inside, ...digest.overCap]).size).toBe(150);
  expect(digest.overCap.at(-1)).toBe("p149");
});

test("at most three papers of one narrow question come while others are left", () => {
  const clones = Array.from({ length: 8 }, (_, i) =>
    paper(`clone${i}`, 10 - i / 100, {
      title: "Sparse attention kernels for long documents",
      abstract: `variant ${i}`,
    }),
  );
  const others = ["quark masses", "coral reefs", "tax evasion", "knot invariants", "traffic lights"].map(
    (title, i) => paper(`other${i}`, 9 - i, { title }),
  );
  const chosen = ids(itemsOf(composeDigest([...clones, ...others], { maxPapers: 6 })));
  expect(chosen.filter((id) => id.startsWith("clone"))).toEqual(["clone0", "clone1", "clone2"]);
  const filled = ids(itemsOf(composeDigest([...clones, ...others.slice(0, 1)], { maxPapers: 6 })));
  expect(filled).toHaveLength(6);
});

test("the best paper is always in", () => {
  const candidates = [paper("best", 100), ...Array.from({ length: 30 }, (_, i) => paper(`p${i}`, i / 30))];
  expect(ids(itemsOf(composeDigest(candidates, { maxPapers: 1 })))).toEqual(["best"]);
});

test("the reader's minutes end the digest before the cap does, but never before the first paper", () => {
  const long = (id: string, score: number) => paper(id, score, { abstract: "word ".repeat(230 * 2) });
  const candidates = [long("a", 4), long("b", 3), long("c", 2)];
  expect(ids(itemsOf(composeDigest(candidates, { maxPapers: 10, maxMinutes: 5 })))).toEqual(["a", "b"]);
  const one = composeDigest(candidates, { maxPapers: 10, maxMinutes: 1 });
  expect(ids(itemsOf(one))).toEqual(["a"]);
  expect(one.overCap).toEqual(["b", "c"]);
});

test("reading time counts words, and letters where a script has no spaces", () => {
  expect(minutesOf({ title: "word ".repeat(230) })).toBeCloseTo(1);
  expect(minutesOf({ title: "深".repeat(500) })).toBeCloseTo(1);
});

test("an empty digest is mailed only to readers who want to hear of empty days", () => {
  const empty = composeDigest([], { maxPapers: 10 }, [{ source: "arXiv", state: "stale" }]);
  expect(empty).toEqual({ sections: [], overCap: [], notes: [{ source: "arXiv", state: "stale" }] });
  expect([true, false].map((tellWhenNothing) => isWorthMailing(empty, { tellWhenNothing }))).toEqual([
    true,
    false,
  ]);
});

test("a frozen digest survives being stored as JSON", () => {
  const digest = composeDigest([paper("a", 1), paper("b", 2)], { maxPapers: 1 });
  expect(JSON.parse(JSON.stringify(digest))).toEqual(digest);
});
