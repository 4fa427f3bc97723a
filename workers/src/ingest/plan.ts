import { authorKey, occasionOf, type Poll, titleKey } from "@paperwire/core";
import { type Authority, mayOverwrite, mayPublish } from "@paperwire/core/identity/authority.ts";
import { mostCandidates } from "@paperwire/core/identity/blocking.ts";
import { decidePrepared } from "@paperwire/core/identity/decide.ts";
import { type Placement, placeListing } from "@paperwire/core/identity/merge-rules.ts";
import type {
  AnnouncementRow,
  HomeRow,
  KnownListing,
  ListingRow,
  MergeRow,
  NewEvent,
  VersionRow,
} from "@paperwire/db/ingest.ts";
import type { Incoming } from "./incoming.ts";
import {
  knownPaper,
  preparedListing,
  preparedPaper,
  venueOf,
  type WorkingSet,
  type WorkPaper,
} from "./working-set.ts";

/** What one chunk of listings makes of the archive; written in one transaction. */
export interface Plan {
  readonly listings: ListingRow[];
  readonly versions: VersionRow[];
  readonly homes: HomeRow[];
  readonly keys: { key: string; paperId: string }[];
  readonly blocks: { key: string; paperId: string; arxiv: boolean }[];
  readonly announcements: AnnouncementRow[];
  readonly events: NewEvent[];
  readonly merges: MergeRow[];
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

/** Places listings one after the other, each seeing what the ones before it did. */
export function planChunk(incoming: readonly Incoming[], set: WorkingSet, input: PlanInput): Plan {
  const plan: Plan = {
    listings: [],
    versions: [],
    homes: [],
    keys: [],
    blocks: [],
    announcements: [],
    events: [],
    merges: [],
    gotArxivId: new Set(),
    counts: { newPapers: 0, newVersions: 0, known: 0, merged: 0 },
  };
  for (const one of incoming) place(one, set, input, plan);
  return plan;
}

function place(one: Incoming, set: WorkingSet, input: PlanInput, plan: Plan): void {
  const before = input.knownListings.get(one.listing.key);
  if (before?.hash === one.hash) {
    plan.counts.known += 1;
    return;
  }
  const placement = decidePlacement(one, set, input);
  const found = placement.paperId === undefined ? undefined : set.papers.get(placement.paperId);
  const byKey = found !== undefined && one.keys.some((key) => found.keys.has(key));
  const paper = found ?? makePaper(one, placement, set, input, plan);
  for (const goneId of placement.merged) mergePaper(paper, goneId, one, placement, set, input, plan);
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
  const isVersion = found !== undefined && noteVersion(one, paper, input, plan);
  if (found !== undefined) describe(one, paper, isVersion, input, plan);
  noteHome(one, paper, found === undefined, input, plan);
  noteListing(one, paper, input, plan);
  noteOccasion(one, paper, found === undefined, before, input, plan);
  if (found === undefined) plan.counts.newPapers += 1;
  else if (isVersion) plan.counts.newVersions += 1;
  else if (!byKey || placement.merged.length > 0) plan.counts.merged += 1;
  else plan.counts.known += 1;
}

function decidePlacement(one: Incoming, set: WorkingSet, input: PlanInput): Placement {
  const byKey = [...new Set(one.keys.flatMap((key) => set.holder(key) ?? []))];
  const isArxiv = one.listing.arxivId !== undefined;
  // Two arXiv ids are never one paper: only papers without one can be near-duplicates of an arXiv listing.
  const near = set
    .neighbours(one.blocks, mostCandidates)
    .filter((paper) => byKey.includes(paper) || !(isArxiv && paper.row.arxivId !== undefined));
  const record = near.length > 0 || byKey.length > 0 ? preparedListing(one) : undefined;
  const judged = record === undefined ? [] : [...new Set([...byKey, ...near])];
  return placeListing({
    keys: one.keys,
    authority: input.authority,
    byKey: byKey.map(knownPaper),
    near: judged.flatMap((paper) =>
      record === undefined || (byKey.includes(paper) && isArxiv)
        ? []
        : { paper: knownPaper(paper), decision: decidePrepared(record, preparedPaper(paper)) },
    ),
  });
}

function makePaper(
  one: Incoming,
  placement: Placement,
  set: WorkingSet,
  input: PlanInput,
  plan: Plan,
): WorkPaper {
  const { listing } = one;
  const now = input.poll.now.toISOString();
  const isArxiv = placement.keys.some((key) => key.startsWith("arxiv:"));
  const paper: WorkPaper = {
    id: input.newId(),
    isNew: true,
    row: {
      id: "",
      title: listing.title,
      titleKey: one.titleKey,
      abstract: listing.abstract,
      authors: listing.authors,
      authorKeys: one.authorKeys,
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
    },
    keys: new Set(),
    homes: new Set(),
    versions: new Map(),
    apartFrom: [],
    changed: false,
    prepared: undefined,
  };
  paper.row = { ...paper.row, id: paper.id };
  set.add(paper, one.blocks);
  for (const key of one.blocks) plan.blocks.push({ key, paperId: paper.id, arxiv: isArxiv });
  addVersion(one, paper, [], input, plan);
  return paper;
}

function mergePaper(
  kept: WorkPaper,
  goneId: string,
  one: Incoming,
  placement: Placement,
  set: WorkingSet,
  input: PlanInput,
  plan: Plan,
): void {
  const gone = set.papers.get(goneId);
  if (gone === undefined) return;
  set.fold(kept, gone);
  const at = input.poll.now.toISOString();
  plan.merges.push({
    kept: kept.id,
    gone: goneId,
    state: "merged",
    probability: 1,
    because: [placement.because],
    at,
  });
  plan.events.push({
    type: "paper.merged",
    paperId: kept.id,
    at,
    data: { merged: goneId, because: placement.because, listing: one.listing.key },
  });
}

/** A version that this home has not shown before: kept with what changed. Replacements never make a paper mailable. */
function noteVersion(one: Incoming, paper: WorkPaper, input: PlanInput, plan: Plan): boolean {
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
    paper.changed = true;
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

function addVersion(
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

/** What the listing may say of a paper that exists: everything if it speaks for it, the gaps otherwise. */
function describe(one: Incoming, paper: WorkPaper, isVersion: boolean, input: PlanInput, plan: Plan): void {
  const { listing } = one;
  const { row } = paper;
  const keys = [...paper.keys];
  const speaks = mayOverwrite(input.authority, keys, row.describedBy === input.poll.sourceId);
  const isOlder = (listing.version ?? row.latestVersion ?? 0) < (row.latestVersion ?? 0);
  const overwrite = speaks && !isOlder;
  const pick = <T>(said: T | undefined, have: T | undefined) => (overwrite ? (said ?? have) : (have ?? said));
  const title = overwrite ? listing.title : row.title;
  const authors =
    (overwrite && listing.authors.length > 0) || row.authors.length === 0 ? listing.authors : row.authors;
  const next = {
    ...row,
    title,
    titleKey: titleKey(title),
    abstract: pick(listing.abstract, row.abstract),
    authors,
    authorKeys: [...new Set(authors.map((author) => authorKey(author.name)))],
    categories: [...new Set([...row.categories, ...one.categories])],
    published: earliest(row.published, speaks ? listing.published : undefined) ?? listing.published,
    updated: latest(row.updated, listing.updated),
    year: row.year ?? one.year,
    journalRef: pick(listing.journalRef, row.journalRef),
    venue: pick(venueOf(listing), row.venue),
    license: pick(listing.license, row.license),
    language: row.language ?? listing.language,
    votes: listing.votes ?? row.votes,
    pickedBy: [...new Set([...row.pickedBy, ...pickersOf(one, input)])],
    describedBy: overwrite ? input.poll.sourceId : row.describedBy,
  };
  const at = input.poll.now.toISOString();
  if (
    listing.arxivId !== undefined &&
    row.arxivId === undefined &&
    paper.keys.has(`arxiv:${listing.arxivId}`)
  ) {
    next.arxivId = listing.arxivId;
    plan.gotArxivId.add(paper.id);
  }
  if (
    listing.doi !== undefined &&
    row.doi === undefined &&
    mayPublish(input.authority, keys, `doi:${listing.doi}`)
  ) {
    next.doi = listing.doi;
    next.publishedAt = at;
    plan.events.push({
      type: "paper.published",
      paperId: paper.id,
      at,
      data: { doi: listing.doi, home: input.home },
    });
  }
  if (listing.withdrawn === true && row.withdrawnAt === undefined && speaks) {
    next.withdrawnAt = at;
    plan.events.push({ type: "paper.withdrawn", paperId: paper.id, at, data: { home: input.home } });
  }
  const added = one.categories.filter((category) => !row.categories.includes(category));
  if (added.length > 0 && !isVersion) {
    plan.events.push({
      type: "paper.listed",
      paperId: paper.id,
      at,
      data: { home: input.home, categories: added },
    });
  }
  paper.row = next;
  paper.changed = true;
  paper.prepared = undefined;
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

function pickersOf(one: Incoming, input: PlanInput): string[] {
  if (!input.poll.picks) return [];
  return [one.listing.pickedBy ?? input.home];
}

function earliest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
