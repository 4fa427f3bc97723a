import type { SourceNote } from "@paperwire/core";
import { sources, type Trx } from "@paperwire/db";

const hour = 3_600_000;
/** A source that answered nothing for this long is named in the digest: silence is never "no news". */
const silentMs = 26 * hour;

/** Sources that did not do their part, as every digest's footer names them. */
export async function sourceNotes(trx: Trx, now: Date): Promise<SourceNote[]> {
  const all = await sources.list(trx);
  return all.flatMap((source): SourceNote[] => {
    if (source.pausedAt !== null) return [];
    const name = source.title ?? source.id;
    const lastGood = source.lastSuccessAt ?? source.createdAt;
    if (source.failures > 0 && now.getTime() - lastGood.getTime() > hour) {
      return [{ source: name, state: "failed", since: lastGood.toISOString() }];
    }
    if (now.getTime() - lastGood.getTime() > silentMs)
      return [{ source: name, state: "stale", since: lastGood.toISOString() }];
    return [];
  });
}
