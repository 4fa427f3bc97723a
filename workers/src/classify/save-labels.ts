import { type Trx, topics } from "@paperwire/db";
import { insertEvents } from "@paperwire/db/ingest.ts";
import type { NewLabel } from "@paperwire/db/topics.ts";

/**
 * Writes the labels of papers where they are not as they were, with an event for each whose topics changed.
 * Labels never make a paper mailable: that takes an occasion, and every occasion is matched once. Returns the
 * number of papers with other topics than before.
 */
export async function saveChangedLabels(
  trx: Trx,
  paperIds: readonly string[],
  labels: readonly NewLabel[],
  now: Date,
): Promise<number> {
  const before = Map.groupBy(await topics.labelsOf(trx, paperIds), (label) => label.paperId);
  const after = Map.groupBy(labels, (label) => label.paperId);
  const isChanged = (id: string, of: (label: NewLabel) => string) =>
    setOf(before.get(id) ?? [], of) !== setOf(after.get(id) ?? [], of);
  const rewritten = paperIds.filter((id) =>
    isChanged(id, ({ topic, classifier, version }) => `${topic} ${classifier} ${version}`),
  );
  await topics.saveLabels(
    trx,
    rewritten,
    rewritten.flatMap((id) => after.get(id) ?? []),
  );
  const changed = rewritten.filter((id) => isChanged(id, ({ topic }) => topic));
  await insertEvents(
    trx,
    changed.map((paperId) => ({
      type: "paper.classified",
      paperId,
      at: now.toISOString(),
      data: {
        topics: (after.get(paperId) ?? []).map(({ topic, confidence, classifier, version }) => ({
          topic,
          confidence,
          classifier,
          version,
        })),
      },
    })),
  );
  return changed.length;
}

function setOf(labels: readonly NewLabel[], of: (label: NewLabel) => string): string {
  return [...new Set(labels.map(of))].sort().join("\n");
}
