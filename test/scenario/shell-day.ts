/**
 * The scripted day from the shell alone: real commands, real processes, two days of hours.
 *
 *   node test/scenario/shell-day.ts drain     one `drain --now` an hour
 *   node test/scenario/shell-day.ts up        one `up --now` an hour, stopped when it is quiet
 *   node test/scenario/shell-day.ts workers   the same with one process per worker
 *
 * Prints whether the mails are exactly the expected ones and exits 1 when they are not.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, promisify } from "node:util";
import { startOrigin } from "../harness/origin.ts";
import { expectedMails, hours, mailsIn, readers, serveHour } from "./scripted-day.ts";

const command = fileURLToPath(new URL("../../workers/bin/paperwire.js", import.meta.url));
const workers = ["fetch", "ingest", "classify", "match", "digest", "deliver", "publish"];
const mode = process.argv[2] ?? "drain";

const home = await mkdtemp(join(tmpdir(), "paperwire-day-"));
const origin = await startOrigin();
const env = {
  ...process.env,
  PAPERWIRE_HOME: home,
  FETCH_ALLOW_PRIVATE: origin.host,
  LOG_LEVEL: "error",
  PORT: "0",
};

async function paperwire(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [command, ...args], { env, encoding: "utf8" })).stdout;
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [command, "up", ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
}

/** Both sources were asked in this hour, and twice in a row nothing is left to do. */
async function quiet(hour: Date): Promise<void> {
  for (let calm = 0; calm < 2; ) {
    await pause(200);
    const sources = (await paperwire("source", "list", "--json"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const status = JSON.parse(await paperwire("status", "--json"));
    const asked = sources.every((source) => new Date(source.lastFetchAt ?? 0) >= hour);
    calm = asked && status.queue.ready + status.queue.waiting === 0 ? calm + 1 : 0;
  }
}

async function runHour(hour: Date): Promise<void> {
  const now = hour.toISOString();
  if (mode === "drain") {
    await paperwire("drain", "--now", now);
    return;
  }
  const processes =
    mode === "workers" ? workers.map((worker) => start(worker, "--now", now)) : [start("--now", now)];
  await quiet(hour);
  const ended = processes.map((child) => new Promise((resolve) => child.once("exit", resolve)));
  for (const child of processes) child.kill("SIGTERM");
  await Promise.all(ended);
}

try {
  serveHour(origin, hours[0] ?? new Date(0));
  await paperwire("source", "add", `${origin.url}/rss/cs.CL`, "--id", "cs.CL", "--every", "60");
  await paperwire("source", "add", `${origin.url}/journal.xml`, "--id", "journal", "--every", "60");
  for (const { email, args } of readers) await paperwire("subscribe", email, ...args, "--confirmed");
  for (const hour of hours) {
    serveHour(origin, hour);
    await runHour(hour);
    process.stderr.write(".");
  }
  const mails = await mailsIn(join(home, "outbox"));
  const exact = isDeepStrictEqual(mails, expectedMails);
  console.log(
    exact
      ? `\n${mode}: exactly the ${Object.keys(expectedMails).length} expected mails`
      : `\n${mode}: not the expected mails`,
    exact ? "" : mails,
  );
  process.exitCode = exact ? 0 : 1;
} finally {
  await origin.close();
  await rm(home, { recursive: true, force: true });
}
