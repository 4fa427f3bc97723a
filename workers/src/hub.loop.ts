import { hubSubscriptions, outbox } from "@paperwire/db";
import type { Settings } from "./env.ts";
import { isReachableByHubs } from "./fetch/websub.ts";
import type { Context } from "./runtime/context.ts";

const perStep = 200;

/**
 * Brings what is asked of hubs in line with what the sources offer, and turns what is due there into events. Where
 * no hub can reach this installation nothing is asked and nothing is ended. Returns how many hubs are to be asked.
 */
export async function hubStep({ db, settings }: Pick<Context, "db" | "settings">): Promise<number> {
  const use = hubUse(settings);
  if (use === "unreachable") return 0;
  await hubSubscriptions.align(db, use === "on" ? settings.publicUrl : null);
  return db.transaction().execute(async (trx) => {
    const ids = await hubSubscriptions.takeDue(trx, perStep);
    await outbox.appendAll(
      trx,
      "hub.due",
      ids.map((subscriptionId) => ({ subscriptionId })),
    );
    return ids.length;
  });
}

/** `unreachable`: WEBSUB=auto, and PUBLIC_URL is an address that no hub can call. */
export function hubUse(settings: Pick<Settings, "WEBSUB" | "publicUrl">): "on" | "off" | "unreachable" {
  if (settings.WEBSUB !== "auto") return settings.WEBSUB;
  return isReachableByHubs(settings.publicUrl) ? "on" : "unreachable";
}
