import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeVectors, learnVectors } from "@paperwire/core";
import { broadPapers, hasCorpora, recentPapers } from "./topics/corpora.ts";

/**
 * Learns the word vectors that ship with Paperwire: `node test/bench/closeness-train.ts [FILE]`. They come from
 * every abstract of both corpora, so they must not be judged on them; `closeness.ts` learns its own.
 */
const file =
  process.argv[2] ?? fileURLToPath(new URL("../../workers/assets/word-vectors.bin", import.meta.url));
if (!hasCorpora) {
  console.log("Skipped: the corpora are not beside this repository. Set PAPERWIRE_SHARED.");
  process.exit(0);
}
const papers = [...(await recentPapers()), ...(await broadPapers())];
const began = process.cpuUsage();
const vectors = learnVectors(papers, {}, (note) => console.log(note));
const { user, system } = process.cpuUsage(began);
const bytes = encodeVectors(vectors);
writeFileSync(file, bytes);
console.log(
  `${vectors.version}: ${vectors.stems.length} words in ${vectors.dimensions} dimensions from ${vectors.papers} papers ` +
    `in ${((user + system) / 1e6).toFixed(0)} CPU-s; ${(bytes.length / 1e6).toFixed(2)} MB`,
);
