import type { Command } from "commander";
import { json } from "./options.ts";

/** The commands about the archive. */
export function papersCommands(program: Command): void {
  const papers = program.command("papers").description("the archive");
  papers
    .command("list")
    .option("--limit <n>", "papers per page", "50")
    .option("--cursor <cursor>", "go on after the paper whose line carries it")
    .option("--topic <topic>", "only papers with this topic")
    .option(...json)
    .description("newest first; with --json every line carries its cursor")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire papers list --limit 1000 --json\n  paperwire papers list --limit 1000 --json --cursor $(tail -1 page.jsonl | jq -r .cursor)",
    )
    .action(async (options) => (await import("../papers.ts")).listPapers(options));
  papers
    .command("search")
    .argument("<query>")
    .option("--limit <n>", "how many", "20")
    .option(...json)
    .description("by words and phrases, fields, meaning and near spelling, best first")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire papers search 'efficient knowledge transfer'\n  paperwire papers search 'title:\"state space\" cat:cs.LG -vision'\n  paperwire papers search 'like:2606.01234'",
    )
    .action(async (query: string, options) => (await import("../papers.ts")).searchPapers(query, options));
  papers
    .command("show")
    .argument("<id>", "an id, an arXiv id or a DOI")
    .option(...json)
    .description("one paper with its versions, homes, topics and history")
    .action(async (id: string, options) => (await import("../papers.ts")).showPaper(id, options));
  papers
    .command("split")
    .argument("<id>")
    .option("--now <iso>", "the product's clock for this command")
    .option(...json)
    .description("undo the newest merge into a paper")
    .action(async (id: string, options) => (await import("../papers.ts")).splitPaper(id, options));

  papers
    .command("candidates")
    .option("--limit <n>", "how many", "50")
    .option(...json)
    .description("pairs that may be one paper, for a person to decide")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire papers candidates\n  paperwire papers merge ID ID\n  paperwire papers apart ID ID",
    )
    .action(async (options) => (await import("../papers-decide.ts")).listCandidates(options));
  papers
    .command("merge")
    .argument("<id>", "an id, an arXiv id or a DOI")
    .argument("<other>")
    .option("--now <iso>", "the product's clock for this command")
    .option(...json)
    .description("say that two papers are one")
    .action(async (id: string, other: string, options) =>
      (await import("../papers-decide.ts")).joinPapers(id, other, options),
    );
  papers
    .command("apart")
    .argument("<id>", "an id, an arXiv id or a DOI")
    .argument("<other>")
    .option("--now <iso>", "the product's clock for this command")
    .option(...json)
    .description("say that a candidate pair is two papers")
    .action(async (id: string, other: string, options) =>
      (await import("../papers-decide.ts")).keepApart(id, other, options),
    );
  papers
    .command("pick")
    .argument("<id>", "an id, an arXiv id or a DOI")
    .requiredOption("--by <name>", "the curator, as readers see it")
    .option("--now <iso>", "the product's clock for this command")
    .option(...json)
    .description(
      "mark a paper as a curator's pick: it trends, and readers whose interests it meets may get it",
    )
    .addHelpText("after", "\nExamples:\n  paperwire papers pick 2606.01234 --by AK")
    .action(async (id: string, options) => (await import("../papers-decide.ts")).pick(id, options));
}
