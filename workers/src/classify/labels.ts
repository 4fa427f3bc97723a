import { archiveOf, isCategory } from "@paperwire/core";
import type { Db } from "@paperwire/db";
import type { PaperText } from "@paperwire/db/topics.ts";

export interface PaperLabel {
  readonly paperId: string;
  readonly topic: string;
  /** 0…1; 1 where the source says so. */
  readonly confidence: number;
}

export interface ClassifierLabels {
  readonly classifier: string;
  readonly version: string;
  readonly labels: readonly PaperLabel[];
}

/** What each classifier says of the papers: by rule where the source says it. */
export async function labelsOf(texts: readonly PaperText[], _db: Db): Promise<ClassifierLabels[]> {
  return [
    {
      classifier: "arxiv",
      version: "1",
      labels: texts.flatMap((text) =>
        [
          ...new Set(text.categories.filter(isCategory).flatMap((code) => [code, archiveOf(code) ?? code])),
        ].map((topic) => ({
          paperId: text.id,
          topic,
          confidence: 1,
        })),
      ),
    },
  ];
}
