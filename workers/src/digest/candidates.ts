import type { Candidate, Evidence, Reason, TrendCandidate } from "@paperwire/core";
import { digests, matches, subscriptions, type Trx } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import type { Reader } from "@paperwire/db/readers.ts";
import type { Subscription } from "@paperwire/db/subscriptions.ts";
import { noticed, topOf } from "../archive/trending.ts";
import { evidenceOf, parsed } from "../match/evidence.ts";
import { type Likes, likesIn } from "../match/likeness.ts";

/** Everything that one chunk of readers may be mailed, loaded once for all of them. */
export interface Material {
  readonly subscriptions: ReadonlyMap<string, readonly Subscription[]>;
  readonly matches: readonly matches.Match[];
  readonly released: readonly digests.Released[];
  readonly cards: ReadonlyMap<string, PaperCard>;
  /** What the readers' interests want papers to be close to. */
  readonly likes: Likes;
  /** `reader:paper` pairs that are taken. */
  readonly mailed: ReadonlySet<string>;
  /** What got votes or picks lately, for subscriptions to the day's or week's top; until `now`. */
  readonly noticed: readonly TrendCandidate[];
  readonly now: Date;
}

const releasedForMs = 7 * 24 * 3_600_000;

export async function loadMaterial(
  trx: Trx,
  readers: readonly Reader[],
  cadence: "digest" | "instant",
  upTo: number,
  now: Date,
): Promise<Material> {
  const ids = readers.map((reader) => reader.id);
  const all = (await subscriptions.ofReaders(trx, ids)).filter((one) => one.cadence === cadence);
  const queryIds = [...new Set(all.flatMap((one) => one.queryId ?? []))];
  const after = Math.min(...readers.map((reader) => horizonOf(reader, cadence)));
  const found = await matches.between(trx, queryIds, after, upTo);
  const released =
    cadence === "digest" ? await digests.releasedFor(trx, ids, new Date(now.getTime() - releasedForMs)) : [];
  const noticedSince = new Date(now.getTime() - 8 * 24 * 3_600_000);
  const lately = all.some((one) => one.trending !== null)
    ? await noticed(trx, noticedSince, justAfter(now))
    : [];
  const paperIds = [
    ...new Set([
      ...found.map((match) => match.paperId),
      ...released.map((one) => one.paperId),
      ...lately.map(({ id }) => id),
    ]),
  ];
  const cards = await digests.cardsOf(trx, paperIds);
  return {
    subscriptions: Map.groupBy(all, (one) => one.readerId),
    matches: found,
    released,
    cards: new Map(cards.map((card) => [card.id, card])),
    likes: await likesIn(trx, new Set(all.flatMap(({ query }) => (query === null ? [] : parsed(query))))),
    mailed: await digests.mailedAmong(trx, ids, paperIds),
    noticed: lately,
    now,
  };
}

/** The instant itself belongs to a span that ends here. */
function justAfter(now: Date): Date {
  return new Date(now.getTime() + 1);
}

export function horizonOf(reader: Reader, cadence: "digest" | "instant"): number {
  return cadence === "digest" ? reader.horizon : reader.instantHorizon;
}

