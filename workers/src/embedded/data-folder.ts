import { createHash } from "node:crypto";
import { chmod, chown, lchown, mkdir, mkdtemp, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PermanentError } from "@paperwire/core/errors.ts";
import { type Account, runAs } from "./account.ts";
import { isThere, type PostgresPlace, readRecord, writeRecord } from "./place.ts";

/** `<home>/postgres/data`, or where it was put because the server's account cannot reach the home. */
export async function dataDirOf(place: PostgresPlace): Promise<string> {
  const moved = (await readRecord(place.movedFile))?.dataDir;
  return typeof moved === "string" ? moved : join(place.folder, "data");
}

/**
 * Where the data is, or is to go if that is not the home: a home under `/root` (mode 0700) is out
 * of reach for the account that runs the server, so its data goes to `/var/lib/paperwire/<digest of the home>`,
 * with `fast` to the folder for temporary files. A file `home` beside the data says whose it is; nothing here
 * ever removes it.
 */
export async function chooseDataDir(
  place: PostgresPlace,
  account: Account | undefined,
  fast: boolean,
): Promise<string> {
  const chosen = await dataDirOf(place);
  if ((await isThere(place.movedFile)) && !(await isThere(chosen))) {
    throw new PermanentError(
      `The database of ${place.home} was put into ${chosen} and is not there any more: put it back, or remove ${place.movedFile} to start with an empty one.`,
    );
  }
  if (account === undefined || (await canEnter(account, dirname(chosen)))) return chosen;
  const folder = fast ? await temporaryFolder(account) : await lastingFolder(place);
  await chmod(folder, 0o755);
  await writeFile(join(folder, "home"), `${place.home}\n`);
  return join(folder, "data");
}

/** Once the data is whole: from now on it is an error if it is not where it was put. */
export async function recordDataDir(place: PostgresPlace, dataDir: string): Promise<void> {
  if (dataDir === (await dataDirOf(place))) return;
  await writeRecord(place, place.movedFile, JSON.stringify({ dataDir }));
}

/** An empty folder that the server's account owns and nobody else can read. */
export async function makePrivateFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

/** Data that root copied is root's: as `account` cannot read it, it is given to it whole. */
export async function ownFolder(path: string, account: Account | undefined): Promise<void> {
  if (account === undefined || (await stat(path)).uid !== 0) return;
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
  await lchown(path, account.uid, account.gid);
}

/** The same for the same home, so that a first start that was interrupted is found again. Only root writes there. */
async function lastingFolder(place: PostgresPlace): Promise<string> {
  const parent = "/var/lib/paperwire";
  const folder = join(parent, createHash("sha256").update(place.home).digest("hex").slice(0, 16));
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await chmod(parent, 0o755);
  return folder;
}

async function temporaryFolder(account: Account): Promise<string> {
  const parent = (await canEnter(account, tmpdir())) ? tmpdir() : "/var/tmp";
  return mkdtemp(join(parent, "paperwire-data-"));
}

async function canEnter(account: Account, folder: string): Promise<boolean> {
  return (await runAs(account, "/bin/sh", ["-c", 'test -x "$1"', "sh", folder])).status === 0;
}
