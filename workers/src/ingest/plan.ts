import { occasionOf, type Poll } from "@paperwire/core";
import type { Authority } from "@paperwire/core/identity/authority.ts";
import { mostCandidates } from "@paperwire/core/identity/blocking.ts";
import { type Decision, decidePrepared } from "@paperwire/core/identity/decide.ts";
import { type Placement, placeListing } from "@paperwire/core/identity/merge-rules.ts";
import type {
  AnnouncementRow,
  HomeRow,
  KnownListing,
  ListingRow,
  MergeRow,
  NewEvent,
  NewPaperRow,
  PaperRow,
  VersionRow,
} from "@paperwire/db/ingest.ts";
import type { Signal } from "@paperwire/db/trends.ts";
import { describe } from "./describe.ts";
import { type Incoming, venueOf } from "./incoming.ts";
import { noteSignals, pickersOf } from "./signals.ts";
import { addVersion, noteVersion } from "./versions.ts";
import { knownPaper, preparedPaper, type WorkingSet, type WorkPaper } from "./working-set.ts";

/** What one chunk of listings makes of the archive; written in one transaction. */
export interface Plan {
  readonly listings: ListingRow[];
  readonly versions: VersionRow[];
  readonly homes: HomeRow[];
  readonly keys: { key: string; paperId: string }[];
  readonly announcements: AnnouncementRow[];
  readonly events: NewEvent[];
  /** Decisions about pairs, the candidates among them. */
  readonly merges: MergeRow[];
  /** Papers of the archive to be folded into another one. */
  readonly folds: { kept: string; gone: string }[];
  /** Rows of papers that are another one from the start. */
  readonly stubs: NewPaperRow[];
  readonly signals: Signal[];
  readonly gotArxivId: Set<string>;
  readonly counts: { newPapers: number; newVersions: number; known: number; merged: number };
}

export interface PlanInput {
  readonly poll: Poll;
  /** Where the listings live, as papers name their homes: `arxiv`, `huggingface`, or the source's id. */
  readonly home: string;
  readonly authority: Authority;
  readonly knownListings: ReadonlyMap<string, KnownListing>;
  readonly newId: () => string;
}

export function emptyPlan(): Plan {
  return {
    listings: [],
    versions: [],
    homes: [],
    keys: [],
    announcements: [],
    events: [],
    merges: [],
    folds: [],
    stubs: [],
    signals: [],
    gotArxivId: new Set(),
    counts: { newPapers: 0, newVersions: 0, known: 0, merged: 0 },
  };
}

/** Places one listing, which sees what the ones before it did. */
export function place(one: Incoming, set: WorkingSet, input: PlanInput, plan: Plan): void {
  const before = input.knownListings.get(one.listing.key);
  if (before?.hash === one.hash) {
    plan.counts.known += 1;
    return;
  }
  const { placement, decisions } = decidePlacement(one, set, input);
  const found = placement.paperId === undefined ? undefined : set.papers.get(placement.paperId);
  const byKey = found !== undefined && one.keys.some((key) => found.keys.has(key));
  const paper = found ?? makePaper(one, placement, set, input, plan);
  set.place(paper);
  for (const goneId of placement.merged)
    mergePaper(paper, goneId, one, placement, decisions, set, input, plan);
  for (const candidate of placement.candidates) {
    plan.merges.push({
      kept: candidate.paperId,
      gone: paper.id,
      state: "candidate",
      probability: candidate.probability,
      because: [candidate.because],
      at: input.poll.now.toISOString(),
    });
  }
  for (const key of placement.keys) {
    set.addKey(key, paper);
    plan.keys.push({ key, paperId: paper.id });
  }
  const hadHome = paper.homes.has(input.home);
  const isVersion = found !== undefined && noteVersion(one, paper, input, plan);
  if (found !== undefined) describe(one, paper, isVersion, input, plan);
  noteSignals(one, paper, input, plan);
  noteHome(one, paper, found === undefined, input, plan);
  if (found !== undefined && !byKey && before === undefined) {
    noteLikeness(one, paper, placement, decisions.get(paper.id), hadHome, input, plan);
  }
  noteListing(one, paper, input, plan);
  noteOccasion(one, paper, found === undefined, before, input, plan);
  if (found === undefined) plan.counts.newPapers += 1;
  else if (isVersion) plan.counts.newVersions += 1;
  else if (!byKey || placement.merged.length > 0) plan.counts.merged += 1;
  else plan.counts.known += 1;
}

