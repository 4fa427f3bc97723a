import { likesOf, missingParts, parseArxivId, parseDoi, parseQuery, UsageError } from "@paperwire/core";
import { explainReasons } from "@paperwire/core/digest/explain.ts";
import { digests, papers, sources, subscriptions, suppressions, trail } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import type { Reader } from "@paperwire/db/readers.ts";
import type { Subscription } from "@paperwire/db/subscriptions.ts";
import { evidenceOf, toQueryPaper } from "../match/evidence.ts";
import { type Likes, likesIn } from "../match/likeness.ts";
import type { Context } from "../runtime/context.ts";
import { type Answer, type JudgedInterest, whyNot } from "./why-not.ts";
import { type TrailStep, trailSteps } from "./why-trail.ts";

export interface Why extends Answer {
  /** Absent when no source has listed such a paper. */
  readonly paper?: { readonly id: string; readonly title: string; readonly keys: readonly string[] };
  readonly reader: string;
  readonly trail: readonly TrailStep[];
}

/**
 * Why a paper reached the reader, or where it stopped, with everything that is recorded on the way.
 * @throws UsageError when the text is neither an id, nor an arXiv id, nor a DOI.
 */
export async function whyFor(
  { db, clock }: Pick<Context, "db" | "clock">,
  reader: Reader,
  paper: string,
): Promise<Why> {
  const id = await papers.resolve(db, keysOf(paper));
  const [card] = id === undefined ? [] : await digests.cardsOf(db, [id]);
  if (card === undefined) return { reader: reader.email, ...(await neverSeen(db, paper)), trail: [] };
  const suppression = await suppressions.find(db, reader.email);
  const own = await subscriptions.ofReader(db, reader.id);
  const likes = await likesIn(
    db,
    own.flatMap(({ query }) => (query === null ? [] : parseQuery(query))),
  );
  const facts = {
    reader,
    ...(suppression === undefined ? {} : { suppression }),
    interests: own.map((one) => judged(one, card, likes)),
    trail: await trail.trailOf(db, card.id, reader.id),
    now: clock.now(),
  };
  const keys = (await papers.keysOf(db, [card.id])).get(card.id) ?? [];
  return {
    paper: { id: card.id, title: card.title, keys },
    reader: reader.email,
    ...whyNot(facts),
    trail: trailSteps(facts),
  };
}

/** @throws UsageError when the text can be no paper's name. */
function keysOf(text: string): string[] {
  const arxiv = parseArxivId(text);
  const doi = parseDoi(text);
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text);
  if (!isId && arxiv === undefined && doi === undefined && !/^[a-z0-9]+:\S+$/i.test(text)) {
    throw new UsageError(
      `"${text}" names no paper. Give an id, an arXiv id or a DOI; find one with: paperwire papers search WORDS`,
    );
  }
  return [
    text,
    ...(arxiv === undefined ? [] : [`arxiv:${arxiv.id}`]),
    ...(doi === undefined ? [] : [`doi:${doi}`]),
  ];
}

function judged(one: Subscription, card: PaperCard, likes: Likes): JudgedInterest {
  const frame = {
    id: one.id,
    name: one.name,
    queryId: one.queryId,
    cadence: one.cadence,
    changedAt: one.changedAt,
  };
  if (one.query === null) {
    const votes = `${card.votes} votes${card.pickedBy.length > 0 ? ", picked" : ""}`;
    return {
      ...frame,
      matches: card.votes > 0 || card.pickedBy.length > 0,
      detail: `takes the best ${one.trending} of each period; the paper has ${votes}`,
    };
  }
  const evidence = evidenceOf(one.query, card, likes);
  if (evidence.length > 0) {
    const reason = explainReasons([{ subscriptionId: one.id, subscriptionName: one.name, evidence }]);
    return {
      ...frame,
      matches: true,
      detail: `asks for it: ${reason.replace(/^Because /, "because ").replace(/\.$/, "")}`,
    };
  }
  const query = parseQuery(one.query);
  const missing = missingParts(query, toQueryPaper(card, likes));
  return {
    ...frame,
    matches: false,
    detail: `does not ask for it; missing is ${missing.map((part) => `‹${part}›`).join(", ")}${likesOf(query)
      .map((value) => closenessSentence(value, card, likes))
      .join("")}`,
  };
}

/** Where closeness decides, the two numbers that were compared, or why there are none. */
function closenessSentence(value: string, card: PaperCard, likes: Likes): string {
  const blind = likes.blind.get(value);
  if (blind !== undefined) return `. ${blind.replace(/\.$/, "")}`;
  const compared = likes.closenessTo(value, card);
  if (compared === undefined) return `; it is that paper itself, or has no word that the word vectors know`;
  return `; its closeness to “${value}” is ${compared.closeness.toFixed(2)}, and it takes ${compared.least}`;
}

async function neverSeen(db: Context["db"], paper: string): Promise<Answer> {
  const all = await sources.list(db);
  const silent = all.filter((one) => one.failures > 0 || one.lastSuccessAt === null);
  const trouble =
    silent.length === 0
      ? ""
      : ` Of the ${all.length} sources these do not answer: ${silent.map(({ id }) => id).join(", ")}.`;
  const none = all.length === 0 ? " There are no sources." : "";
  return { verdict: "never-seen", because: `No source has listed ${paper}.${none}${trouble}` };
}
