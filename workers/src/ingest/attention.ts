import { trendOf } from "@paperwire/core";
import type { Trx } from "@paperwire/db";
import { saveTrends, signalsOf } from "@paperwire/db/trends.ts";

/** Works the papers' trend out again from everything that is known, and keeps it. */
export async function refreshTrends(trx: Trx, paperIds: readonly string[]): Promise<void> {
  const trends = await currentTrends(trx, paperIds);
  await saveTrends(
    trx,
    Array.from(trends, ([id, trend]) => ({ id, trend })),
  );
}

/** The papers' trend from everything that is known; null without votes and picks. */
export async function currentTrends(
  trx: Trx,
  paperIds: readonly string[],
): Promise<Map<string, number | null>> {
  const signals = await signalsOf(trx, paperIds);
  return new Map(
    paperIds.map((id) => {
      const own = signals.get(id) ?? [];
      return [id, own.some(({ kind }) => kind !== "homes") ? trendOf(own) : null];
    }),
  );
}
