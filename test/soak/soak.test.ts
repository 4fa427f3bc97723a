import { expect, test } from "vitest";
import { openLane } from "../failure/matrix/lane.ts";
import { runSoak } from "./run-soak.ts";

test("a few seconds of random kills lose no mail and double none", { timeout: 180_000 }, async () => {
  const lane = await openLane();
  try {
    const report = await runSoak(lane, { seconds: 5, seed: 11, transport: "resend", queue: "postgres" });
    expect(report).toMatchObject({ lost: 0, doubled: 0, wrong: [] });
    expect(report.kills).toBeGreaterThan(1);
    expect(report.delivered).toBeGreaterThanOrEqual(40);
  } finally {
    await lane.close();
  }
});
