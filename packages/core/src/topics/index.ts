import { topicsOfCategories } from "./arxiv.ts";
import { predictTopics, type TopicLabel, type TopicModel } from "./model.ts";

/** What a classifier may look at. */
export interface ClassifiablePaper {
  readonly title: string;
  readonly abstract?: string;
  readonly categories: readonly string[];
}

/** Says what a paper is about: pure, the same paper gives the same labels; no labels means "don't know". */
export interface Classifier {
  readonly id: string;
  /** Changes when the same paper may get other labels, so that papers labelled earlier can be found again. */
  readonly version: string;
  classify(paper: ClassifiablePaper): TopicLabel[];
}

/** By rule, where the source names arXiv's categories. */
export const arxivClassifier: Classifier = {
  id: "arxiv",
  version: "1",
  classify: (paper) => topicsOfCategories(paper.categories),
};

/** By the trained model, for papers whose source names no category of arXiv; others get no labels from it. */
export function trainedClassifier(model: TopicModel): Classifier {
  return {
    id: "trained",
    version: model.version,
    classify: (paper) => (topicsOfCategories(paper.categories).length > 0 ? [] : predictTopics(model, paper)),
  };
}

/** The classifiers in the order they are asked; add a line for a new one. */
export function classifiersWith(model: TopicModel): readonly Classifier[] {
  return [arxivClassifier, trainedClassifier(model)];
}
