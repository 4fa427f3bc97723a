import { ingest, merges, outbox, type Trx, trends } from "@paperwire/db";
import { chunk } from "../runtime/chunk.ts";
import { currentTrends } from "./attention.ts";
import type { Plan } from "./plan.ts";
import type { PaperChanges } from "./working-set.ts";

/** Writes what a chunk came to. Returns how many papers have an occasion to be mailed that they did not have. */
export async function writePlan(trx: Trx, plan: Plan, changes: PaperChanges): Promise<number> {
  const announced =
    plan.listings.length === 0
      ? []
      : await ingest.insertChunk(trx, {
          ...plan,
          // A place may list one entry twice; what it said last counts.
          listings: [...new Map(plan.listings.map((row) => [row.key, row])).values()],
          papers: [
            ...changes.made.map(({ row, blocks }) => ({ ...row, blocks, mergedInto: undefined })),
            ...plan.stubs,
          ],
        });
  await ingest.insertMerges(trx, plan.merges);
  for (const { kept, gone } of plan.folds) await merges.mergeInto(trx, kept, gone);
  await trends.insertSignals(trx, plan.signals);
  const ranked = await currentTrends(trx, [
    ...new Set([...plan.signals.map(({ paperId }) => paperId), ...plan.folds.map(({ kept }) => kept)]),
  ]);
  await ingest.updateFacts(trx, changes.facts, ranked);
  await ingest.updateTexts(trx, changes.texts);
  for (const { id } of changes.facts) ranked.delete(id);
  await trends.saveTrends(
    trx,
    Array.from(ranked, ([id, trend]) => ({ id, trend })),
  );
  await ingest.markBlocksArxiv(trx, [...plan.gotArxivId]);
  // A merged paper's open occasions are the other's now; another text has other labels, and is found by other words.
  const touched = new Set([
    ...announced,
    ...changes.made.map(({ row }) => row.id),
    ...changes.texts.map(({ id }) => id),
    ...plan.folds.map(({ kept }) => kept),
  ]);
  await outbox.appendAll(
    trx,
    "paper.ingested",
    chunk([...touched], 200).map((paperIds) => ({ paperIds })),
  );
  return announced.length;
}
