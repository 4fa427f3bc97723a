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