function decidePlacement(
  one: Incoming,
  set: WorkingSet,
  input: PlanInput,
): { placement: Placement; decisions: ReadonlyMap<string, Decision> } {
  const byKey = [...new Set(one.keys.flatMap((key) => set.holder(key) ?? []))];
  const isArxiv = one.listing.arxivId !== undefined;
  const isKnown = one.keys[0] !== undefined && set.holder(one.keys[0]) !== undefined;
  // Two arXiv ids are never one paper: only papers without one can be near-duplicates of an arXiv listing.
  const near = isKnown
    ? []
    : set
        .neighbours(one.blocks, mostCandidates)
        .filter((paper) => !byKey.includes(paper) && !(isArxiv && paper.row.arxivId !== undefined));
  const judged = isArxiv ? near : [...byKey, ...near];
  const decisions = new Map(
    judged.map((paper) => [paper.id, decidePrepared(one.prepared, preparedPaper(paper))]),
  );
  const placement = placeListing({
    keys: one.keys,
    authority: input.authority,
    byKey: byKey.map(knownPaper),
    near: judged.flatMap((paper) => {
      const decision = decisions.get(paper.id);
      return decision === undefined ? [] : { paper: knownPaper(paper), decision };
    }),
  });
  return { placement, decisions };
}

function makePaper(
  one: Incoming,
  placement: Placement,
  set: WorkingSet,
  input: PlanInput,
  plan: Plan,
): WorkPaper {
  const id = input.newId();
  const paper: WorkPaper = {
    id,
    isNew: true,
    row: rowOf(one, id, placement, input),
    keys: new Set(),
    homes: new Set(),
    versions: new Map(),
    apartFrom: [],
    blocks: one.blocks,
    changed: "nothing",
    prepared: undefined,
  };
  set.add(paper);
  addVersion(one, paper, [], input, plan);
  return paper;
}

function rowOf(one: Incoming, id: string, placement: Placement, input: PlanInput): PaperRow {
  const { listing } = one;
  const now = input.poll.now.toISOString();
  const isArxiv = placement.keys.some((key) => key.startsWith("arxiv:"));
  return {
    id,
    title: listing.title,
    titleKey: one.titleKey,
    abstract: listing.abstract,
    authors: listing.authors,
    categories: one.categories,
    published: listing.published,
    updated: listing.updated,
    year: one.year,
    firstSeen: now,
    latestVersion: listing.version,
    arxivId: isArxiv ? listing.arxivId : undefined,
    doi: listing.doi,
    journalRef: listing.journalRef,
    venue: venueOf(listing),
    license: listing.license,
    language: listing.language,
    votes: listing.votes ?? 0,
    pickedBy: pickersOf(one, input),
    withdrawnAt: listing.withdrawn === true ? now : undefined,
    publishedAt: undefined,
    describedBy: input.poll.sourceId,
  };
}

function mergePaper(
  kept: WorkPaper,
  goneId: string,
  one: Incoming,
  placement: Placement,
  decisions: ReadonlyMap<string, Decision>,
  set: WorkingSet,
  input: PlanInput,
  plan: Plan,
): void {
  const gone = set.papers.get(goneId);
  if (gone === undefined) return;
  set.fold(kept, gone);
  kept.prepared = undefined;
  plan.folds.push({ kept: kept.id, gone: goneId });
  noteMerge(kept.id, goneId, one, placement, decisions.get(goneId), undefined, input, plan);
}

