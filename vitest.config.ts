import { defineConfig } from "vitest/config";
import { skippedReporter } from "./test/harness/skipped-reporter.ts";

const alone = [
  "test/conformance/**/*.test.ts",
  "test/embedded/**/*.test.ts",
  "test/architecture.test.ts",
  "test/demo.test.ts",
];

/** Only the last project starts PostgreSQL and Redis, and only when one of its files is to run. */
export default defineConfig({
  test: {
    reporters: ["default", skippedReporter],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["packages/*/src/**/*.test.ts", "workers/src/**/*.test.ts"] },
      },
      { extends: true, test: { name: "alone", include: alone } },
      {
        extends: true,
        test: {
          name: "services",
          include: ["test/**/*.test.ts"],
          exclude: [...alone, "**/node_modules/**"],
          globalSetup: ["test/harness/services.ts"],
        },
      },
    ],
  },
});
