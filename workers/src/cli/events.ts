import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "@paperwire/core";
import { events } from "@paperwire/db";
import { toEnvelope } from "../publish/envelope.ts";
import { printable } from "./output.ts";
import { type Common, withContext } from "./run-command.ts";
import { stopSignal } from "./up.ts";

/** Events after a cursor, in order, one per line; with `--follow` also the ones to come. */
export async function eventsCommand(
  options: Common & { after: string; limit: string; follow?: boolean },
): Promise<void> {
  let cursor = parseCount("--after", options.after, Number.MAX_SAFE_INTEGER);
  const limit = parseCount("--limit", options.limit, 1_000_000);
  await withContext(options, async ({ db, settings }, output) => {
    await events.number(db);
    const { first } = await events.range(db);
    if (cursor > 0 && cursor < first - 1) {
      throw new UsageError(
        `Events up to ${first - 1} are older than 90 days and gone. Start again with --after ${first - 1}, and read the archive for what was before.`,
      );
    }
    let stopping = false;
    if (options.follow) void stopSignal().then(() => (stopping = true));
    let printed = 0;
    while (!stopping && printed < limit) {
      const batch = await events.after(db, cursor, Math.min(1000, limit - printed));
      for (const event of batch) {
        const envelope = toEnvelope(event, settings.publicUrl);
        output.result(envelope);
        output.say(
          `${envelope.cursor}  ${envelope.time}  ${envelope.type}  ${envelope.subject}  ${printable(String(event.data.title ?? ""))}`,
        );
        cursor = event.cursor;
      }
      printed += batch.length;
      if (batch.length > 0) continue;
      if (!options.follow) break;
      await events.number(db);
      await sleep(500);
    }
  });
}

export function parseCount(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > most)
    throw new UsageError(`${flag} ${text} cannot be used: give a whole number.`);
  return number;
}
