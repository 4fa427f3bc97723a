import { createHash } from "node:crypto";
import { chmod, chown, lchown, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Account, runAs } from "./account.ts";
import { type PostgresPlace, readRecord, writeRecord } from "./place.ts";

/** `<home>/postgres/data`, or where it was put because the server's account cannot reach the home. */
export async function dataDirOf(place: PostgresPlace): Promise<string> {
  const moved = (await readRecord(place.movedFile))?.dataDir;
  return typeof moved === "string" ? moved : join(place.folder, "data");
}

/**
 * Decides where new data goes, and records it if that is not the home: a home under `/root` (mode 0700) is out
 * of reach for the account that runs the server, so its data goes to `/var/lib/paperwire/<digest of the home>`.
 */
export async function chooseDataDir(place: PostgresPlace, account: Account | undefined): Promise<string> {
  const chosen = await dataDirOf(place);
  if (account === undefined || (await canEnter(account, dirname(chosen)))) return chosen;
  const digest = createHash("sha256").update(place.home).digest("hex").slice(0, 16);
  const folder = join("/var/lib/paperwire", digest);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const path of ["/var/lib/paperwire", folder]) await chmod(path, 0o755);
  const dataDir = join(folder, "data");
  await writeRecord(
    place,
    place.movedFile,
    JSON.stringify({ dataDir, because: `${account.name} cannot enter ${place.folder}` }),
  );
  return dataDir;
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

async function canEnter(account: Account, folder: string): Promise<boolean> {
  return (await runAs(account, "/bin/sh", ["-c", 'test -x "$1"', "sh", folder])).status === 0;
}
