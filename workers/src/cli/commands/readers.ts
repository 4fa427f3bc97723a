import type { Command } from "commander";
import { collect, json } from "./options.ts";

/** The commands about readers, their interests and digests. */
export function readersCommands(program: Command): void {
  program
    .command("subscribe")
    .argument("<email>")
    .option("--name <name>", "the interest's name")
    .option("--query <query>", 'words, "phrases", OR, -not, title:, author:, cat:, topic:, like:')
    .option("--topic <topic>", "a topic (repeatable)", collect, [])
    .option("--category <code>", "an arXiv category or archive (repeatable)", collect, [])
    .option("--author <name>", "an author (repeatable)", collect, [])
    .option(
      "--like <phrase>",
      "close in meaning to a phrase, or to a paper by arXiv id, DOI or id (repeatable)",
      collect,
      [],
    )
    .option("--trending <n>", "the day's or week's top n")
    .option("--cadence <cadence>", "daily, weekly, instant or off")
    .option("--at <time>", "local time of the digest, HH:MM")
    .option("--tz <zone>", "IANA time zone, for example Europe/Berlin")
    .option("--days <days>", "for example mon-fri or mon,thu")
    .option("--max <n>", "most papers in a digest")
    .option("--confirmed", "the reader has agreed already: send no confirmation mail")
    .option("--now <iso>", "the product's clock for this command")
    .option(...json)
    .description("create a reader or add an interest")
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire subscribe ada@example.org --category cs.CL --tz Europe/Berlin --at 08:00\n  paperwire subscribe ada@example.org --name distillation --query '\"knowledge distillation\" -survey' --confirmed\n  paperwire subscribe ada@example.org --like 'efficient knowledge transfer' --like 2606.01234",
    )
    .action(async (email: string, options) => (await import("../subscribe.ts")).subscribe(email, options));

  const reader = program.command("reader").description("readers");
  for (const [name, what] of [
    ["show", "settings, interests and latest mails"],
    ["pause", "send nothing until resumed"],
    ["resume", "send again; interests look back one period"],
    ["export", "everything that is stored about the reader"],
    ["delete", "delete the reader and everything about them"],
  ] as const) {
    reader
      .command(name)
      .argument("<email>")
      .option("--now <iso>", "the product's clock for this command")
      .option(...json)
      .description(what)
      .action(async (email: string, options) =>
        (await import("../reader.ts")).readerCommand(name, email, options),
      );
  }

  reader
    .command("channel")
    .argument("<email>")
    .argument("<channel>", "mail, slack, discord, telegram, matrix or webhook")
    .argument("[address]", "the URL that the channel's own page gives you")
    .option(...json)
    .description("where the reader's digests go: the mail box, or a chat room or program")
    .action(async (email: string, channel: string, address: string | undefined, options) =>
      (await import("../reader-channel.ts")).readerChannel(email, channel, address, options),
    );

  const subscription = program.command("subscription").description("named interests");
  subscription
    .command("list")
    .argument("<email>")
    .option(...json)
    .description("a reader's interests")
    .action(async (email: string, options) =>
      (await import("../subscription.ts")).listSubscriptions(email, options),
    );
  subscription
    .command("preview")
    .argument("<query>")
    .option("--days <n>", "how far to look back", "7")
    .option("--now <iso>", "the product's clock for this command")
    .option(...json)
    .description("what a query would have matched: how many a day, which, and why")
    .action(async (query: string, options) =>
      (await import("../subscription.ts")).previewQuery(query, options),
    );
  subscription
    .command("remove")
    .argument("<email>")
    .argument("<name>")
    .option(...json)
    .description("drop an interest")
    .action(async (email: string, name: string, options) =>
      (await import("../subscription.ts")).removeSubscription(email, name, options),
    );

  program
    .command("digest")
    .argument("<email>")
    .option("--dry-run", "show what the next mail would be, and change nothing")
    .option("--now <iso>", "the product's clock stands at this instant")
    .option(...json)
    .description("send a reader's digest now, using up the current period, or show it")
    .action(async (email: string, options) => (await import("../digest.ts")).digestCommand(email, options));

  program
    .command("why")
    .argument("<email>")
    .argument("<paper>", "an id, an arXiv id or a DOI")
    .option(...json)
    .description("the whole trail of a paper towards a reader, or the reason it did not arrive")
    .action(async (email: string, paper: string, options) =>
      (await import("../why.ts")).why(email, paper, options),
    );
}
