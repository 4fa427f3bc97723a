import { chown, mkdir, readFile, realpath, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UsageError } from "@paperwire/core/errors.ts";

/** Where one home keeps its PostgreSQL. Paths are absolute and free of links. */
export interface PostgresPlace {
  readonly home: string;
  /** `<home>/postgres`: the records below. */
  readonly folder: string;
  readonly lockFile: string;
  readonly usersFolder: string;
  readonly serverFile: string;
  readonly passwordFile: string;
  readonly logFile: string;
  /** Says where the data lies when it does not lie in `<home>/postgres/data`. */
  readonly movedFile: string;
  /** Files made in `folder` belong to whom the home belongs to, also when root makes them. */
  readonly owner: { readonly uid: number; readonly gid: number };
}

/** Creates `<home>/postgres` if absent. Throws UsageError if this account cannot. */
export async function placeOf(home: string): Promise<PostgresPlace> {
  try {
    await mkdir(resolve(home), { recursive: true });
    const real = await realpath(resolve(home));
    const folder = join(real, "postgres");
    const usersFolder = join(folder, "users");
    const { uid, gid } = await stat(real);
    const place: PostgresPlace = {
      home: real,
      folder,
      usersFolder,
      lockFile: join(folder, "lock"),
      serverFile: join(folder, "server.json"),
      passwordFile: join(folder, "password"),
      logFile: join(folder, "server.log"),
      movedFile: join(folder, "data-moved.json"),
      owner: { uid, gid },
    };
    if ((await mkdir(usersFolder, { recursive: true })) !== undefined) {
      await give(place, folder);
      await give(place, usersFolder);
    }
    await writeFile(place.lockFile, "", { flag: "a", mode: 0o600 });
    await give(place, place.lockFile);
    return place;
  } catch (error) {
    throw new UsageError(
      `The folder ${resolve(home)} cannot hold the embedded database (${String(error)}): set PAPERWIRE_HOME to a folder that this account may write to, or DATABASE_URL to a server.`,
      { cause: error },
    );
  }
}

/** Writes a record of ours, readable by its owner alone. */
export async function writeRecord(place: PostgresPlace, file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 });
  await give(place, file);
}

/** Undefined when the record is absent or was cut short by a crash. */
export async function readRecord(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isAbsent(error)) return undefined;
    throw error;
  }
}

export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

export function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Hands a path that root has made to the home's owner. */
export async function give(place: PostgresPlace, path: string): Promise<void> {
  if (process.getuid?.() === 0 && place.owner.uid !== 0) await chown(path, place.owner.uid, place.owner.gid);
}
