import { setTimeout as delay } from "node:timers/promises";

/** Waits for a fact. Throws, naming it, when it has not come about after `timeoutMs`. */
export async function until(
  fact: string,
  timeoutMs: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline)
      throw new Error(`It did not come about within ${timeoutMs / 1000} s that ${fact}.`);
    await delay(15);
  }
}

/** Tries again where the line happened to lock the same things in another order. */
export async function despiteDeadlocks<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const isDeadlock = error instanceof Error && "code" in error && error.code === "40P01";
      if (!isDeadlock || tries === 10) throw error;
    }
  }
}
