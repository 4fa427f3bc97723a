import { spawn } from "node:child_process";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { PermanentError } from "@paperwire/core/errors.ts";
import { identityOptions, runAs } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { type Cluster, lastLines } from "./cluster.ts";
import { give, type PostgresPlace } from "./place.ts";
import { isRunning } from "./process-identity.ts";
import { findServer, lastPort, type RunningServer, recordServer } from "./running-server.ts";
import { serverSettings } from "./server-settings.ts";

interface StartOptions {
  readonly log: (line: string) => void;
  readonly fast: boolean;
}

const START_MS = 120_000;

/**
 * Starts the server in a session of its own, so that neither a Ctrl-C nor the end of this process reaches it,
 * with its output in the log file. Resolves when it accepts connections. A port taken meanwhile, or shared memory
 * that a killed server's last children still hold, is tried again.
 */
export async function startServer(
  place: PostgresPlace,
  cluster: Cluster,
  { log, fast }: StartOptions,
): Promise<RunningServer> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const port = await freePort(await lastPort(place));
    log(`Starting PostgreSQL on port ${port}.`);
    const started = await tryStart(place, cluster, serverSettings({ port, fast }), deadline);
    if (typeof started !== "string") {
      await recordServer(place, started);
      return started;
    }
    if (!/could not bind|shared memory block/.test(started) || performance.now() > deadline) {
      throw new PermanentError(
        `PostgreSQL did not start on ${cluster.dataDir}; its log is ${place.logFile}:\n${lastLines(started)}`,
      );
    }
    await delay(100);
  }
}

/** Disconnects everybody and stops (`fast` shutdown). Resolves when the process has ended. */
export async function stopServer(place: PostgresPlace, server: RunningServer): Promise<void> {
  const deadline = performance.now() + 60_000;
  try {
    await askToStop(place, server);
  } catch (error) {
    if (await isRunning(server.process)) {
      throw new PermanentError(
        `PostgreSQL (process ${server.process.pid}) could not be stopped: ${String(error)}.`,
        { cause: error },
      );
    }
  }
  while (await isRunning(server.process)) {
    if (performance.now() > deadline) {
      throw new PermanentError(
        `PostgreSQL (process ${server.process.pid}) was told to stop and has not ended within a minute.`,
      );
    }
    await delay(10);
  }
}

async function askToStop(place: PostgresPlace, server: RunningServer): Promise<void> {
  if (process.platform !== "win32") {
    process.kill(server.process.pid, "SIGINT");
    return;
  }
  const { program } = await findBinaries(place, undefined);
  await runAs(undefined, program("pg_ctl"), ["stop", "-m", "fast", "-W", "-D", server.dataDir]);
}

/** The running server, or what it wrote before it ended. */
async function tryStart(
  place: PostgresPlace,
  cluster: Cluster,
  settings: readonly string[],
  deadline: number,
): Promise<RunningServer | string> {
  const logFile = await open(place.logFile, (await isLarge(place.logFile)) ? "w" : "a", 0o600);
  await give(place, place.logFile);
  const before = (await logFile.stat()).size;
  const ended = await launch(cluster, settings, logFile).finally(() => logFile.close());
  for (;;) {
    if (ended.aborted) return `${ended.reason}\n${await logSince(place.logFile, before)}`;
    const found = await findServer(place, { giveUp: performance.now() > deadline });
    if (found !== undefined && found !== "unsettled") return found;
    await delay(10);
  }
}

/** Resolves with a signal that is aborted, with the reason, when the process ends. */
async function launch(
  { binaries, dataDir, account }: Cluster,
  settings: readonly string[],
  logFile: FileHandle,
): Promise<AbortSignal> {
  const ended = new AbortController();
  const flags = settings.flatMap((setting) => ["-c", setting]);
  if (process.platform === "win32") {
    // pg_ctl gives up administrator's rights, which the server refuses to run with.
    const quoted = flags.map((flag) => `"${flag}"`).join(" ");
    const args = ["start", "-W", "-D", dataDir, "-o", quoted];
    const { status, output } = await runAs(account, binaries.program("pg_ctl"), args);
    if (status !== 0) ended.abort(output);
    return ended.signal;
  }
  const child = spawn(binaries.program("postgres"), ["-D", dataDir, ...flags], {
    ...identityOptions(account),
    stdio: ["ignore", logFile.fd, logFile.fd],
  });
  child.once("error", (error) => ended.abort(error.message));
  child.once("exit", (status, signal) =>
    ended.abort(`The server ended with ${signal ?? `status ${status}`}.`),
  );
  child.unref();
  return ended.signal;
}

/** `wanted` if nobody listens there, otherwise one that the system picks. */
function freePort(wanted = 0): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once("error", (error) => (wanted === 0 ? failed(error) : freePort().then(found, failed)));
    server.listen({ host: "127.0.0.1", port: wanted, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => found(port));
    });
  });
}

const LOG_LIMIT = 4_000_000;

async function isLarge(file: string): Promise<boolean> {
  return ((await stat(file).catch(() => undefined))?.size ?? 0) > LOG_LIMIT;
}

async function logSince(file: string, from: number): Promise<string> {
  return (await readFile(file)).subarray(from).toString("utf8");
}
