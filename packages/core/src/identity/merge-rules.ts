import { type Authority, byStrength, isAuthorityFor, isLocal, schemeOf } from "./authority.ts";
import type { Decision } from "./decide.ts";

/** A paper of the archive as far as the rules need it. */
export interface KnownPaper {
  readonly id: string;
  /** Every key that leads to it. */
  readonly keys: readonly string[];
  /** Instant, ISO 8601; of several papers that become one the oldest stays, unless another has the arXiv id. */
  readonly firstSeen: string;
  /** Papers an operator has split from this one: they are never joined to it again. */
  readonly apartFrom?: readonly string[];
}

/** A paper found by blocking, with the decision against the listing. */
export interface NearDuplicate {
  readonly paper: KnownPaper;
  readonly decision: Decision;
}

export interface PlacementInput {
  /** Canonical identifiers of the listing; URLs carry their source (`url:<source>:…`). */
  readonly keys: readonly string[];
  readonly authority: Authority;
  /** Papers that hold one of the keys. */
  readonly byKey: readonly KnownPaper[];
  /** Papers found by blocking, in any order; one that is also in `byKey` brings the decision on its record. */
  readonly near: readonly NearDuplicate[];
}

export interface PossiblySame {
  readonly paperId: string;
  readonly probability: number;
  readonly because: string;
}

export interface Placement {
  /**
   * attach: the listing is a home of `paperId` · new: it makes a paper · merge: it proves that `merged` are
   * `paperId` too · candidate: as attach, new or merge, and a person should look at `candidates` · conflict:
   * the same, and the listing names two arXiv ids or claims an identifier of a paper it does not fit.
   */
  readonly act: "attach" | "new" | "merge" | "candidate" | "conflict";
  /** Where the listing goes; absent for a new paper. */
  readonly paperId?: string;
  /** Papers to fold into `paperId`, with all their keys. */
  readonly merged: readonly string[];
  /** Keys the paper, old or new, gains besides those of `merged`. */
  readonly keys: readonly string[];
  /** Keys of the listing which the paper must not get. */
  readonly refused: readonly string[];
  readonly candidates: readonly PossiblySame[];
  readonly because: string;
}

/**
 * Which paper a listing belongs to. Whatever arrives, in any order, applying the answer keeps these promises:
 * no paper has two arXiv ids, no key leads to two papers, and what a plain feed says of an identifier that is
 * not its own joins no papers. Applied a second time, the same listing changes no paper and no key.
 */
export function placeListing(input: PlacementInput): Placement {
  const keys = byStrength([...new Set(input.keys)]);
  const decisions = new Map(input.near.map((near) => [near.paper.id, near.decision]));
  const papers = distinct([...input.byKey, ...input.near.map((near) => near.paper)]);
  const proven = provenPapers(input, keys, papers, decisions);
  const target = survivorOf(proven);
  const merged = proven.filter((paper) => paper !== target);
  const gained = keys.filter((key) => mayGain(input.authority, key, keys, papers, proven));
  const refused = keys.filter(
    (key) => !gained.includes(key) && !proven.some((paper) => paper.keys.includes(key)),
  );
  const others = papers.filter(
    (paper) => !proven.includes(paper) && !proven.some((other) => areApart(paper, other)),
  );
  const candidates = others.flatMap((paper) => candidateOf(paper, keys, decisions.get(paper.id)));
  const claimsMisfit = others.some(
    (paper) => sharedKey(keys, paper) !== undefined && decisions.get(paper.id)?.verdict === "different",
  );
  const isConflict = arxivIdsOf(keys).length > 1 || claimsMisfit;
  const plainAct = merged.length > 0 ? "merge" : target === undefined ? "new" : "attach";
  return {
    act: isConflict ? "conflict" : candidates.length > 0 ? "candidate" : plainAct,
    ...(target === undefined ? {} : { paperId: target.id }),
    merged: merged.map((paper) => paper.id),
    keys: gained,
    refused,
    candidates,
    because: reasonOf(target, keys, decisions),
  };
}

/** The papers that are this work for certain and can be one paper together; the one that counts most first. */
function provenPapers(
  input: PlacementInput,
  keys: readonly string[],
  papers: readonly KnownPaper[],
  decisions: ReadonlyMap<string, Decision>,
): KnownPaper[] {
  const arxivId = arxivIdsOf(keys)[0];
  const fits = (paper: KnownPaper) =>
    arxivId === undefined || paper.keys.includes(arxivId) || arxivIdsOf(paper.keys).length === 0;
  const isSame = (paper: KnownPaper) => decisions.get(paper.id)?.verdict === "same";
  const proven: KnownPaper[] = [];
  const join = (paper: KnownPaper) => {
    if (fits(paper) && proven.every((other) => mayUnite(other, paper))) proven.push(paper);
  };
  for (const key of keys) {
    const holder = papers.find((paper) => paper.keys.includes(key));
    if (holder === undefined || proven.includes(holder)) continue;
    if (isBelieved(input.authority, key, keys) || isSame(holder)) join(holder);
  }
  const alike = papers
    .filter(
      (paper) =>
        !proven.includes(paper) && sharedKey(keys, paper) === undefined && isSame(paper) && fits(paper),
    )
    .sort((a, b) => doubtOf(decisions, a) - doubtOf(decisions, b) || (isOlder(a, b) ? -1 : 1));
  if (proven.length > 0) for (const paper of alike) join(paper);
  else if (alike[0] !== undefined && !isAmbiguous(alike, decisions)) join(alike[0]);
  return proven;
}

