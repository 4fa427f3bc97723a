import { setTimeout as sleep } from "node:timers/promises";

/** What is needed of a BullMQ worker, whatever its backend. */
interface Startable {
  on(event: "error", told: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  close(force?: boolean): Promise<void>;
}

const pauseMs = 1_000;

/**
 * Runs a BullMQ worker, and another one in its place whenever it could not start: BullMQ remembers a first
 * connection that failed (a server that was being restarted, a schema that was missing) for as long as it lives.
 */
export function lastingWorker(
  make: () => Startable,
  onError: (error: Error) => void,
  mend: () => Promise<void> = async () => undefined,
): { close(): Promise<void> } {
  let isClosing = false;
  let worker = make();
  const life = (async () => {
    for (;;) {
      worker.on("error", onError);
      try {
        await Promise.all([worker.waitUntilReady(), worker.run()]);
      } catch (error) {
        if (!isClosing) onError(error instanceof Error ? error : new Error(String(error)));
      }
      if (isClosing) return;
      await worker.close(true).catch(onError);
      await sleep(pauseMs);
      await mend().catch(onError);
      if (isClosing) return;
      worker = make();
    }
  })();
  return {
    async close() {
      isClosing = true;
      await worker.close();
      await life;
    },
  };
}
