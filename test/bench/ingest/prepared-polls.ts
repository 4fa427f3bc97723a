/**
 * Polls on disk, made by a process of its own: the corpora are in nobody's memory while ingest is measured.
 *
 *   node test/bench/ingest/prepared-polls.ts FOLDER COUNT [STEP]     writes them; STEP from 0 for an archive that grows
 */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { deserialize, serialize } from "node:v8";
import { growingWorks } from "./growing-works.ts";
import { mixedPolls, type Poll } from "./mixed-listings.ts";
import { worksWithAbstracts } from "./works.ts";

/** Makes `count` listings in another process, and gives their polls one after the other. */
export async function preparePolls(folder: string, count: number, step?: number): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const own = fileURLToPath(import.meta.url);
  const args = [own, folder, String(count), ...(step === undefined ? [] : [String(step)])];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

export async function* readPolls(folder: string): AsyncGenerator<Poll> {
  for (const name of (await readdir(folder)).sort()) yield deserialize(await readFile(`${folder}/${name}`));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = "", count, step] = process.argv.slice(2);
  const polls =
    step === undefined
      ? mixedPolls(worksWithAbstracts(), Number(count))
      : mixedPolls(
          growingWorks(Number(step), Math.ceil(Number(count) * 0.72)),
          Number(count),
          Number(step) + 1,
        );
  for (const [at, poll] of polls.entries()) {
    await writeFile(`${folder}/${String(at).padStart(6, "0")}`, serialize(poll));
  }
  console.log(polls.reduce((sum, poll) => sum + poll.reading.listings.length, 0));
}
