import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { reportFailure } from "./run-command.ts";

/** A command line option that every command takes. */
const json = ["--json", "answer in JSON on stdout (logs stay on stderr)"] as const;

const program = new Command("paperwire")
  .description(
    "A wire service for new research: watches where papers appear, mails each reader the few that matter.",
  )
  .version(version)
  .showHelpAfterError("(add --help for examples)")
  .exitOverride();

program
  .command("up")
  .argument(
    "[worker...]",
    "fetch, ingest, classify, match, digest, deliver, publish, web; all when none is named",
  )
  .description("run the workers until stopped")
  .option("--now <iso>", "start the product's clock at this instant; it ticks on from there")
  .option(...json)
  .addHelpText(
    "after",
    "\nExamples:\n  paperwire up\n  paperwire up match digest\n  paperwire up --now 2026-06-08T06:00:00Z",
  )
  .action(async (workers: string[], options) => (await import("./up.ts")).up(workers, options));

program
  .command("drain")
  .description("poll what is due, run every stage until nothing is left, send what is due, exit")
  .option("--now <iso>", "the product's clock stands at this instant")
  .option(...json)
  .addHelpText("after", "\nExamples:\n  paperwire drain\n  paperwire drain --now 2026-06-08T06:00:00Z --json")
  .action(async (options) => (await import("./drain.ts")).drainCommand(options));

program
  .command("demo")
  .description("load the bundled samples into a home of their own, mail four readers, show the result")
  .option("--exit", "end when the mails are written instead of keeping the page up")
  .option(...json)
  .addHelpText("after", "\nExamples:\n  paperwire demo\n  paperwire demo --exit --json")
  .action(async (options) => (await import("./demo.ts")).demo(options));

program
  .command("migrate")
  .description("bring the database's schema up to date")
  .option(...json)
  .action(async (options) => (await import("./migrate.ts")).migrate(options));

program
  .command("doctor")
  .description("check every dependency and setting, and say how to mend each")
  .option("--no-dns", "leave out the look-ups for SPF, DKIM and DMARC")
  .option(...json)
  .action(async (options) => (await import("./doctor.ts")).doctor(options));

program
  .command("status")
  .description("queues, lag, sources and deliveries at a glance")
  .option(...json)
  .action(async (options) => (await import("./status.ts")).status(options));

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
    "\nExamples:\n  paperwire source add https://rss.arxiv.org/rss/cs.CL\n  paperwire source add https://example.org/feed.xml --id example --every 120",
  )
  .action(async (url: string, options) => (await import("./source-add.ts")).addSource(url, options));
source
  .command("list")
  .option(...json)
  .description("every source, with its last answer")
  .action(async (options) => (await import("./source.ts")).listSources(options));
source
  .command("show")
  .argument("<id>")
  .option(...json)
  .description("one source and its latest polls")
  .action(async (id: string, options) => (await import("./source.ts")).showSource(id, options));
source
  .command("poll")
  .argument("<id>")
  .option("--now <iso>", "the product's clock stands at this instant")
  .option(...json)
  .description("ask it now, and ingest what it says")
  .action(async (id: string, options) => (await import("./source.ts")).pollSource(id, options));
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
    .action(async (id: string, options) => (await import("./source.ts")).changeSource(name, id, options));
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
  .action(async (files: string[], options) => (await import("./ingest.ts")).ingestFiles(files, options));

program
  .command("read")
  .argument("<file...>", "payloads; - is stdin")
  .option("--kind <kind>", "what the files are; detected when left out")
  .option(...json)
  .description("say what payloads hold, without a database: one result per file")
  .addHelpText("after", "\nExamples:\n  paperwire read feed.xml\n  paperwire read --json feeds/*.xml")
  .action(async (files: string[], options) => (await import("./read.ts")).readFiles(files, options));

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
  .action(async (options) => (await import("./papers.ts")).listPapers(options));
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
  .action(async (query: string, options) => (await import("./papers.ts")).searchPapers(query, options));
papers
  .command("show")
  .argument("<id>", "an id, an arXiv id or a DOI")
  .option(...json)
  .description("one paper with its versions, homes, topics and history")
  .action(async (id: string, options) => (await import("./papers.ts")).showPaper(id, options));
