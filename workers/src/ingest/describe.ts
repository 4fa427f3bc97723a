import { titleKey } from "@paperwire/core";
import { mayOverwrite, mayPublish } from "@paperwire/core/identity/authority.ts";
import type { PaperRow } from "@paperwire/db/ingest.ts";
import { type Incoming, venueOf } from "./incoming.ts";
import type { Plan, PlanInput } from "./plan.ts";
import { pickersOf } from "./signals.ts";
import type { WorkPaper } from "./working-set.ts";

/** What the listing may say of a paper that exists: everything if it speaks for it, the gaps otherwise. */
export function describe(
  one: Incoming,
  paper: WorkPaper,
  isVersion: boolean,
  input: PlanInput,
  plan: Plan,
): void {
  const { listing } = one;
  const { row } = paper;
  const keys = [...paper.keys];
  const speaks = mayOverwrite(input.authority, keys, row.describedBy === input.poll.sourceId);
  const isOlder = (listing.version ?? row.latestVersion ?? 0) < (row.latestVersion ?? 0);
  const overwrite = speaks && !isOlder;
  const pick = <T>(said: T | undefined, have: T | undefined) => (overwrite ? (said ?? have) : (have ?? said));
  const next: PaperRow = {
    ...row,
    title: overwrite ? listing.title : row.title,
    abstract: pick(listing.abstract, row.abstract),
    authors:
      (overwrite && listing.authors.length > 0) || row.authors.length === 0 ? listing.authors : row.authors,
    categories: union(row.categories, one.categories),
    published:
      earliest(row.published, speaks ? instant(listing.published) : undefined) ?? instant(listing.published),
    updated: latest(row.updated, instant(listing.updated)),
    year: row.year ?? one.year,
    journalRef: pick(listing.journalRef, row.journalRef),
    venue: pick(venueOf(listing), row.venue),
    license: pick(listing.license, row.license),
    language: row.language ?? listing.language,
    votes: listing.votes ?? row.votes,
    pickedBy: union(row.pickedBy, pickersOf(one, input)),
    describedBy: overwrite ? input.poll.sourceId : row.describedBy,
    ...identifiers(one, paper, speaks, input, plan),
  };
  const added = next.categories.slice(row.categories.length);
  if (added.length > 0 && !isVersion) {
    plan.events.push({
      type: "paper.listed",
      paperId: paper.id,
      at: input.poll.now.toISOString(),
      data: { home: input.home, categories: added },
    });
  }
  adopt(paper, next);
}

/** An arXiv id, a DOI or a withdrawal that the paper did not have, each with its event. */
function identifiers(
  one: Incoming,
  paper: WorkPaper,
  speaks: boolean,
  input: PlanInput,
  plan: Plan,
): Partial<PaperRow> {
  const { listing } = one;
  const { row } = paper;
  const at = input.poll.now.toISOString();
  const gained: { arxivId?: string; doi?: string; publishedAt?: string; withdrawnAt?: string } = {};
  if (
    listing.arxivId !== undefined &&
    row.arxivId === undefined &&
    paper.keys.has(`arxiv:${listing.arxivId}`)
  ) {
    gained.arxivId = listing.arxivId;
    plan.gotArxivId.add(paper.id);
  }
  const isPublished = listing.doi !== undefined && row.doi === undefined;
  if (isPublished && mayPublish(input.authority, [...paper.keys], `doi:${listing.doi}`)) {
    gained.doi = listing.doi;
    gained.publishedAt = at;
    plan.events.push({
      type: "paper.published",
      paperId: paper.id,
      at,
      data: { doi: listing.doi, home: input.home },
    });
  }
  if (listing.withdrawn === true && row.withdrawnAt === undefined && speaks) {
    gained.withdrawnAt = at;
    plan.events.push({ type: "paper.withdrawn", paperId: paper.id, at, data: { home: input.home } });
  }
  return gained;
}

/** Takes the row over and notes how much of it is new, so that nothing is written in vain. */
function adopt(paper: WorkPaper, next: PaperRow): void {
  const { row } = paper;
  const isText =
    next.title !== row.title ||
    next.abstract !== row.abstract ||
    JSON.stringify(next.authors) !== JSON.stringify(row.authors);
  const isFact = factNames.some((name) => String(next[name] ?? "") !== String(row[name] ?? ""));
  if (!isText && !isFact) return;
  if (isText || paper.changed === "text") {
    paper.row = { ...next, titleKey: titleKey(next.title) };
    paper.changed = "text";
    paper.prepared = undefined;
    return;
  }
  paper.row = next;
  paper.changed = "facts";
  if (next.year !== row.year || next.venue !== row.venue) paper.prepared = undefined;
}

const factNames = [
  "categories",
  "published",
  "updated",
  "year",
  "latestVersion",
  "arxivId",
  "doi",
  "journalRef",
  "venue",
  "license",
  "language",
  "votes",
  "pickedBy",
  "withdrawnAt",
  "publishedAt",
  "describedBy",
] as const satisfies (keyof PaperRow)[];

function union(have: readonly string[], more: readonly string[]): readonly string[] {
  return more.every((one) => have.includes(one)) ? have : [...new Set([...have, ...more])];
}

/** One spelling of an instant, so that equal ones are seen to be equal. */
function instant(text: string | undefined): string | undefined {
  return text === undefined ? undefined : new Date(text).toISOString();
}

function earliest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
