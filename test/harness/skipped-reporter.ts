import type { Reporter } from "vitest/node";

/** Ends the run with what was skipped and why, so that a skip is never silent. */
export const skippedReporter: Reporter = {
  onTestRunEnd(modules) {
    const skipped = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const result = test.result();
        const note = result.state === "skipped" ? result.note : undefined;
        const suite = test.parent.type === "suite" ? test.parent.fullName : test.name;
        const line = `${module.relativeModuleId}: ${note ?? suite}`;
        skipped.set(line, (skipped.get(line) ?? 0) + 1);
      }
    }
    for (const [line, count] of skipped) process.stdout.write(` Skipped ${count} in ${line}\n`);
  },
};
