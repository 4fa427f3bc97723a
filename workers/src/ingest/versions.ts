import type { Incoming } from "./incoming.ts";
import type { Plan, PlanInput } from "./plan.ts";
import type { WorkPaper } from "./working-set.ts";

/** A version that this home has not shown before: kept with what changed. Replacements never make a paper mailable. */
export function noteVersion(one: Incoming, paper: WorkPaper, input: PlanInput, plan: Plan): boolean {
  const { version } = one.listing;
  if (version === undefined) return false;
  const latest = paper.versions.get(input.home);
  if (latest !== undefined && version <= latest) return false;
  const changed = latest === undefined ? [] : changesOf(one, paper);
  addVersion(one, paper, changed, input, plan);
  if (latest === undefined && version <= (paper.row.latestVersion ?? 0)) return false;
  const known = paper.row.latestVersion;
  if (known === undefined || version > known) {
    paper.row = { ...paper.row, latestVersion: version };
    if (paper.changed === "nothing") paper.changed = "facts";
  }
  if (known === undefined) return false;
  plan.events.push({
    type: "paper.versioned",
    paperId: paper.id,
    at: input.poll.now.toISOString(),
    data: { home: input.home, version, changed },
  });
  return true;
}

export function addVersion(
  one: Incoming,
  paper: WorkPaper,
  changed: readonly string[],
  input: PlanInput,
  plan: Plan,
): void {
  const { listing } = one;
  if (listing.version === undefined) return;
  paper.versions.set(input.home, listing.version);
  plan.versions.push({
    paperId: paper.id,
    home: input.home,
    version: listing.version,
    title: listing.title,
    abstract: listing.abstract,
    authors: listing.authors,
    at: listing.updated ?? listing.published,
    seenAt: input.poll.now.toISOString(),
    changed,
  });
}

function changesOf(one: Incoming, paper: WorkPaper): string[] {
  const { listing } = one;
  const names = (authors: readonly { name: string }[]) => authors.map((author) => author.name).join("; ");
  return [
    ...(listing.title === paper.row.title ? [] : ["title"]),
    ...(listing.abstract === undefined || listing.abstract === paper.row.abstract ? [] : ["abstract"]),
    ...(names(listing.authors) === names(paper.row.authors) ? [] : ["authors"]),
    ...(listing.withdrawn === true && paper.row.withdrawnAt === undefined ? ["withdrawn"] : []),
  ];
}
