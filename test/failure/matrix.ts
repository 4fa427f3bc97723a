import { crashPoints } from "./matrix/crash-points.ts";
import { diskFull } from "./matrix/disk-full.ts";
import { faults } from "./matrix/faults.ts";
import { type Lane, openLane } from "./matrix/lane.ts";
import { type Case, nameOf, runCase } from "./matrix/run-case.ts";

/**
 * Every crash point × every fault × Resend and SMTP, with real processes:
 * `node test/failure/matrix.ts [--lanes 2] [--only PATTERN]`. Prints one line per case and how many passed.
 */
const options = new Map(
  process.argv
    .slice(2)
    .flatMap((word, n, all) => (word.startsWith("--") ? [[word.slice(2), all[n + 1] ?? ""] as const] : [])),
);
const only = new RegExp(options.get("only") ?? "");
const cases: Case[] = (["resend", "smtp"] as const).flatMap((transport) =>
  faults.flatMap((fault) => crashPoints.map((crash) => ({ transport, fault, crash }))),
);
const jobs = [
  ...cases.map((one) => ({ name: nameOf(one), run: (lane: Lane) => runCase(lane, one) })),
  ...diskFull,
].filter(({ name }) => only.test(name));

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

let passed = 0;
let failed = 0;
const skipped: string[] = [];
const queue = [...jobs];
const started = performance.now();
await Promise.all(
  Array.from({ length: Number(options.get("lanes") ?? 2) }, async () => {
    const lane = await openLane();
    try {
      for (let job = queue.shift(); job !== undefined && !stop.signal.aborted; job = queue.shift()) {
        const from = performance.now();
        const verdict = await job.run(lane);
        const seconds = ((performance.now() - from) / 1000).toFixed(1);
        if (typeof verdict === "string") {
          skipped.push(`${job.name}: ${verdict}`);
          console.log(`skip  ${job.name}  (${verdict})`);
          continue;
        }
        const facts = `${verdict.delivered} mails, ${verdict.uncertain} uncertain, ${seconds} s`;
        console.log(`${verdict.wrong.length === 0 ? "pass" : "FAIL"}  ${job.name}  (${facts})`);
        for (const sentence of verdict.wrong) console.log(`      ${sentence}`);
        if (verdict.wrong.length === 0) passed += 1;
        else failed += 1;
      }
    } finally {
      await lane.close();
    }
  }),
);
console.log(
  `${passed} passed, ${failed} failed, ${skipped.length} skipped of ${jobs.length} cases in ${Math.round((performance.now() - started) / 1000)} s`,
);
// Not left to the loop: after hundreds of children Node 26 was seen to spin for ever in the clean-up of its handles.
process.exit(failed === 0 && passed + skipped.length === jobs.length ? 0 : 1);
