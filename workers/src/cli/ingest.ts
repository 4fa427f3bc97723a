import { createHash } from "node:crypto";
import { fetches, outbox, sources } from "@paperwire/db";
import { neverAsked } from "@paperwire/db/sources.ts";
import { drain } from "../runtime/drain.ts";
import { standingClock } from "../runtime/product-clock.ts";
import { readPayload } from "../sources/read.ts";
import type { Payload } from "../sources/source.ts";
import { createOutput, printable } from "./output.ts";
import { payloadOf } from "./payload-files.ts";
import { progressOn } from "./progress.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

/**
 * Feeds files through the same workers as a poll, up to and including match. Each kind of file is a source of its
 * own, never polled; what was announced more than 72 hours before `--now` goes to the archive.
 */
export async function ingestFiles(
  files: readonly string[],
  options: Common & { now?: string; kind?: string },
): Promise<void> {
  const clock = standingClock(parseNow(options.now) ?? new Date());
  const payloads: { payload: Payload; kind: string }[] = [];
  const problems: { file: string; error: string }[] = [];
  for (const file of files) {
    try {
      const payload = await payloadOf(file);
      // Read once here, so that a wrong file is a sentence for whoever typed it and not a failed job.
      const { kind } = readPayload(payload, options.kind);
      payloads.push({ payload, kind });
    } catch (error) {
      problems.push({ file, error: error instanceof Error ? error.message : String(error) });
    }
  }
  for (const { file, error } of problems)
    createOutput(options.json === true).say(`${file}: ${printable(error)}`);
  await withContext({ ...options, clock, poolSize: 24 }, async (context, output) => {
    const now = context.clock.now();
    for (const { payload, kind } of payloads) {
      await context.db.transaction().execute(async (trx) => {
        const id = `file-${kind}`;
        await sources.insertNew(trx, {
          id,
          url: `file:${kind}`,
          kind,
          title: `files (${kind})`,
          nextFetchAt: neverAsked,
          pausedAt: now,
          pausedBecause: "it stands for files given to `ingest` and is never polled",
          createdAt: now,
        });
        await sources.update(trx, id, { lastSuccessAt: now, establishedAt: null });
        const hash = createHash("sha256").update(payload.bytes).digest("hex");
        await fetches.saveBody(trx, { hash, bytes: payload.bytes });
        const fetchId = await fetches.insert(trx, {
          sourceId: id,
          at: now,
          outcome: "fetched",
          bodyHash: hash,
          bytes: payload.bytes.byteLength,
        });
        await outbox.append(trx, "listing.fetched", { fetchId });
      });
    }
    const progress = progressOn(process.stderr);
    const done = await drain(context, {
      onlyOpen: true,
      onProgress: (tally) => progress.show(`${tally.listed} listed`),
    });
    progress.clear();
    const counts = {
      listed: done.listed,
      newPapers: done.newPapers,
      newVersions: done.newVersions,
      known: done.known,
      merged: done.merged,
      rejected: done.rejectedListings,
    };
    output.result({
      ...counts,
      matched: done.matched,
      failedJobs: done.failedJobs,
      ...(problems.length > 0 ? { problems } : {}),
    });
    output.say(
      `${counts.listed} listed: ${counts.newPapers} new papers, ${counts.newVersions} new versions, ${counts.known} known, ${counts.merged} merged, ${counts.rejected} rejected.`,
    );
    if (done.failedJobs > 0)
      output.say(`${done.failedJobs} jobs failed. See them with: paperwire failed list`);
    if (problems.length > 0 || done.failedJobs > 0) process.exitCode = 1;
  });
}
