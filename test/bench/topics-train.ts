import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encodeTopicModel, trainTopics } from "@paperwire/core";
import { broadPapers, hasCorpora, recentPapers } from "./topics/corpora.ts";

/**
 * Trains the topic model that ships with Paperwire: `node test/bench/topics-train.ts [FILE]`. It learns from every
 * paper with an abstract in both corpora, so it must not be judged on them; `topics.ts` trains its own.
 */
const file =
  process.argv[2] ?? fileURLToPath(new URL("../../workers/assets/topics-model.bin", import.meta.url));
if (!hasCorpora) {
  console.log("Skipped: the corpora are not beside this repository. Set PAPERWIRE_SHARED.");
  process.exit(0);
}
const papers = [...(await recentPapers()), ...(await broadPapers())];
const began = process.cpuUsage();
const model = await trainTopics(papers, { seed: 1 }, ({ stage, done, note }) => {
  if (note !== undefined) console.log(`${stage} ${(done * 100).toFixed(0)} %: ${note}`);
});
const { user, system } = process.cpuUsage(began);
const bytes = encodeTopicModel(model);
writeFileSync(file, bytes);
console.log(
  `${model.version}: ${model.topics.length} topics from ${model.papers} papers in ${((user + system) / 1e6).toFixed(0)} CPU-s; ` +
    `${(bytes.length / 1e6).toFixed(2)} MB, ${model.terms.length} terms, ${model.weights.length} weights; "don't know" below ${model.calibration.threshold}`,
);
