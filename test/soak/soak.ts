import { openLane } from "../failure/matrix/lane.ts";
import { optionsOf } from "../harness/fault-script.ts";
import { runSoak } from "./run-soak.ts";

/**
 * `node test/soak/soak.ts --minutes 30 --seed 7 [--transport resend|smtp] [--queue postgres|redis]`: kills and
 * restarts anything about once a second under load. The same seed draws the same faults in the same order.
 */
const options = optionsOf(process.argv.slice(2));
const seed = Number(options.get("seed") ?? Math.floor(Math.random() * 1e6));
const transport = options.get("transport") === "smtp" ? "smtp" : "resend";
const queue = options.get("queue") === "redis" ? "redis" : "postgres";
const seconds = 60 * Number(options.get("minutes") ?? 5);

console.log(`soak: ${seconds} s over ${transport}, queues on ${queue}, seed ${seed}`);
const lane = await openLane();
try {
  const report = await runSoak(lane, {
    seconds,
    seed,
    transport,
    queue,
    ...(process.stderr.isTTY
      ? { onProgress: (line: string) => void process.stderr.write(`\r\x1b[K${line}`) }
      : {}),
  });
  const { lost, doubled, uncertain, digests, delivered, faults, wrong } = report;
  const injected = Object.values(faults).reduce((sum, count) => sum + count, 0);
  console.log(`digests frozen ${digests}, mails delivered ${delivered}`);
  console.log(
    `faults injected ${injected}: ${Object.entries(faults)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ")}`,
  );
  console.log(
    `lost = ${lost}, doubled = ${doubled}${transport === "smtp" ? `, uncertain = ${uncertain}` : ""}`,
  );
  for (const sentence of wrong) console.log(`WRONG: ${sentence}`);
  process.exitCode = lost + doubled + wrong.length === 0 ? 0 : 1;
} finally {
  await lane.close();
}
// As in the matrix: Node 26 was seen to spin in the clean-up of its handles.
process.exit();
