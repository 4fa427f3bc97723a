import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { encodeTopicModel, evaluateTopics, type TopicExample, trainTopics } from "@paperwire/core";
import { broadPapers, hasCorpora, papersOf, recentPapers } from "./topics/corpora.ts";

/**
 * Topic classification on papers the model has not seen, beside scikit-learn on the same split:
 * `node test/bench/topics.ts [--train FILE --test FILE | --split NAME]`. Without files: computer science of 2025-10 to 2026-04
 * against 2026-05; all fields, by id (those that end in 8 or 9 are held out) and by time (2019 is held out); and
 * computer science and all fields together. The model of each row learned from the training side alone.
 * L-BFGS is asked only where there are at most 20 topics. Seconds and microseconds are CPU time of one thread. Exit code 1 when a target is missed.
 */
interface Row {
  readonly name: string;
  readonly accuracy: number;
  readonly topThree: number;
  readonly anyLabel: number;
  readonly macroF1: number;
  readonly trainSeconds: number;
  readonly microsecondsPerPaper: number;
}

interface Split {
  readonly name: string;
  readonly train: readonly TopicExample[];
  readonly test: readonly TopicExample[];
}

const { values } = parseArgs({
  options: {
    train: { type: "string", multiple: true },
    test: { type: "string", multiple: true },
    split: { type: "string", default: "" },
  },
});
if (!hasCorpora && !(values.train && values.test)) {
  console.log(
    "Skipped: the corpora are not beside this repository. Set PAPERWIRE_SHARED, or give --train and --test.",
  );
  process.exit(0);
}
const hasToolkit = spawnSync("/usr/bin/python3", ["-c", "import sklearn"]).status === 0;
if (!hasToolkit) console.log("Baselines skipped: no scikit-learn (apt-get install python3-sklearn).\n");

let missed = 0;
for (const split of (await splits()).filter(({ name }) => name.includes(values.split))) {
  const rows = [await ours(split), ...(hasToolkit ? theirs(split) : [])];
  print(split, rows);
}
process.exitCode = missed > 0 ? 1 : 0;

async function splits(): Promise<Split[]> {
  if (values.train && values.test) {
    return [{ name: "files", train: await papersOf(values.train), test: await papersOf(values.test) }];
  }
  const [recent, broad] = [await recentPapers(), await broadPapers()];
  const isLate = ({ date = "" }: TopicExample): boolean => date >= "2026-05";
  const isDrawn = ({ id = "" }: TopicExample): boolean => /[89]$/.test(id);
  const is2019 = ({ date = "" }: TopicExample): boolean => date >= "2019";
  const divide = (
    name: string,
    papers: readonly TopicExample[],
    held: (paper: TopicExample) => boolean,
  ): Split => ({
    name,
    train: papers.filter((paper) => !held(paper)),
    test: papers.filter(held),
  });
  const months = divide("computer science, 2026-05 held out", recent, isLate);
  const ids = divide("all fields, ids ending in 8 or 9 held out", broad, isDrawn);
  return [
    months,
    ids,
    divide("all fields, 2019 held out", broad, is2019),
    {
      name: "the first two together",
      train: [...months.train, ...ids.train],
      test: [...months.test, ...ids.test],
    },
  ];
}

async function ours({ train, test }: Split): Promise<Row> {
  const began = process.cpuUsage();
  const model = await trainTopics(train);
  const trainSeconds = secondsSince(began);
  await evaluateTopics(model, test.slice(0, 500));
  const asked = process.cpuUsage();
  const report = await evaluateTopics(model, test);
  const microsecondsPerPaper = (secondsSince(asked) / test.length) * 1e6;
  const size = (encodeTopicModel(model).length / 1e6).toFixed(1);
  const doubt = `calibration error ${report.calibrationError.toFixed(3)}, answers ${share(report.answered)}, of those any label ${share(report.answeredAnyLabel)}`;
  console.log(`Paperwire's model: ${model.topics.length} topics, ${size} MB, ${doubt}`);
  return { name: "Paperwire", ...report, trainSeconds, microsecondsPerPaper };
}

function theirs({ train, test }: Split): Row[] {
  const folder = mkdtempSync(join(tmpdir(), "paperwire-bench-"));
  const files = (
    [
      ["train", train],
      ["test", test],
    ] as const
  ).map(([name, papers]) => {
    const file = join(folder, `${name}.ndjson`);
    writeFileSync(file, papers.map((paper) => `${JSON.stringify(paper)}\n`).join(""));
    return file;
  });
  const script = fileURLToPath(new URL("topics/baseline.py", import.meta.url));
  const run = spawnSync("/usr/bin/python3", [script, ...files], { encoding: "utf8", maxBuffer: 1e8 });
  rmSync(folder, { recursive: true });
  if (run.status !== 0) throw new Error(`The baselines failed: ${run.stderr}`);
  return run.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function print({ name, train, test }: Split, rows: readonly Row[]): void {
  console.log(`\n${name}: ${train.length} papers to learn from, ${test.length} held out`);
  console.log(`${"".padEnd(36)}acc@1   top-3   any     macroF1  train CPU-s  µs/paper`);
  for (const row of rows) {
    const figures = [row.accuracy, row.topThree, row.anyLabel, row.macroF1]
      .map((value) => value.toFixed(4))
      .join("  ");
    console.log(
      `${row.name.padEnd(36)}${figures}  ${row.trainSeconds.toFixed(1).padStart(11)}  ${row.microsecondsPerPaper.toFixed(0).padStart(8)}`,
    );
  }
  const [own, ...others] = rows;
  if (own === undefined) return;
  const best = (of: (row: Row) => number): number => Math.max(...others.map(of));
  check("training within 120 CPU-s", own.trainSeconds <= 120);
  check("at most 100 µs a paper", own.microsecondsPerPaper <= 100);
  if (others.length === 0) return;
  const [accuracy, topThree] = [best((row) => row.accuracy), best((row) => row.topThree)];
  check(`acc@1 ${signed(own.accuracy - accuracy)} against the best`, own.accuracy >= accuracy - 0.01);
  check(`top-3 ${signed(own.topThree - topThree)} against the best`, own.topThree >= topThree - 0.01);
}

function check(claim: string, holds: boolean): void {
  if (!holds) missed++;
  console.log(`  ${holds ? "met   " : "MISSED"} ${claim}`);
}

function secondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
}
