import { join } from "node:path";
import { type Digest, itemsOf } from "@paperwire/core";
import { digests, readers } from "@paperwire/db";
import { type Output, printable } from "../cli/output.ts";
import type { Context } from "../runtime/context.ts";
import type { Drained } from "../runtime/drain.ts";
import type { Samples } from "./samples.ts";

/** Prints what the drains came to, what each reader got, and where to look. */
export async function tell(
  context: Context,
  output: Output,
  drains: readonly Drained[],
  samples: Samples,
  web: string | undefined,
): Promise<void> {
  const outbox = join(context.settings.home, "outbox");
  const page = `${web ?? context.settings.publicUrl}/outbox`;
  const total = totalOf(drains);
  const told = [];
  for (const reader of samples.readers) told.push({ ...reader, mails: await mailsOf(context, reader.email) });
  output.result({
    ...total,
    drains: drains.map(({ now, ...counts }) => ({ now, ...totalOf([counts]) })),
    readers: told.map(({ email, zone, at, interests, mails }) => ({
      email,
      zone,
      at,
      interests: interests.map(({ name }) => name),
      mails,
    })),
    outbox,
    page,
  });
  const names = ["listed", "papers", "versions", "merged", "rejected", "matched", "mails"] as const;
  output.table(
    [
      ...drains.map((one) => [
        one.now.slice(0, 16).replace("T", " "),
        ...names.map((name) => totalOf([one])[name]),
      ]),
      ["together", ...names.map((name) => total[name])],
    ],
    ["clock (UTC)", ...names],
  );
  for (const { email, zone, at, interests, mails } of told) {
    output.say(`\n${email}, ${at} in ${zone}: ${interests.map(({ name }) => name).join(", ")}`);
    for (const mail of mails) {
      output.say(`  ${mail.period}${mail.overCap > 0 ? ` (${mail.overCap} more did not fit)` : ""}`);
      for (const paper of mail.papers) output.say(`    ${printable(paper.title)}`);
    }
  }
  output.say(`\nThe mails lie in ${outbox}`);
  if (web !== undefined) output.say(`Look at them on ${page} (stop with Ctrl-C)`);
  else output.say(`The page that shows them: ${page}, kept up by the demo without --exit in a terminal`);
}

/** The tallies of several drains together, by the words of the summary. */
function totalOf(drains: readonly Omit<Drained, "now">[]) {
  const sum = (name: Exclude<keyof Drained, "now" | "left">) =>
    drains.reduce((total, one) => total + one[name], 0);
  return {
    fetched: sum("fetched"),
    notModified: sum("notModified"),
    fetchFailed: sum("fetchFailed"),
    listed: sum("listed"),
    papers: sum("newPapers"),
    versions: sum("newVersions"),
    known: sum("known"),
    merged: sum("merged"),
    rejected: sum("rejectedListings"),
    matched: sum("matched"),
    mails: sum("accepted"),
    failedJobs: sum("failedJobs"),
  };
}

/** What the reader was mailed, oldest first. */
async function mailsOf({ db }: Context, email: string) {
  const reader = await readers.findByEmail(db, email);
  if (reader === undefined) return [];
  const frozen = (await digests.latestOf(db, reader.id, 100))
    .filter((one) => one.state === "frozen")
    .reverse();
  const mails = [];
  for (const { id, period } of frozen) {
    const digest = (await digests.findById(db, id))?.content as unknown as Digest;
    mails.push({
      period,
      papers: itemsOf(digest).map(({ paperId, title, homes, reasons }) => ({
        paperId,
        title,
        homes: homes.map(({ source }) => source),
        interests: reasons.map(({ subscriptionName }) => subscriptionName),
      })),
      overCap: digest.overCap.length,
    });
  }
  return mails;
}
