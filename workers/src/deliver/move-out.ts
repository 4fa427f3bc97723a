import { batches, type Trx } from "@paperwire/db";
import type { Member } from "@paperwire/db/deliveries.ts";
import type { Channel } from "../channels/channel.ts";
import { chunk } from "../runtime/chunk.ts";
import { handOver } from "./hand-over.ts";

/** Puts members that certainly did not go out into new batches of a channel, under keys of their own. */
export async function moveOut(
  trx: Trx,
  channel: Pick<Channel, "id">,
  members: readonly Member[],
  perBatch: number,
  at: Date,
): Promise<void> {
  const groups = chunk(
    members.map((member) => member.id),
    perBatch,
  );
  await handOver(trx, channel.id, await batches.rebatch(trx, channel.id, groups), at);
}
