import type { Command } from "commander";
import { collect, json } from "./options.ts";

/** The commands about receipts, events and consumers. */
export function downstreamCommands(program: Command): void {
  program
    .command("receipts")
    .option("--date <day>", "only this day, for example 2026-06-08 (arXiv's days are Eastern)")
    .option("--source <id>", "only this source")
    .option("--limit <n>", "most receipts", "200")
    .option(...json)
    .description("announced against ingested, per source, category and day")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire receipts\n  paperwire receipts --date 2026-06-08 --source arxiv-cs.cl --json",
    )
    .action(async (options) => (await import("../receipts.ts")).listReceipts(options));

  const consumer = program.command("consumer").description("downstream systems that take events");
  consumer
    .command("add")
    .argument("<name>")
    .option("--queue", "fill a BullMQ queue named events-NAME")
    .option("--webhook <url>", "POST signed events to this address")
    .option("--topic <topic>", "only papers with this topic (repeatable)", collect, [])
    .option("--from <cursor>", "start after this cursor; from now when left out")
    .option(...json)
    .description("start feeding a consumer")
    .action(async (name: string, options) => (await import("../consumer.ts")).addConsumer(name, options));
  consumer
    .command("list")
    .option(...json)
    .description("consumers and how far they are")
    .action(async (options) => (await import("../consumer.ts")).listConsumers(options));
  consumer
    .command("remove")
    .argument("<name>")
    .option(...json)
    .description("stop feeding it")
    .action(async (name: string, options) => (await import("../consumer.ts")).removeConsumer(name, options));
  consumer
    .command("replay")
    .argument("<name>")
    .requiredOption("--from <cursor>", "send everything after this cursor again")
    .option(...json)
    .description("move a consumer back")
    .action(async (name: string, options) => (await import("../consumer.ts")).replayConsumer(name, options));

  program
    .command("events")
    .option("--after <cursor>", "start after this cursor", "0")
    .option("--limit <n>", "most events", "1000")
    .option("--follow", "wait for more")
    .option(...json)
    .description("what happened to papers, in order: one event per line")
    .action(async (options) => (await import("../events.ts")).eventsCommand(options));
}