papers
  .command("split")
  .argument("<id>")
  .option("--now <iso>", "the product's clock for this command")
  .option(...json)
  .description("undo the newest merge into a paper")
  .action(async (id: string, options) => (await import("./papers.ts")).splitPaper(id, options));

papers
  .command("candidates")
  .option("--limit <n>", "how many", "50")
  .option(...json)
  .description("pairs that may be one paper, for a person to decide")
  .addHelpText(
    "after",
    "\nExamples:\n  paperwire papers candidates\n  paperwire papers merge ID ID\n  paperwire papers apart ID ID",
  )
  .action(async (options) => (await import("./papers-decide.ts")).listCandidates(options));
papers
  .command("merge")
  .argument("<id>", "an id, an arXiv id or a DOI")
  .argument("<other>")
  .option("--now <iso>", "the product's clock for this command")
  .option(...json)
  .description("say that two papers are one")
  .action(async (id: string, other: string, options) =>
    (await import("./papers-decide.ts")).joinPapers(id, other, options),
  );
papers
  .command("apart")
  .argument("<id>", "an id, an arXiv id or a DOI")
  .argument("<other>")
  .option("--now <iso>", "the product's clock for this command")
  .option(...json)
  .description("say that a candidate pair is two papers")
  .action(async (id: string, other: string, options) =>
    (await import("./papers-decide.ts")).keepApart(id, other, options),
  );
papers
  .command("pick")
  .argument("<id>", "an id, an arXiv id or a DOI")
  .requiredOption("--by <name>", "the curator, as readers see it")
  .option("--now <iso>", "the product's clock for this command")
  .option(...json)
  .description("mark a paper as a curator's pick: it trends, and readers whose interests it meets may get it")
  .addHelpText("after", "\nExamples:\n  paperwire papers pick 2606.01234 --by AK")
  .action(async (id: string, options) => (await import("./papers-decide.ts")).pick(id, options));

const collect = (value: string, previous: string[]) => [...previous, value];
const topics = program
  .command("topics")
  .description("what papers are about: arXiv's categories and your own topics");
topics
  .command("list")
  .option(...json)
  .description("your own topics, then those in use")
  .action(async (options) => (await import("./topics.ts")).listTopics(options));
topics
  .command("show")
  .argument("<name>")
  .option(...json)
  .description("one topic: what defines it, how many papers have it and why, and the newest")
  .action(async (name: string, options) => (await import("./topics.ts")).showTopic(name, options));
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
  .action(async (name: string, options) => (await import("./topics.ts")).addTopic(name, options));
topics
  .command("remove")
  .argument("<name>")
  .option(...json)
  .description("drop one of your own topics and its labels")
  .action(async (name: string, options) => (await import("./topics.ts")).removeTopic(name, options));
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
  .action(async (options) => (await import("./topics.ts")).trainModel(options));
topics
  .command("eval")
  .option("--corpus <file>", "JSON lines to judge on, also gzip (repeatable)", collect, [])
  .option("--model <file>", "a written model, or `bundled`; the one in use when left out")
  .option(...json)
  .description("how often the model is right")
  .addHelpText("after", "\nExamples:\n  paperwire topics eval --corpus held-out.jsonl --model model.bin")
  .action(async (options) => (await import("./topics.ts")).evalModel(options));

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
  .action(async (email: string, options) => (await import("./subscribe.ts")).subscribe(email, options));

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
      (await import("./reader.ts")).readerCommand(name, email, options),
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
    (await import("./reader-channel.ts")).readerChannel(email, channel, address, options),
  );

const subscription = program.command("subscription").description("named interests");
subscription
  .command("list")
  .argument("<email>")
  .option(...json)
  .description("a reader's interests")
  .action(async (email: string, options) =>
    (await import("./subscription.ts")).listSubscriptions(email, options),
  );
subscription
  .command("preview")
  .argument("<query>")
  .option("--days <n>", "how far to look back", "7")
  .option("--now <iso>", "the product's clock for this command")
  .option(...json)
  .description("what a query would have matched: how many a day, which, and why")
  .action(async (query: string, options) => (await import("./subscription.ts")).previewQuery(query, options));
