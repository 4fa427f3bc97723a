import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** The folder of recorded data, which the repository does not hold. */
export const sharedFolder =
  process.env.PAPERWIRE_SHARED ?? new URL("../../../../shared", import.meta.url).pathname;

export const dataFolder = `${sharedFolder}/data`;

/** Stops a command with a sentence where the recorded data is absent. */
export function requireData(): void {
  if (existsSync(dataFolder)) return;
  console.error(`No recorded data at ${dataFolder}: set PAPERWIRE_SHARED to the folder that holds data/.`);
  process.exit(2);
}

/** The lines of a text file, gzipped or not, without empty ones. */
export function linesOf(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}

/** One JSON value a line. */
export function jsonLinesOf<T>(path: string): T[] {
  return linesOf(path).map((line) => JSON.parse(line) as T);
}

/** Full paths of a folder's files whose name ends so, in name order. */
export function filesOf(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}
