import { mkdir, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WordVectors } from "@paperwire/core";
import { wordVectors } from "../classify/word-vectors.ts";
import type { Settings } from "../env.ts";
import { type Finding, fail, ok, reasonOf, warn } from "./finding.ts";

const oldestMajor = 26;
const roomToWarn = 2e9;
const roomToFail = 2e8;

/** Node, the home folder, its disk and the secret key. */
export async function machineChecks(settings: Settings): Promise<Finding[]> {
  const home = await homeCheck(settings.home);
  return [
    nodeCheck(process.versions.node),
    home,
    ...(home.state === "ok" ? [await diskCheck(settings.home)] : []),
    await secretCheck(settings),
    vectorsCheck(wordVectors()),
  ];
}

export function nodeCheck(version: string): Finding {
  if (Number(version.split(".")[0]) >= oldestMajor) return ok("node", `Node ${version}.`);
  const mend =
    "Start it with: npx paperwire (the repository brings its own Node; install with: npx -y pnpm@12.21.0 install)";
  return fail("node", `This is Node ${version}, and ${oldestMajor} is needed.`, mend);
}

export function vectorsCheck(vectors: Pick<WordVectors, "stems" | "papers"> | undefined): Finding {
  if (vectors !== undefined)
    return ok("word vectors", `${vectors.stems.length} words are known by their meaning.`);
  return warn(
    "word vectors",
    "workers/assets/word-vectors.bin is absent or of another release: nothing can be found by meaning, and interests with like: match nothing.",
    "Put the file of this release back.",
  );
}

async function homeCheck(home: string): Promise<Finding> {
  const probe = join(home, `.doctor-${process.pid}`);
  try {
    await mkdir(home, { recursive: true });
    await writeFile(probe, "");
    await rm(probe);
    return ok("home", `${home} can be written.`);
  } catch (error) {
    return fail(
      "home",
      `${home} cannot be written: ${reasonOf(error)}.`,
      "Give this account the right to write there, or set PAPERWIRE_HOME to another folder.",
    );
  }
}

async function diskCheck(home: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(home);
  return roomCheck(home, bavail * bsize);
}

export function roomCheck(home: string, freeBytes: number): Finding {
  const free = `${(freeBytes / 1e9).toFixed(1)} GB are free where ${home} lies`;
  if (freeBytes >= roomToWarn) return ok("disk", `${free}.`);
  const mend = "Make room, or set PAPERWIRE_HOME to a folder on a larger disk.";
  return freeBytes < roomToFail
    ? fail("disk", `Only ${free}; the database will stop.`, mend)
    : warn("disk", `Only ${free}.`, mend);
}

async function secretCheck({ SECRET_KEY, home }: Settings): Promise<Finding> {
  if (SECRET_KEY !== undefined) return ok("secret key", "SECRET_KEY is set.");
  const file = join(home, "secret-key");
  const there = await stat(file).catch(() => undefined);
  if (there === undefined)
    return ok("secret key", "SECRET_KEY is not set; one is made at the first start and kept in the home.");
  if (process.platform !== "win32" && (there.mode & 0o077) !== 0) {
    return fail(
      "secret key",
      `${file} can be read by other accounts, who could then make anybody's links.`,
      `Run: chmod 600 "${file}"`,
    );
  }
  return ok("secret key", `${file} is kept for this installation.`);
}