subscription
  .command("remove")
  .argument("<email>")
  .argument("<name>")
  .option(...json)
  .description("drop an interest")
  .action(async (email: string, name: string, options) =>
    (await import("./subscription.ts")).removeSubscription(email, name, options),
  );

program
  .command("digest")
  .argument("<email>")
  .option("--dry-run", "show what the next mail would be, and change nothing")
  .option("--now <iso>", "the product's clock stands at this instant")
  .option(...json)
  .description("send a reader's digest now, using up the current period, or show it")
  .action(async (email: string, options) => (await import("./digest.ts")).digestCommand(email, options));

program
  .command("why")
  .argument("<email>")
  .argument("<paper>", "an id, an arXiv id or a DOI")
  .option(...json)
  .description("the whole trail of a paper towards a reader, or the reason it did not arrive")
  .action(async (email: string, paper: string, options) =>
    (await import("./why.ts")).why(email, paper, options),
  );

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
  .action(async (options) => (await import("./receipts.ts")).listReceipts(options));

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
  .action(async (name: string, options) => (await import("./consumer.ts")).addConsumer(name, options));
consumer
  .command("list")
  .option(...json)
  .description("consumers and how far they are")
  .action(async (options) => (await import("./consumer.ts")).listConsumers(options));
consumer
  .command("remove")
  .argument("<name>")
  .option(...json)
  .description("stop feeding it")
  .action(async (name: string, options) => (await import("./consumer.ts")).removeConsumer(name, options));
consumer
  .command("replay")
  .argument("<name>")
  .requiredOption("--from <cursor>", "send everything after this cursor again")
  .option(...json)
  .description("move a consumer back")
  .action(async (name: string, options) => (await import("./consumer.ts")).replayConsumer(name, options));

program
  .command("events")
  .option("--after <cursor>", "start after this cursor", "0")
  .option("--limit <n>", "most events", "1000")
  .option("--follow", "wait for more")
  .option(...json)
  .description("what happened to papers, in order: one event per line")
  .action(async (options) => (await import("./events.ts")).eventsCommand(options));

const failed = program.command("failed").description("work that ended in failure");
failed
  .command("list")
  .option(...json)
  .description("newest first, with what to do")
  .action(async (options) => (await import("./failed.ts")).listFailed(options));
for (const name of ["retry", "discard"] as const) {
  failed
    .command(name)
    .argument("[id...]", name === "retry" ? "all when none is named" : "which")
    .option(...json)
    .description(name === "retry" ? "try it again" : "give it up")
    .action(async (ids: string[], options) => (await import("./failed.ts")).changeFailed(name, ids, options));
}

const delivery = program.command("delivery").description("mails, and those nobody knows the fate of");
delivery
  .command("list")
  .option(
    "--state STATE",
    "pending, claimed, deferred, accepted, rejected, uncertain or skipped",
    "uncertain",
  )
  .option(...json)
  .description("newest first, with what to do")
  .action(async (options) => (await import("./delivery.ts")).listDeliveries(options));
for (const name of ["accept", "resend"] as const) {
  delivery
    .command(name)
    .argument("<id...>", "uncertain deliveries")
    .option(...json)
    .description(name === "accept" ? "they have gone out" : "they have not: send them again")
    .action(async (ids: string[], options) =>
      (await import("./delivery.ts")).decideDeliveries(name, ids, options),
    );
}

const suppression = program.command("suppression").description("addresses that get no mail");
suppression
  .command("list")
  .option(...json)
  .description("newest first, with the reason")
  .action(async (options) => (await import("./suppression.ts")).listSuppressions(options));
suppression
  .command("remove")
  .argument("<address>")
  .option(...json)
  .description("write to it again")
  .action(async (address: string, options) =>
    (await import("./suppression.ts")).removeSuppression(address, options),
  );

program
  .command("reconcile")
  .option(...json)
  .description("re-derive every missing job from the database")
  .action(async (options) => (await import("./failed.ts")).reconcileCommand(options));

// A reader that has seen enough (`paperwire read … | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const wantsJson = process.argv.includes("--json");
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = reportFailure(error, wantsJson);
}