/** The papers one reader may get now, with the reasons: every subscription that asked, and the evidence for it. */
export function candidatesOf(reader: Reader, material: Material, after: number, since: Date): Candidate[] {
  const own = material.subscriptions.get(reader.id) ?? [];
  const reasons = new Map<string, { late: boolean; reasons: Reason[] }>();
  const add = (paperId: string, late: boolean, reason: Reason) => {
    const there = reasons.get(paperId) ?? { late: true, reasons: [] };
    there.late &&= late;
    if (!there.reasons.some((one) => one.subscriptionId === reason.subscriptionId))
      there.reasons.push(reason);
    reasons.set(paperId, there);
  };
  const byQuery = new Map(own.flatMap((one) => (one.queryId === null ? [] : [[one.queryId, one] as const])));
  const ownIds = new Set(own.map((one) => one.id));
  for (const match of material.matches) {
    if (match.seq <= after || (match.onlyFor !== null && !ownIds.has(match.onlyFor))) continue;
    for (const queryId of match.queryIds) {
      const subscription = byQuery.get(queryId);
      const card = material.cards.get(match.paperId);
      if (subscription === undefined || card === undefined) continue;
      add(
        match.paperId,
        match.late,
        reasonFor(subscription, evidenceOf(subscription.query ?? "", card, material.likes)),
      );
    }
  }
  for (const one of material.released) {
    const card = material.cards.get(one.paperId);
    if (one.readerId !== reader.id || card === undefined) continue;
    for (const subscription of own) {
      const evidence =
        subscription.query === null ? [] : evidenceOf(subscription.query, card, material.likes);
      if (evidence.length > 0) add(one.paperId, true, reasonFor(subscription, evidence));
    }
  }
  for (const subscription of own) {
    if (subscription.trending === null) continue;
    const top = topOf(material.noticed, since, justAfter(material.now), subscription.trending);
    const of = reader.rhythm === "weekly" ? "week" : "day";
    for (const [at, id] of top.entries()) {
      add(id, false, reasonFor(subscription, [{ kind: "trending", value: "", rank: at + 1, of }]));
    }
  }
  return [...reasons].flatMap(([paperId, found]) => {
    const card = material.cards.get(paperId);
    if (card === undefined || material.mailed.has(`${reader.id}:${paperId}`)) return [];
    return toCandidate(card, found.late, found.reasons);
  });
}

function reasonFor(subscription: Subscription, evidence: readonly Evidence[]): Reason {
  return { subscriptionId: subscription.id, subscriptionName: subscription.name, evidence };
}

function toCandidate(card: PaperCard, late: boolean, reasons: readonly Reason[]): Candidate {
  return {
    paperId: card.id,
    title: card.title,
    ...(card.abstract === null ? {} : { abstract: card.abstract }),
    authors: card.authors,
    topics: card.categories.slice(0, 6),
    homes: card.homes.map(({ home, url, name }) => ({
      source: homeName(home, name),
      ...(url === null ? {} : { url }),
    })),
    firstSeen: card.firstSeen.toISOString(),
    late,
    score: scoreOf(card, reasons),
    votes: card.votes,
    picked: card.pickedBy.length > 0,
    reasons,
  };
}

/**
 * How much a paper matters to the reader, before diversity: authors they follow first, words in the title
 * before words in the abstract, each further interest a little more, then the community's votes and picks.
 */
export function scoreOf(card: Pick<PaperCard, "votes" | "pickedBy">, reasons: readonly Reason[]): number {
  const weights = reasons.flatMap((reason) => reason.evidence).map(weightOf);
  const strongest = Math.max(0, ...weights);
  const more = Math.min(1, 0.25 * Math.max(0, weights.length - 1));
  return strongest + more + 0.2 * Math.log1p(card.votes) + (card.pickedBy.length > 0 ? 0.3 : 0);
}

function weightOf(evidence: Evidence): number {
  switch (evidence.kind) {
    case "author":
      return 3;
    case "words":
      return evidence.where === "title" ? 2.5 : 2;
    case "like":
    case "close":
      return 1 + 1.5 * (evidence.closeness ?? 0.5);
    case "topic":
    case "pick":
    case "trending":
      return 1.5;
    case "category":
    case "source":
    case "text":
      return 1;
    default:
      return evidence satisfies never;
  }
}

const homeNames: Readonly<Record<string, string>> = {
  arxiv: "arXiv",
  huggingface: "Hugging Face Daily Papers",
  biorxiv: "bioRxiv",
  medrxiv: "medRxiv",
  pubmed: "PubMed",
  crossref: "Crossref",
  openalex: "OpenAlex",
  openreview: "OpenReview",
  "semantic-scholar": "Semantic Scholar",
  acl: "ACL Anthology",
};

/** A home as readers know it: the place, or what the feed calls itself. */
export function homeName(home: string, name: string | null = null): string {
  return homeNames[home] ?? name ?? home;
}
