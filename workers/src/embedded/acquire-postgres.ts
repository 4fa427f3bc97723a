import { setTimeout as delay } from "node:timers/promises";
import { prepareCluster } from "./cluster.ts";
import { withKernelLock } from "./kernel-lock.ts";
import { isThere, type PostgresPlace, placeOf } from "./place.ts";
import { findServer, type RunningServer } from "./running-server.ts";
import { startServer, stopServer } from "./server-process.ts";
import { countLiveUsers, registerUser } from "./users.ts";

export interface AcquireOptions {
  /** The installation's home (`PAPERWIRE_HOME`); everything lies under `<home>/postgres/`. Created if absent. */
  readonly home: string;
  /** Told, in sentences, what takes time: the first initialisation, a start, a stop. */
  readonly log?: (line: string) => void;
  /** For tests: no fsync. A power cut may destroy the data. Holds from the start of the server to its stop. */
  readonly fast?: boolean;
}

export interface EmbeddedPostgres {
  /** Connection string of the superuser, password included: not for logs. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** Starts the server again, on the same port, if something killed it. Cheap when it runs. */
  ensureRunning(): Promise<void>;
  /** Gives the server back; the last of all processes that use it stops it. A second call does nothing. */
  release(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL of this home, or joins the one that runs. Any number of processes share one
 * server; each is known by its process id and start time, so one that died without `release` does not count.
 * Safe at any interruption: every step is taken under a lock that the kernel drops with its holder, and each
 * leaves a state the next call understands (half an initialisation is thrown away, a stale pid file removed).
 *
 * Throws UsageError where PostgreSQL cannot run here at all (the sentence says to set DATABASE_URL), and
 * PermanentError where it should have run and did not; both end in the last lines of the server's log.
 */
export async function acquirePostgres({
  home,
  log = () => {},
  fast = false,
}: AcquireOptions): Promise<EmbeddedPostgres> {
  const place = await placeOf(home);
  const ensure = () => ensureServer(place, { log, fast });
  const { server, leave } = await withKernelLock(place.lockFile, async () => {
    const leave = await registerUser(place);
    try {
      return { server: await ensure(), leave };
    } catch (error) {
      await leave();
      throw error;
    }
  });

  let released = false;
  return {
    url: server.url,
    port: server.port,
    dataDir: server.dataDir,
    async ensureRunning() {
      if (!released) await withKernelLock(place.lockFile, ensure);
    },
    async release() {
      if (released) return;
      released = true;
      if (!(await isThere(place.folder))) return stopServer(place, server);
      await withKernelLock(place.lockFile, async () => {
        await leave();
        if ((await countLiveUsers(place)) > 0) return;
        const running = await findSettledServer(place);
        if (running === undefined) return;
        log("Stopping PostgreSQL: its last user has left.");
        await stopServer(place, running);
      });
    },
  };
}

interface StartOptions {
  readonly log: (line: string) => void;
  readonly fast: boolean;
}

async function ensureServer(place: PostgresPlace, options: StartOptions): Promise<RunningServer> {
  const running = await findSettledServer(place);
  if (running !== undefined) return running;
  const cluster = await prepareCluster(place, options);
  return startServer(place, cluster, options);
}

const SETTLE_MS = 120_000;

/** Waits while the server of a starter that died is still starting, or still stopping. */
async function findSettledServer(place: PostgresPlace): Promise<RunningServer | undefined> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const found = await findServer(place, { giveUp: performance.now() > deadline });
    if (found !== "unsettled") return found;
    await delay(25);
  }
}
