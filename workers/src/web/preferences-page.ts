import { parseQuery } from "@paperwire/core";
import { digests, matches, subscriptions } from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";
import { evidenceOf } from "../match/evidence.ts";
import { mustCompare } from "../match/likeness.ts";
import type { Context } from "../runtime/context.ts";
import { signToken } from "../tokens.ts";
import { commonZones } from "./paper-routes.ts";
import { renderPage } from "./render.ts";

const previewDays = 7;

export async function preferencesPage(
  context: Context,
  reader: Reader,
  token: string,
  more: { readonly said?: string; readonly preview?: string } = {},
): Promise<string> {
  const own = await subscriptions.ofReader(context.db, reader.id);
  const unsubscribe = signToken(
    { purpose: "unsubscribe", readerId: reader.id, epoch: reader.tokenEpoch },
    context.secretKey,
  );
  return renderPage(
    "preferences",
    { title: "Your preferences", private: true },
    {
      email: reader.email,
      state: stateOf(reader),
      said: more.said,
      action: `/preferences/${token}`,
      unsubscribe: `/unsubscribe/${unsubscribe}`,
      subscriptions: own.map((one) => ({
        id: one.id,
        name: one.name,
        query: one.query ?? `top ${one.trending}`,
        cadence: one.cadence === "digest" ? "" : one.cadence,
      })),
      at: reader.at,
      zone: reader.zone,
      days: reader.days.join(","),
      max: reader.maxPapers,
      weekly: reader.rhythm === "weekly",
      tell: reader.tellWhenNothing,
      paused: reader.pausedAt !== null,
      zones: commonZones,
      draft: more.preview,
      preview: more.preview === undefined ? undefined : await previewOf(context, more.preview),
    },
  );
}

async function previewOf({ db, clock }: Context, query: string) {
  const asked = parseQuery(query);
  const likes = await mustCompare(db, asked);
  const since = new Date(clock.now().getTime() - previewDays * 86_400_000);
  const cards = await digests.cardsOf(db, await matches.announcedSince(db, since, 20_000));
  const found = cards.flatMap((card) => {
    const evidence = evidenceOf(query, card, likes);
    return evidence.length === 0
      ? []
      : [{ id: card.id, title: card.title, because: evidence.map((each) => each.value).join(", ") }];
  });
  return {
    heading: `${found.length} papers in the last week, ${(found.length / previewDays).toFixed(1)} a day`,
    papers: found.slice(0, 20),
  };
}

function stateOf(reader: Reader): string {
  if (reader.unsubscribedAt !== null) return "unsubscribed";
  if (reader.confirmedAt === null) return "not confirmed yet";
  return reader.pausedAt === null ? "active" : "paused";
}
