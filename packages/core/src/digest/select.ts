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
    vector: undefined,
    compared: 0,
    nearest: 0,
    cluster: undefined,
  }));
  const chosen: Open[] = [];
  while (chosen.length < max && open.length > 0) {
    const next = takeBest(open, chosen);
    next.cluster ??= { size: 0 };
    next.cluster.size += 1;
    chosen.push(next);
  }
  return chosen.map(({ paper }) => paper);
}

interface Open {
  readonly paper: Candidate;
  readonly relevance: number;
  vector: TermVector | undefined;
  /** With how many of the chosen papers it has been compared. */
  compared: number;
  /** Greatest likeness to any of those, and the cluster of that paper if it is close. */
  nearest: number;
  cluster: { size: number } | undefined;
}

/**
 * Removes and returns the best open paper; a full cluster's papers come only after all others. More
 * comparisons only make a paper's value smaller, so a paper whose value from before is not the best need
 * not be compared again: most never are.
 */
function takeBest(open: Open[], chosen: readonly Open[]): Open {
  const full = new Set<Open>();
  for (;;) {
    const one = bestOf(open, full) ?? bestOf(open, new Set());
    if (one === undefined) throw new RangeError("nothing is open");
    if (one.compared < chosen.length) compare(one, chosen);
    else if ((one.cluster?.size ?? 0) >= MAX_PER_CLUSTER && full.size < open.length) full.add(one);
    else {
      open.splice(open.indexOf(one), 1);
      return one;
    }
  }
}

function bestOf(open: readonly Open[], but: ReadonlySet<Open>): Open | undefined {
  let best: Open | undefined;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (const one of open) {
    const value = RELEVANCE_SHARE * one.relevance - (1 - RELEVANCE_SHARE) * one.nearest;
    if (value > bestValue && !but.has(one)) {
      best = one;
      bestValue = value;
    }
  }
  return best;
}

function compare(one: Open, chosen: readonly Open[]): void {
  one.vector ??= vectorOf(one.paper);
  for (const other of chosen.slice(one.compared)) {
    other.vector ??= vectorOf(other.paper);
    const alike = similarity(one.vector, other.vector);
    if (alike <= one.nearest) continue;
    one.nearest = alike;
    if (alike >= CLUSTER_SIMILARITY) one.cluster = other.cluster;
  }
  one.compared = chosen.length;
}

function vectorOf(paper: Candidate): TermVector {
  return paper.terms ?? termVectorOf(paper.title, paper.abstract);
}
