import { itemsOf, renderDigest } from "@paperwire/core";
import { matches } from "@paperwire/db";
import { digestMailOf } from "../deliver/message-of.ts";
import { composeNow, previewDigest } from "../digest/compose-due.ts";
import { drain } from "../runtime/drain.ts";
import { standingClock } from "../runtime/product-clock.ts";
import { mustFindReader } from "./reader.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

/** What the next mail would be, or the mail itself, now. */
export async function digestCommand(
  email: string,
  options: Common & { dryRun?: boolean; now?: string },
): Promise<void> {
  const clock = standingClock(parseNow(options.now) ?? new Date());
  await withContext({ ...options, clock, poolSize: 24 }, async (context, output) => {
    const reader = await mustFindReader(context, email);
    const now = context.clock.now();
    const upTo = await matches.number(context.db);
    const input = { channel: context.mail.id, maxBatch: context.mail.maxBatch, now, upTo };
    if (options.dryRun === true) {
      const { digest, period, because } = await previewDigest(context.db, reader, input);
      const mail = renderDigest(
        digestMailOf(
          {
            digestContent: digest as unknown as Record<string, unknown>,
            period,
            dueAt: now,
            createdAt: now,
            readerId: reader.id,
            tokenEpoch: reader.tokenEpoch,
            zone: reader.zone,
            at: reader.at,
            days: reader.days,
            rhythm: reader.rhythm,
            doubled: [],
          },
          "00000000-0000-4000-8000-000000000000",
          context.settings,
          context.secretKey,
        ),
      );
      output.result({
        reader: reader.email,
        period,
        ...(because === undefined ? {} : { because }),
        subject: mail.subject,
        papers: itemsOf(digest).map(({ paperId, title, score, late, reasons }) => ({
          paperId,
          title,
          score,
          late,
          reasons,
        })),
        overCap: digest.overCap,
        text: mail.text,
        html: mail.html,
      });
      if (because !== undefined) output.say(`Nothing would be sent: ${because}.`);
      output.say(`Subject: ${mail.subject}\n\n${mail.text}`);
      return;
    }
    const made = await context.db.transaction().execute(async (trx) => composeNow(trx, reader.id, input));
    const done = await drain(context, { onlyOpen: true });
    output.result({
      reader: reader.email,
      ...made,
      accepted: done.accepted,
      deferred: done.deferred,
      uncertain: done.uncertain,
      rejected: done.rejected,
    });
    if (made.digests === 0)
      output.say(
        made.skipped > 0
          ? "It was skipped; see why with: paperwire reader show"
          : "There is nothing to send, or this period's digest was sent already.",
      );
    else
      output.say(
        done.accepted > 0
          ? `Sent: ${made.papers} papers to ${reader.email}.`
          : `The digest with ${made.papers} papers is on its way.`,
      );
  });
}
