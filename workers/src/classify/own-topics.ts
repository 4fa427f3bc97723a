import { createHash } from "node:crypto";
import {
  type Classifier,
  type ExampleProfile,
  evaluate,
  exampleClassifier,
  parseQuery,
  profileOf,
} from "@paperwire/core";
import { type Db, digests, topics } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import type { NewLabel, OwnTopic } from "@paperwire/db/topics.ts";
import { toQueryPaper } from "../match/evidence.ts";
import { type Likes, likesIn } from "../match/likeness.ts";
import { wordVectors } from "./word-vectors.ts";

/** The operator's topics, ready to be asked. */
export interface OwnTopics {
  /** Of everything that decides: queries, examples and what was learned from them. */
  readonly version: string;
  /**
   * The labels a paper gets. Sure where a topic's query holds or the operator named the paper as an example
   * (classifier `own`); with the cosine as confidence where it is close to a topic's examples (`examples`).
   */
  labelsOf(card: PaperCard): NewLabel[];
}

export async function ownTopics(db: Db): Promise<OwnTopics> {
  const all = await topics.list(db);
  const asked = all.map(({ slug, query, examples }) => ({
    slug,
    query: query === null ? undefined : parseQuery(query),
    examples: new Set(examples),
  }));
  const likes = await likesIn(
    db,
    asked.flatMap(({ query }) => query ?? []),
  );
  const close = await learned(db, all);
  const version = versionOf(all);
  const bySaid = (card: PaperCard) => saidTopics(asked, card, likes);
  return {
    version: close === undefined ? version : `${version}+${close.version}`,
    labelsOf: (card) => {
      const said = bySaid(card).map((topic) => ({
        paperId: card.id,
        topic,
        classifier: "own",
        version,
        confidence: 1,
      }));
      const sure = new Set(said.map(({ topic }) => topic));
      const text = {
        title: card.title,
        ...(card.abstract === null ? {} : { abstract: card.abstract }),
        categories: card.categories,
      };
      const likely = (close?.classify(text) ?? [])
        .filter(({ topic }) => !sure.has(topic))
        .map((label) => ({
          paperId: card.id,
          classifier: close?.id ?? "",
          version: close?.version ?? "",
          ...label,
        }));
      return [...said, ...likely];
    },
  };
}

/** What the examples of a topic have in common; undefined with too few of them, or where no vectors ship. */
export async function profileOfExamples(
  db: Db,
  examples: readonly string[],
): Promise<ExampleProfile | undefined> {
  const vectors = wordVectors();
  if (vectors === undefined || examples.length === 0) return undefined;
  const cards = (await digests.cardsOf(db, examples)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return profileOf(
    vectors,
    cards.map(({ title, abstract }) => ({ title, ...(abstract === null ? {} : { abstract }) })),
  );
}

async function learned(db: Db, all: readonly OwnTopic[]): Promise<Classifier | undefined> {
  const vectors = wordVectors();
  const profiles = new Map<string, ExampleProfile>();
  for (const { slug, examples } of all) {
    const profile = await profileOfExamples(db, examples);
    if (profile !== undefined) profiles.set(slug, profile);
  }
  return vectors === undefined || profiles.size === 0 ? undefined : exampleClassifier(vectors, profiles);
}

function saidTopics(
  asked: readonly { slug: string; query: ReturnType<typeof parseQuery> | undefined; examples: Set<string> }[],
  card: PaperCard,
  likes: Likes,
): string[] {
  const paper = toQueryPaper(card, likes);
  return asked.flatMap(({ slug, query, examples }) =>
    examples.has(card.id) || (query !== undefined && evaluate(query, paper)) ? [slug] : [],
  );
}

function versionOf(all: readonly OwnTopic[]): string {
  const said = all.map(({ slug, query, examples }) => [slug, query, [...examples].sort()]);
  return createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 12);
}
