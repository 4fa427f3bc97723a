import { releasesPapers } from "@paperwire/core";
import { deliveries, digests, type Trx } from "@paperwire/db";
import type { Member, Settlement } from "@paperwire/db/deliveries.ts";

/** Moves members to their ends, and frees the papers of those that certainly did not go out. */
export async function settleMembers(
  trx: Trx,
  members: readonly Pick<Member, "id" | "digestId">[],
  settlements: readonly Settlement[],
  at: Date,
): Promise<void> {
  await deliveries.settle(trx, settlements, at);
  const freed = new Set(settlements.filter(({ state }) => releasesPapers(state)).map(({ id }) => id));
  await digests.release(
    trx,
    members.flatMap((member) => (freed.has(member.id) && member.digestId !== null ? member.digestId : [])),
  );
}
