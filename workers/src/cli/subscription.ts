import { PermanentError, parseQuery, UsageError } from "@paperwire/core";
import { digests, matches, subscriptions } from "@paperwire/db";
import { evidenceOf } from "../match/evidence.ts";
import { mustCompare } from "../match/likeness.ts";
import { printable } from "./output.ts";
import { mustFindReader, publicSubscription } from "./reader.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

export async function listSubscriptions(email: string, options: Common): Promise<void> {
  await withContext(options, async (context, output) => {
    const reader = await mustFindReader(context, email);
    for (const one of await subscriptions.ofReader(context.db, reader.id)) {
      output.result(publicSubscription(one));
      output.say(`${one.name} [${one.cadence}] ${one.query ?? `top ${one.trending}`}`);
    }
  });
}

/** Runs a draft over what was announced in the last days. */
export async function previewQuery(
  query: string,
  options: Common & { days: string; now?: string },
): Promise<void> {
  const asked = parseQuery(query);
  const days = Number(options.days);
  if (!Number.isInteger(days) || days < 1 || days > 90)
    throw new UsageError(`--days ${options.days} cannot be used: give 1 to 90.`);
  await withContext(options, async ({ db, clock }, output) => {
    const likes = await mustCompare(db, asked);
    const now = parseNow(options.now) ?? clock.now();
    const recent = await matches.announcedSince(db, new Date(now.getTime() - days * 86_400_000), 100_000);
    const cards = await digests.cardsOf(db, recent);
    const found = cards.flatMap((card) => {
      const evidence = evidenceOf(query, card, likes);
      return evidence.length === 0
        ? []
        : [{ id: card.id, title: card.title, firstSeen: card.firstSeen.toISOString(), evidence }];
    });
    const perDay = found.length / days;
    output.result({ query, days, looked: cards.length, matched: found.length, perDay, papers: found });
    output.say(`${found.length} of ${cards.length} papers in ${days} days: ${perDay.toFixed(1)} a day.`);
    for (const one of found.slice(0, 50))
      output.say(
        `  ${printable(one.title)}  (${one.evidence.map((each) => `${each.kind}: ${each.value}`).join("; ")})`,
      );
  });
}

export async function removeSubscription(email: string, name: string, options: Common): Promise<void> {
  await withContext(options, async (context, output) => {
    const reader = await mustFindReader(context, email);
    const found = (await subscriptions.ofReader(context.db, reader.id)).find(
      (one) => one.name === name || one.id === name,
    );
    if (found === undefined)
      throw new PermanentError(
        `${email} has no interest "${name}". See them with: paperwire subscription list ${email}`,
      );
    await subscriptions.remove(context.db, found.id);
    output.result({ removed: found.name });
    output.say(`“${found.name}” is gone.`);
  });
}
