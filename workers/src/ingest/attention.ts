import { trendOf } from "@paperwire/core";
import type { Trx } from "@paperwire/db";
import { saveTrends, signalsOf } from "@paperwire/db/trends.ts";

/** Works the papers' trend out again from everything that is known; without votes and picks there is none. */
export async function refreshTrends(trx: Trx, paperIds: readonly string[]): Promise<void> {
  const signals = await signalsOf(trx, paperIds);
  await saveTrends(
    trx,
    paperIds.map((id) => {
      const own = signals.get(id) ?? [];
      return { id, trend: own.some(({ kind }) => kind !== "homes") ? trendOf(own) : null };
    }),
  );
}