/**
 * The listing was taken for another home of a paper with which it shares no identifier. The paper it would have
 * been is kept as merged into that one, with the reason, so that a person can see it and take it apart again.
 */
function noteLikeness(
  one: Incoming,
  paper: WorkPaper,
  placement: Placement,
  decision: Decision | undefined,
  hadHome: boolean,
  input: PlanInput,
  plan: Plan,
): void {
  const id = input.newId();
  // Its abstract stays with the listing until it is a paper of its own: nobody searches for it meanwhile.
  const row = { ...rowOf(one, id, placement, input), abstract: undefined };
  plan.stubs.push({ ...row, blocks: one.blocks, mergedInto: paper.id });
  const snapshot = {
    keys: placement.keys,
    listings: [[input.poll.sourceId, one.listing.key]],
    homes: hadHome ? [] : [input.home],
  };
  noteMerge(paper.id, id, one, placement, decision, snapshot, input, plan);
}

function noteMerge(
  kept: string,
  gone: string,
  one: Incoming,
  placement: Placement,
  decision: Decision | undefined,
  snapshot: unknown,
  input: PlanInput,
  plan: Plan,
): void {
  const at = input.poll.now.toISOString();
  const because = decision?.verdict === "same" ? decision.because : [placement.because];
  const probability = decision?.verdict === "same" ? decision.probability : 1;
  plan.merges.push({
    kept,
    gone,
    state: "merged",
    probability,
    because,
    at,
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  plan.events.push({
    type: "paper.merged",
    paperId: kept,
    at,
    data: { merged: gone, because: because.join(" "), probability, listing: one.listing.key },
  });
}

function noteHome(one: Incoming, paper: WorkPaper, isNew: boolean, input: PlanInput, plan: Plan): void {
  const at = input.poll.now.toISOString();
  if (isNew) {
    const { row } = paper;
    plan.events.push({
      type: "paper.new",
      paperId: paper.id,
      at,
      data: {
        title: row.title,
        authors: row.authors.map((author) => author.name),
        keys: [...paper.keys].filter((key) => !/^(?:url|listing):/.test(key)),
        categories: row.categories,
        home: input.home,
        ...(one.listing.url === undefined ? {} : { url: one.listing.url }),
      },
    });
  }
  if (paper.homes.has(input.home)) return;
  paper.homes.add(input.home);
  plan.homes.push({ paperId: paper.id, home: input.home, url: one.listing.url, seenAt: at });
  if (!isNew) {
    plan.events.push({
      type: "paper.listed",
      paperId: paper.id,
      at,
      data: { home: input.home, ...(one.listing.url === undefined ? {} : { url: one.listing.url }) },
    });
  }
}

function noteListing(one: Incoming, paper: WorkPaper, input: PlanInput, plan: Plan): void {
  const { listing } = one;
  plan.listings.push({
    sourceId: input.poll.sourceId,
    key: listing.key,
    paperId: paper.id,
    url: listing.url,
    hash: one.hash,
    announceType: listing.announceType,
    announcedOn: input.poll.date ?? listing.listedOn,
    version: listing.version,
    categories: one.categories,
    said: listing,
    seenAt: input.poll.now.toISOString(),
  });
}

function noteOccasion(
  one: Incoming,
  paper: WorkPaper,
  newPaper: boolean,
  before: KnownListing | undefined,
  input: PlanInput,
  plan: Plan,
): void {
  const relisted = before !== undefined && before.announceType === (one.listing.announceType ?? null);
  const occasion = occasionOf(one.listing, input.poll, { newPaper, newHere: !relisted });
  if (occasion === undefined) return;
  plan.announcements.push({
    paperId: paper.id,
    occasion: occasion.name,
    sourceId: input.poll.sourceId,
    at: input.poll.now.toISOString(),
    late: occasion.late,
  });
}
