import { readFile, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { PermanentError } from "@paperwire/core/errors.ts";
import { dataDirOf } from "./data-folder.ts";
import { isAbsent, type PostgresPlace, readRecord, writeRecord } from "./place.ts";
import { identityOf, type ProcessIdentity, worksIn } from "./process-identity.ts";
import { isIdentity } from "./users.ts";

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly process: ProcessIdentity;
}

/**
 * The server that runs on this place's data. `unsettled`: its process lives but does not answer yet, or no more;
 * with `giveUp` that is an error. A pid file whose process is gone, a zombie or somebody else's is removed.
 */
export async function findServer(
  place: PostgresPlace,
  { giveUp }: { readonly giveUp: boolean },
): Promise<RunningServer | "unsettled" | undefined> {
  const dataDir = await dataDirOf(place);
  const seen = await readPidFile(dataDir);
  if (seen === undefined) return undefined;
  const found = await identityOf(seen.pid);
  if (seen.status === "unwritten") return "unsettled";
  if (found === undefined || !(await isOurs(place, dataDir, found))) {
    await rm(join(dataDir, "postmaster.pid"), { force: true });
    return undefined;
  }
  if (seen.status === "ready" && (await speaksPostgres(seen.port))) {
    return { url: await urlOf(place, seen.port), port: seen.port, dataDir, process: found };
  }
  if (!giveUp) return "unsettled";
  throw new PermanentError(
    `Process ${seen.pid} holds the database in ${dataDir} but does not answer on port ${seen.port} (${seen.status}): stop it and try again; its log is ${place.logFile}.`,
  );
}

/** Which process is the server, so that a later process with the same id is not taken for it. */
export async function recordServer(place: PostgresPlace, server: RunningServer): Promise<void> {
  const { process, port } = server;
  await writeRecord(place, place.serverFile, JSON.stringify({ ...process, port }));
}

/** The port of the last server: kept over a restart, so that clients find it again. */
export async function lastPort(place: PostgresPlace): Promise<number | undefined> {
  const port = (await readRecord(place.serverFile))?.port;
  return typeof port === "number" ? port : undefined;
}

export async function urlOf(place: PostgresPlace, port: number): Promise<string> {
  try {
    const password = (await readFile(place.passwordFile, "utf8")).trim();
    return `postgres://paperwire:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  } catch (error) {
    throw new PermanentError(
      `The database password in ${place.passwordFile} cannot be read (${String(error)}): put the file back, or remove ${place.folder} to start with an empty database.`,
      { cause: error },
    );
  }
}

interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** How long a server takes at most between creating its pid file and filling it. */
const UNWRITTEN_MS = 5_000;

/** PostgreSQL's `postmaster.pid`: pid, data directory, start time, port, …, and the status in its eighth line. */
async function readPidFile(dataDir: string): Promise<PidFile | undefined> {
  try {
    const file = join(dataDir, "postmaster.pid");
    const lines = (await readFile(file, "utf8")).split("\n");
    const pid = Number(lines[0]);
    if (!Number.isInteger(pid) || pid <= 0) {
      const ageMs = Date.now() - (await stat(file)).mtimeMs;
      return { pid: 0, port: 0, status: Math.abs(ageMs) < UNWRITTEN_MS ? "unwritten" : "broken" };
    }
    return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? "starting").trim() };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new PermanentError(
      `The database in ${dataDir} belongs to another account (${String(error)}): run as the account that made it, or choose another PAPERWIRE_HOME.`,
      { cause: error },
    );
  }
}

async function isOurs(place: PostgresPlace, dataDir: string, found: ProcessIdentity): Promise<boolean> {
  const recorded = await readRecord(place.serverFile);
  if (isIdentity(recorded) && recorded.pid === found.pid) return recorded.startedAt === found.startedAt;
  return (await worksIn(found.pid, dataDir)) ?? true;
}

/** An SSLRequest (protocol 3.2, section 54.2.10) is answered by one byte, `S` or `N`, before any authentication. */
function speaksPostgres(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 3_000 });
    const settle = (speaks: boolean) => {
      socket.destroy();
      answer(speaks);
    };
    socket.once("connect", () => socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])));
    socket.once("data", (bytes) => settle(bytes[0] === 0x53 || bytes[0] === 0x4e));
    socket.once("timeout", () => settle(false));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });
}
