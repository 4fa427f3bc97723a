import { isAnnouncementDay, type Receipt, type ReceiptFacts } from "@paperwire/core";
import { outbox, receipts, type Trx } from "@paperwire/db";
import type { ReceiptRow } from "@paperwire/db/receipts.ts";
import type { Source } from "@paperwire/db/sources.ts";
import { sourceKinds } from "../sources/index.ts";
import { catchUpUrl } from "./catch-up.ts";
import { formOf } from "./scope.ts";

const hourMs = 3_600_000;
const mostTries = 10;

/** A closed day with something left to fetch, which was not asked for again lately. */
export function isMissed(receipt: Receipt, facts: ReceiptFacts, row: ReceiptRow | undefined): boolean {
  if (facts.form !== "dated" || facts.calendar !== "arxiv" || !isAnnouncementDay(facts.day)) return false;
  if (facts.now < facts.span.to || receipt.state === "complete" || facts.caughtUpBy !== undefined)
    return false;
  if (receipt.state === "unknown" && facts.counted === 0) return false;
  const tries = row?.catchUpTries ?? 0;
  if (tries >= mostTries) return false;
  const waitMs = Math.min(24 * hourMs, hourMs * 2 ** (tries - 1));
  return row?.catchUpAt == null || facts.now.getTime() - row.catchUpAt.getTime() >= waitMs;
}

/** One harvest for all missed days, unless a companion source of the same categories harvests them anyway. */
export async function askAgain(
  trx: Trx,
  source: Source,
  categories: readonly string[],
  days: readonly string[],
  now: Date,
): Promise<void> {
  const [from] = days;
  const to = days.at(-1);
  if (from === undefined || to === undefined) return;
  const harvesters = sourceKinds
    .filter((kind) => kind.calendar === "arxiv" && formOf(kind) === "harvest")
    .map(({ id }) => id);
  const companions = await receipts.sourcesCovering(trx, harvesters, categories);
  const url = companions.length > 0 ? undefined : catchUpUrl(source, categories, from, to);
  if (url === undefined) return;
  await receipts.noteAskedAgain(trx, source.id, days, now);
  await outbox.append(trx, "source.due", {
    sourceId: source.id,
    page: { url, number: 1 },
    catchUp: { from, to },
  });
}
