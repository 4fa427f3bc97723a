import { drain } from "../runtime/drain.ts";
import { standingClock } from "../runtime/product-clock.ts";
import { progressOn } from "./progress.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

export async function drainCommand(options: Common & { now?: string }): Promise<void> {
  const clock = standingClock(parseNow(options.now) ?? new Date());
  await withContext({ ...options, clock, poolSize: 24 }, async (context, output) => {
    const progress = progressOn(process.stderr);
    const drained = await drain(context, {
      onProgress: (tally) =>
        progress.show(
          `${tally.fetched + tally.notModified} polled, ${tally.listed} listed, ${tally.digests} digests, ${tally.accepted} accepted`,
        ),
    });
    progress.clear();
    output.result(drained);
    output.say(`Drained at ${drained.now}.`);
    output.table([
      [
        "polled",
        drained.fetched + drained.notModified,
        `${drained.notModified} unchanged, ${drained.fetchFailed} failed`,
      ],
      [
        "listed",
        drained.listed,
        `${drained.newPapers} new papers, ${drained.newVersions} new versions, ${drained.known} known, ${drained.merged} merged`,
      ],
      ["matched", drained.matched, "papers that some interest asked for"],
      [
        "digests",
        drained.digests,
        `${drained.accepted} accepted, ${drained.deferred} deferred, ${drained.rejected} rejected, ${drained.uncertain} uncertain, ${drained.skipped} skipped`,
      ],
    ]);
    if (drained.failedJobs > 0)
      output.say(`${drained.failedJobs} jobs failed. See them with: paperwire failed list`);
    for (const { event, open } of drained.left) output.say(`Left for later: ${open} × ${event}`);
  });
}
