import type { Logger } from "pino";

export interface Loop {
  /** Runs the step soon, however long the pause was meant to be. */
  wake(): void;
  /** Resolves when the step that may be running has ended. */
  stop(): Promise<void>;
}

/**
 * Repeats a step: at once while it says there was work, after `pauseMs` otherwise, and after a growing pause
 * (up to 10 s) while it fails.
 */
export function startLoop(name: string, pauseMs: number, log: Logger, step: () => Promise<boolean>): Loop {
  let stopping = false;
  let failures = 0;
  let ring: () => void = () => undefined;
  const ended = (async () => {
    while (!stopping) {
      let wait = pauseMs;
      const pause = Promise.withResolvers<void>();
      ring = pause.resolve;
      try {
        if (await step()) wait = 0;
        failures = 0;
      } catch (error) {
        failures += 1;
        wait = Math.min(10_000, 250 * 2 ** failures);
        log.warn({ loop: name, outcome: "failed", err: error, retryInMs: wait });
      }
      if (stopping || wait === 0) continue;
      const timer = setTimeout(pause.resolve, wait);
      await pause.promise;
      clearTimeout(timer);
    }
  })();
  return {
    wake: () => ring(),
    async stop() {
      stopping = true;
      ring();
      await ended;
    },
  };
}
