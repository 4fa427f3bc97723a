import { queueNames } from "@paperwire/core";
import { runners } from "@paperwire/db";
import { shownBy, tickingClock } from "../runtime/product-clock.ts";
import { parseWorkers, startRunner } from "../runtime/runner.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

/** Two clocks further apart than this are two clocks. */
export const clockToleranceMs = 5 * 60_000;

/** Runs the named workers until the process is told to stop. */
export async function up(names: readonly string[], options: Common & { now?: string }): Promise<void> {
  const now = parseNow(options.now);
  const withWeb = names.length === 0 || names.includes("web");
  const workers =
    names.length === 0
      ? [...queueNames]
      : names.every((name) => name === "web")
        ? []
        : parseWorkers(names.filter((name) => name !== "web"));
  const env = { LOG_LEVEL: "info" };
  const stopped = stopSignal();
  await withContext(
    { ...options, env, poolSize: 24, ...(now === undefined ? {} : { clock: tickingClock(now) }) },
    async (context, output) => {
      for (const other of await runners.listAlive(context.db)) {
        if (Math.abs(shownBy(other.clock).getTime() - context.clock.now().getTime()) > clockToleranceMs) {
          context.log.warn({
            outcome: "two clocks",
            because: `process ${other.pid} on ${other.host} runs with another clock on this database; stop one of them`,
          });
        }
      }
      const web = withWeb ? await (await import("../web/server.ts")).startWeb(context) : undefined;
      const runner = await startRunner(context, { workers, ticking: true });
      output.say(
        `Paperwire runs (${[...workers, ...(withWeb ? ["web"] : [])].join(", ")}), its clock at ${context.clock.now().toISOString()}.`,
      );
      if (web !== undefined) output.say(`Open ${web.url}`);
      output.say("Stop it with Ctrl-C.");
      output.result({ workers, web: web?.url, now: context.clock.now().toISOString() });
      await stopped;
      await web?.close();
      await runner.stop();
    },
  );
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}
