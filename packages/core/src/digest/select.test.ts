import { expect, test } from "vitest";
import type { Candidate } from "./compose.ts";
import { byRank } from "./digest.ts";
import { select } from "./select.ts";
import { similarity, termVectorOf } from "./terms.ts";

/** The definition, compared with everything at every step: what the quick one must agree with. */
function selectSlowly(ranked: readonly Candidate[], max: number): string[] {
  const pool = ranked.slice(0, Math.max(100, max));
  const best = pool[0]?.score ?? 0;
  const span = best - (pool.at(-1)?.score ?? 0);
  const open = pool.map((paper) => ({ paper, vector: termVectorOf(paper.title, paper.abstract) }));
  const chosen: { id: string; vector: ReturnType<typeof termVectorOf>; cluster: { size: number } }[] = [];
  while (chosen.length < max && open.length > 0) {
    const valued = open.map((one) => {
      let nearest = 0;
      let cluster: { size: number } | undefined;
      for (const other of chosen) {
        const alike = similarity(one.vector, other.vector);
        if (alike <= nearest) continue;
        nearest = alike;
        if (alike >= 0.5) cluster = other.cluster;
      }
      const relevance = span > 0 ? 1 - (best - one.paper.score) / span : 1;
      return { one, cluster, value: 0.75 * relevance - 0.25 * nearest, full: (cluster?.size ?? 0) >= 3 };
    });
    const pickable = valued.some(({ full }) => !full) ? valued.filter(({ full }) => !full) : valued;
    const next = pickable.reduce((a, b) => (b.value > a.value ? b : a));
    const cluster = next.cluster ?? { size: 0 };
    cluster.size += 1;
    chosen.push({ id: next.one.paper.paperId, vector: next.one.vector, cluster });
    open.splice(open.indexOf(next.one), 1);
  }
  return chosen.map(({ id }) => id);
}

const WORDS =
  "quark lepton graph sparse attention reef coral market tax kernel proof lattice spin wave cell".split(" ");

test("the quick choice is the one that comparing everything with everything makes", () => {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 4_294_967_296;
  };
  for (let round = 0; round < 60; round++) {
    const size = 5 + Math.floor(random() * 130);
    const papers = Array.from({ length: size }, (_, i): Candidate => {
      const topic = Math.floor(random() * 4) * 3;
      const words = Array.from({ length: 8 }, () => WORDS[(topic + Math.floor(random() * 5)) % WORDS.length]);
      return {
        paperId: `p${String(i).padStart(3, "0")}`,
        title: words.slice(0, 3).join(" "),
        abstract: words.join(" "),
        score: Math.floor(random() * 20),
        authors: [],
        topics: [],
        homes: [],
        firstSeen: "2026-06-08T00:00:00Z",
        late: false,
        picked: false,
        reasons: [],
      };
    }).sort(byRank);
    const max = 1 + Math.floor(random() * Math.min(20, size - 1));
    if (size <= max) continue;
    expect(select(papers, max).map((paper) => paper.paperId)).toEqual(selectSlowly(papers, max));
  }
});
