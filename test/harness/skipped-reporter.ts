import type { Reporter } from "vitest/node";

/** Ends the run with what was skipped and why, so that a skip is never silent, and with one plain line of counts. */
export const skippedReporter: Reporter = {
  onTestRunEnd(modules, unhandled) {
    const skipped = new Map<string, number>();
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      if (module.state() === "failed" && [...module.children.allTests("failed")].length === 0)
        counts.failed += 1;
      counts.passed += [...module.children.allTests("passed")].length;
      counts.failed += [...module.children.allTests("failed")].length;
      for (const test of module.children.allTests("skipped")) {
        counts.skipped += 1;
        const result = test.result();
        const note = result.state === "skipped" ? result.note : undefined;
        const suite = test.parent.type === "suite" ? test.parent.fullName : test.name;
        const line = `${module.relativeModuleId}: ${note ?? suite}`;
        skipped.set(line, (skipped.get(line) ?? 0) + 1);
      }
    }
    for (const [line, count] of skipped) process.stdout.write(` Skipped ${count} in ${line}\n`);
    // After the default reporter's own summary, whatever the order of the reporters.
    process.on("exit", () => {
      process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    });
  },
};
