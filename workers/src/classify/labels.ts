import { arxivClassifier, type Classifier, classifiersWith } from "@paperwire/core";
import type { Db } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import type { NewLabel } from "@paperwire/db/topics.ts";
import { type OwnTopics, ownTopics } from "./own-topics.ts";
import { currentTopicModel } from "./topic-model.ts";
import { keyPhrasesVersion, wordVectors } from "./word-vectors.ts";

/** Everything that gives labels now. */
export interface Labellers {
  /** Of every version: when it changes, papers are labelled again. */
  readonly fingerprint: string;
  readonly classifiers: readonly Classifier[];
  readonly own: OwnTopics;
}

export async function currentLabellers(db: Db): Promise<Labellers> {
  const model = await currentTopicModel(db);
  const classifiers = model === undefined ? [arxivClassifier] : classifiersWith(model);
  const own = await ownTopics(db);
  const versions = classifiers.map(({ id, version }) => `${id} ${version}`);
  // Directions and key phrases are kept with the labels, and made anew with them.
  const vectors = `vectors ${wordVectors()?.version ?? "none"}`;
  const all = [...versions, `own ${own.version}`, vectors, `phrases ${keyPhrasesVersion}`];
  return { fingerprint: all.join(", "), classifiers, own };
}

/**
 * What is said of the papers: by rule where a source names categories, by the trained model where none does, and
 * the operator's own topics (queries, which see the other labels, and examples). A model that does not know gives none.
 */
export function labelsFor(cards: readonly PaperCard[], { classifiers, own }: Labellers): NewLabel[] {
  return cards.flatMap((card) => {
    const text = {
      title: card.title,
      ...(card.abstract === null ? {} : { abstract: card.abstract }),
      categories: card.categories,
    };
    const given = classifiers.flatMap(({ id, version, classify }) =>
      classify(text).map((label) => ({ paperId: card.id, classifier: id, version, ...label })),
    );
    const seen = { ...card, topics: given.map(({ topic }) => topic) };
    return [...given, ...own.labelsOf(seen)];
  });
}
