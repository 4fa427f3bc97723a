import { deliveries, outbox, papers, readers, runners, sources, suppressions } from "@paperwire/db";
import { shownBy } from "../runtime/product-clock.ts";
import { type Common, withContext } from "./run-command.ts";
import { stateOf } from "./source.ts";

/** What runs, what waits, who answers, what was sent. */
export async function status(options: Common): Promise<void> {
  await withContext(options, async ({ db, queues }, output) => {
    const [alive, open, backlog, all, states, paperCount, readerCount, suppressed] = await Promise.all([
      runners.listAlive(db),
      outbox.openWork(db),
      outbox.backlog(db),
      sources.list(db),
      deliveries.countStates(db),
      papers.count(db),
      readers.countActive(db),
      suppressions.countReasons(db),
    ]);
    const troubled = all.filter((source) => source.failures > 0 || source.pausedAt !== null);
    output.result({
      papers: paperCount,
      readers: readerCount,
      sources: {
        total: all.length,
        failing: all.filter((one) => one.failures > 0).length,
        paused: all.filter((one) => one.pausedAt !== null).length,
      },
      queue: {
        backend: queues.backend,
        ready: open.ready,
        waiting: open.waiting,
        failed: open.failed,
        events: backlog,
      },
      deliveries: states,
      suppressed,
      processes: alive.map((one) => ({
        host: one.host,
        pid: one.pid,
        workers: one.workers,
        now: shownBy(one.clock).toISOString(),
      })),
    });
    output.say(
      `${paperCount} papers, ${readerCount} readers, ${all.length} sources; queues on ${queues.backend}`,
    );
    output.say(
      `Work: ${open.ready} ready, ${open.waiting} waiting for a time, ${open.failed} failed${open.failed > 0 ? " (paperwire failed list)" : ""}`,
    );
    output.table(
      backlog.map((one) => [`  ${one.event}`, one.open, `oldest ${Math.round(one.oldestSeconds)} s`]),
    );
    output.say(
      `Deliveries: ${
        Object.entries(states)
          .map(([state, count]) => `${count} ${state}`)
          .join(", ") || "none yet"
      }`,
    );
    if (Object.keys(suppressed).length > 0) {
      const reasons = Object.entries(suppressed).map(([because, count]) => `${count} ${because}`);
      output.say(`Addresses that get no mail: ${reasons.join(", ")}`);
    }
    for (const one of troubled) output.say(`Source ${one.id}: ${stateOf(one)}`);
    output.say(
      alive.length === 0
        ? "No process runs. Start one with: paperwire up"
        : `Running: ${alive.map((one) => `${one.host}/${one.pid} (${one.workers.join(", ")})`).join("; ")}`,
    );
  });
}
