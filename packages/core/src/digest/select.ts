import type { Candidate } from "./compose.ts";
import { similarity, type TermVector, termVectorOf } from "./terms.ts";

/** How much a paper's own score counts against its likeness to what is chosen already. */
const RELEVANCE_SHARE = 0.75;
/** Papers at least this alike count as one cluster: in practice, the same narrow question. */
const CLUSTER_SIMILARITY = 0.5;
const MAX_PER_CLUSTER = 3;
/** Only the best so many are weighed against each other. */
const POOL = 100;

/**
 * Chooses up to `max` of `ranked` (best first) by maximal marginal relevance (Carbonell and Goldstein,
 * SIGIR 1998) with at most three of a cluster while others remain. Everything is taken where everything
 * fits. The result is in the order of choice.
 */
export function select(ranked: readonly Candidate[], max: number): Candidate[] {
  if (ranked.length <= max) return [...ranked];
  const pool = ranked.slice(0, Math.max(POOL, max));
  const best = pool[0]?.score ?? 0;
  const span = best - (pool.at(-1)?.score ?? 0);
  const open: Open[] = pool.map((paper) => ({
    paper,
    relevance: span > 0 ? 1 - (best - paper.score) / span : 1,
    vector: paper.terms ?? termVectorOf(paper.title, paper.abstract),
    nearest: 0,
    cluster: undefined,
  }));
  const chosen: Candidate[] = [];
  while (chosen.length < max && open.length > 0) {
    const next = takeBest(open);
    next.cluster ??= { size: 0 };
    next.cluster.size += 1;
    chosen.push(next.paper);
    for (const other of open) bringNear(other, next);
  }
  return chosen;
}

interface Open {
  readonly paper: Candidate;
  readonly relevance: number;
  readonly vector: TermVector;
  /** Greatest likeness to anything chosen so far, and the cluster of that paper if it is close. */
  nearest: number;
  cluster: { size: number } | undefined;
}

/** Removes and returns the best open paper; a full cluster's papers come only after all others. */
function takeBest(open: Open[]): Open {
  let at = 0;
  let bestValue = Number.NEGATIVE_INFINITY;
  open.forEach((one, i) => {
    const full = (one.cluster?.size ?? 0) >= MAX_PER_CLUSTER;
    const value = RELEVANCE_SHARE * one.relevance - (1 - RELEVANCE_SHARE) * one.nearest - (full ? 10 : 0);
    if (value > bestValue) {
      bestValue = value;
      at = i;
    }
  });
  const [taken] = open.splice(at, 1);
  if (taken === undefined) throw new RangeError("nothing is open");
  return taken;
}

function bringNear(other: Open, chosen: Open): void {
  const alike = similarity(other.vector, chosen.vector);
  if (alike <= other.nearest) return;
  other.nearest = alike;
  if (alike >= CLUSTER_SIMILARITY) other.cluster = chosen.cluster;
}