/** The listing's strongest identifier says what it is; of the others only who may speak for them is believed. */
function isBelieved(authority: Authority, key: string, keys: readonly string[]): boolean {
  const own = keys[0];
  if (key === own || own === undefined || isLocal(key)) return true;
  return authority.links === true || isAuthorityFor(authority, key) || isAuthorityFor(authority, own);
}

/** Two papers under different arXiv ids fit about equally well: neither is certain. */
function isAmbiguous(alike: readonly KnownPaper[], decisions: ReadonlyMap<string, Decision>): boolean {
  const [best, ...others] = alike;
  return (
    best !== undefined &&
    others.some(
      (other) => !mayUnite(best, other) && doubtOf(decisions, other) < 10 * doubtOf(decisions, best),
    )
  );
}

function doubtOf(decisions: ReadonlyMap<string, Decision>, paper: KnownPaper): number {
  return 1 - (decisions.get(paper.id)?.probability ?? 0);
}

function mayUnite(a: KnownPaper, b: KnownPaper): boolean {
  return !areApart(a, b) && new Set([...arxivIdsOf(a.keys), ...arxivIdsOf(b.keys)]).size <= 1;
}

function areApart(a: KnownPaper, b: KnownPaper): boolean {
  return (a.apartFrom ?? []).includes(b.id) || (b.apartFrom ?? []).includes(a.id);
}

/** An arXiv id outranks age, so that the paper which arXiv speaks for keeps its id. */
function survivorOf(papers: readonly KnownPaper[]): KnownPaper | undefined {
  const named = papers.find((paper) => arxivIdsOf(paper.keys).length > 0);
  return (
    named ??
    papers.reduce<KnownPaper | undefined>(
      (oldest, paper) => (oldest === undefined || isOlder(paper, oldest) ? paper : oldest),
      undefined,
    )
  );
}

function mayGain(
  authority: Authority,
  key: string,
  keys: readonly string[],
  papers: readonly KnownPaper[],
  proven: readonly KnownPaper[],
): boolean {
  if (papers.some((paper) => paper.keys.includes(key)) || !isBelieved(authority, key, keys)) return false;
  if (schemeOf(key) !== "arxiv") return true;
  return key === keys[0] && !proven.some((paper) => arxivIdsOf(paper.keys).length > 0);
}

function candidateOf(
  paper: KnownPaper,
  keys: readonly string[],
  decision: Decision | undefined,
): PossiblySame[] {
  const shared = sharedKey(keys, paper);
  if (shared === undefined && (decision === undefined || decision.verdict === "different")) return [];
  const [own, held] = [arxivIdsOf(keys)[0], arxivIdsOf(paper.keys)[0]];
  if (shared !== undefined && own !== undefined && held !== undefined) {
    return [
      {
        paperId: paper.id,
        probability: 0.5,
        because: `Both name ${shared}, but ${own} and ${held} are two arXiv ids.`,
      },
    ];
  }
  if (shared !== undefined && decision?.verdict === "different") return [];
  const because =
    shared === undefined
      ? (decision?.because.join(" ") ?? "")
      : `The listing names ${shared}, which is not its source's to give.`;
  return [{ paperId: paper.id, probability: decision?.probability ?? 0.5, because }];
}

function reasonOf(
  target: KnownPaper | undefined,
  keys: readonly string[],
  decisions: ReadonlyMap<string, Decision>,
): string {
  if (target === undefined) return "No paper has one of its identifiers or is certainly the same work.";
  const shared = sharedKey(keys, target);
  if (shared !== undefined) return `The paper has its identifier ${shared}.`;
  return (
    decisions.get(target.id)?.because.join(" ") ??
    "It is the same work as a paper that was merged into this one."
  );
}

function sharedKey(keys: readonly string[], paper: KnownPaper): string | undefined {
  return keys.find((key) => paper.keys.includes(key));
}

function arxivIdsOf(keys: readonly string[]): string[] {
  return keys.filter((key) => schemeOf(key) === "arxiv");
}

function isOlder(a: KnownPaper, b: KnownPaper): boolean {
  return a.firstSeen === b.firstSeen ? a.id < b.id : a.firstSeen < b.firstSeen;
}

function distinct(papers: readonly KnownPaper[]): KnownPaper[] {
  return [...new Map(papers.map((paper) => [paper.id, paper])).values()];
}
