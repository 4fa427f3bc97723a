import type { Command } from "commander";
import { json } from "./options.ts";

/** The commands about the places that are polled, and recorded payloads. */
export function sourcesCommands(program: Command): void {
  const source = program.command("source").description("the places that are polled");
  source
    .command("add")
    .argument("<url>", "a feed, an API address, or a page that links to a feed")
    .option("--id <id>", "short name; made from the address when left out")
    .option("--kind <kind>", "what it is; detected when left out")
    .option("--every <minutes>", "how often to ask, in minutes")
    .option("--now <iso>", "the product's clock for this command")
    .option("--no-check", "add it without asking it first (needs --kind)")
    .option(...json)
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire source add https://rss.arxiv.org/rss/cs.CL\n  paperwire source add https://example.org/feed.xml --id example --every 120\n  paperwire source add https://journal.example.org/   (a page: its feed is looked for)",
    )
    .action(async (url: string, options) => (await import("../source-add.ts")).addSource(url, options));
  source
    .command("list")
    .option(...json)
    .description("every source, with its last answer")
    .action(async (options) => (await import("../source.ts")).listSources(options));
  source
    .command("show")
    .argument("<id>")
    .option(...json)
    .description("one source and its latest polls")
    .action(async (id: string, options) => (await import("../source.ts")).showSource(id, options));
  source
    .command("poll")
    .argument("<id>")
    .option("--now <iso>", "the product's clock stands at this instant")
    .option(...json)
    .description("ask it now, and ingest what it says")
    .action(async (id: string, options) => (await import("../source.ts")).pollSource(id, options));
  for (const [name, what] of [
    ["pause", "stop asking it"],
    ["resume", "ask it again, from now"],
    ["remove", "forget it; its papers stay"],
  ] as const) {
    source
      .command(name)
      .argument("<id>")
      .option("--now <iso>", "the product's clock for this command")
      .option(...json)
      .description(what)
      .action(async (id: string, options) => (await import("../source.ts")).changeSource(name, id, options));
  }

  program
    .command("ingest")
    .argument("<file...>", "recorded payloads of any kind, also gzip; - is stdin")
    .option("--now <iso>", "the product's clock stands at this instant")
    .option("--kind <kind>", "what the files are; detected when left out")
    .option(...json)
    .description("feed recorded payloads through the pipeline, up to and including match")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire ingest feed.xml --json\n  curl -s https://rss.arxiv.org/rss/cs.CL | paperwire ingest -",
    )
    .action(async (files: string[], options) => (await import("../ingest.ts")).ingestFiles(files, options));

  program
    .command("read")
    .argument("<file...>", "payloads; - is stdin")
    .option("--kind <kind>", "what the files are; detected when left out")
    .option(...json)
    .description("say what payloads hold, without a database: one result per file")
    .addHelpText("after", "\nExamples:\n  paperwire read feed.xml\n  paperwire read --json feeds/*.xml")
    .action(async (files: string[], options) => (await import("../read.ts")).readFiles(files, options));
}
