import { randomBytes } from "node:crypto";
import { access, chown, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PermanentError, UsageError } from "@paperwire/core/errors.ts";
import { type Account, accountFor, runAs } from "./account.ts";
import { type Binaries, findBinaries } from "./binaries.ts";
import { chooseDataDir, dataDirOf, makePrivateFolder, ownFolder, recordDataDir } from "./data-folder.ts";
import { isAbsent, isThere, type PostgresPlace, writeRecord } from "./place.ts";

/** A data directory and what can serve it. */
export interface Cluster {
  readonly dataDir: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
}

/**
 * The cluster of this place, created when absent. Initialisation happens in a folder beside the final one and is
 * renamed when it is whole, so one that was interrupted is never mistaken for data; its rest is removed here.
 * Data that root copied or restored is handed to the server's account. Call it under the lock, with no server
 * running.
 */
export async function prepareCluster(
  place: PostgresPlace,
  { log, fast }: { readonly log: (line: string) => void; readonly fast: boolean },
): Promise<Cluster> {
  const account = await accountFor([await dataDirOf(place), place.home]);
  const dataDir = await chooseDataDir(place, account, fast);
  const cluster: Cluster = { dataDir, account, binaries: await findBinaries(place, account) };
  if (await isThere(dataDir)) {
    await ownFolder(dataDir, account);
    if (await isWhole(dataDir)) {
      await checkVersion(cluster);
      await recordDataDir(place, dataDir);
      return cluster;
    }
    const aside = `${dataDir}.unusable-${randomBytes(4).toString("hex")}`;
    log(`${dataDir} holds no whole database: it is kept as ${aside}, and a new one is made.`);
    await rename(dataDir, aside);
  }
  log(`Creating the database in ${dataDir} (once).`);
  await initialise(place, cluster, fast);
  await recordDataDir(place, dataDir);
  return cluster;
}

/** Without either file no PostgreSQL can open the folder. */
async function isWhole(dataDir: string): Promise<boolean> {
  try {
    await access(join(dataDir, "PG_VERSION"));
    await access(join(dataDir, "global", "pg_control"));
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw new UsageError(
      `The database in ${dataDir} cannot be read (${String(error)}): run as the account that made it, or choose another PAPERWIRE_HOME.`,
      { cause: error },
    );
  }
}

async function checkVersion({ dataDir, binaries }: Cluster): Promise<void> {
  const version = (await readFile(join(dataDir, "PG_VERSION"), "utf8")).trim();
  if (binaries.version.startsWith(`${version}.`)) return;
  throw new UsageError(
    `The database in ${dataDir} was made by PostgreSQL ${version}, and this release brings ${binaries.version}: export it with the older release and import it, or set DATABASE_URL.`,
  );
}

const UNFINISHED = "data.unfinished-";

async function initialise(place: PostgresPlace, cluster: Cluster, fast: boolean): Promise<void> {
  const parent = dirname(cluster.dataDir);
  for (const name of await readdir(parent)) {
    if (name.startsWith(UNFINISHED)) await removeFolder(join(parent, name));
  }
  const work = join(parent, `${UNFINISHED}${randomBytes(6).toString("hex")}`);
  const password = randomBytes(24).toString("hex");
  await makePrivateFolder(work, cluster.account);
  try {
    await runInitdb(cluster, work, password, fast);
    await writeRecord(place, place.passwordFile, `${password}\n`);
    await rename(join(work, "data"), cluster.dataDir);
    if (!fast) await syncFolder(parent);
  } finally {
    await removeFolder(work);
  }
}

async function runInitdb({ account, binaries }: Cluster, work: string, password: string, fast: boolean) {
  const passwordFile = join(work, "password");
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) await chown(passwordFile, account.uid, account.gid);
  const { status, output } = await runAs(account, binaries.program("initdb"), [
    ...["--pgdata", join(work, "data"), "--username", "paperwire", "--pwfile", passwordFile],
    ...["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-instructions"],
    ...["--locale-provider", "builtin", "--locale", "C", "--builtin-locale", "C.UTF-8"],
    ...(fast ? ["--no-sync"] : []),
  ]);
  if (status === 0) return;
  throw new PermanentError(`The database could not be created under ${dirname(work)}:\n${lastLines(output)}`);
}

/** What a person needs of a program's output. */
export function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-12).join("\n");
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 5 });
}
