import type { Incoming } from "./incoming.ts";
import type { Plan, PlanInput } from "./plan.ts";
import type { WorkPaper } from "./working-set.ts";

/** Who picked the paper, where the source's listings are picks. */
export function pickersOf(one: Incoming, input: PlanInput): string[] {
  if (!input.poll.picks) return [];
  return [one.listing.pickedBy ?? input.home];
}

/**
 * What raises a paper's trend: the votes another site counts, and picks. A list of an earlier day counts from
 * that day, so that an import of old lists makes nothing look new.
 */
export function noteSignals(one: Incoming, paper: WorkPaper, input: PlanInput, plan: Plan): void {
  const { listing } = one;
  const at = attentionAt(listing.listedOn ?? input.poll.date, input.poll.now);
  if ((listing.votes ?? 0) > 0) {
    plan.signals.push({
      paperId: paper.id,
      kind: "outside-votes",
      of: input.home,
      count: listing.votes ?? 0,
      at,
    });
  }
  if (input.poll.picks) {
    plan.signals.push({ paperId: paper.id, kind: "picks", of: "", count: paper.row.pickedBy.length, at });
  }
}

function attentionAt(day: string | undefined, now: Date): string {
  const noon = day === undefined ? now : new Date(`${day}T12:00:00Z`);
  return (noon < now ? noon : now).toISOString();
}
