import type { Command } from "commander";
import { collect, json } from "./options.ts";

/** The commands about topics. */
export function topicsCommands(program: Command): void {
  const topics = program
    .command("topics")
    .description("what papers are about: arXiv's categories and your own topics");
  topics
    .command("list")
    .option(...json)
    .description("your own topics, then those in use")
    .action(async (options) => (await import("../topics.ts")).listTopics(options));
  topics
    .command("show")
    .argument("<name>")
    .option(...json)
    .description("one topic: what defines it, how many papers have it and why, and the newest")
    .action(async (name: string, options) => (await import("../topics.ts")).showTopic(name, options));
  topics
    .command("add")
    .argument("<name>", "as readers see it")
    .option("--query <query>", 'what belongs to it: words, "phrases", or, -not, title:, author:, cat:')
    .option(
      "--example <paper>",
      "a paper that belongs to it: an id, an arXiv id or a DOI (repeatable)",
      collect,
      [],
    )
    .option(...json)
    .description("define a topic of your own, or change it")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire topics add 'Knowledge transfer' --query 'distillation OR \"transfer learning\"'\n  paperwire topics add 'Cheap inference' --example 2606.01234 --example 2606.02345 …   (five or more: papers close to them as well)",
    )
    .action(async (name: string, options) => (await import("../topics.ts")).addTopic(name, options));
  topics
    .command("remove")
    .argument("<name>")
    .option(...json)
    .description("drop one of your own topics and its labels")
    .action(async (name: string, options) => (await import("../topics.ts")).removeTopic(name, options));
  topics
    .command("train")
    .option(
      "--corpus <file>",
      "JSON lines to learn from instead of the archive, also gzip (repeatable)",
      collect,
      [],
    )
    .option("--out <file>", "write the model there instead of using it")
    .option("--reset", "train nothing: use the model that ships again")
    .option(...json)
    .description("train the model that labels papers without categories")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire topics train\n  paperwire topics train --corpus papers.jsonl --out model.bin",
    )
    .action(async (options) => (await import("../topics.ts")).trainModel(options));
  topics
    .command("eval")
    .option("--corpus <file>", "JSON lines to judge on, also gzip (repeatable)", collect, [])
    .option("--model <file>", "a written model, or `bundled`; the one in use when left out")
    .option(...json)
    .description("how often the model is right")
    .addHelpText("after", "\nExamples:\n  paperwire topics eval --corpus held-out.jsonl --model model.bin")
    .action(async (options) => (await import("../topics.ts")).evalModel(options));
}
