import type { Command } from "commander";
import { json } from "./options.ts";

/** The commands about running the line. */
export function lineCommands(program: Command): void {
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
    .action(async (workers: string[], options) => (await import("../up.ts")).up(workers, options));

  program
    .command("drain")
    .description("poll what is due, run every stage until nothing is left, send what is due, exit")
    .option("--now <iso>", "the product's clock stands at this instant")
    .option(...json)
    .addHelpText(
      "after",
      "\nExamples:\n  paperwire drain\n  paperwire drain --now 2026-06-08T06:00:00Z --json",
    )
    .action(async (options) => (await import("../drain.ts")).drainCommand(options));

  program
    .command("demo")
    .description("load the bundled samples into a home of their own, mail four readers, show the result")
    .option("--exit", "end when the mails are written instead of keeping the page up")
    .option(...json)
    .addHelpText("after", "\nExamples:\n  paperwire demo\n  paperwire demo --exit --json")
    .action(async (options) => (await import("../demo.ts")).demo(options));

  program
    .command("migrate")
    .description("bring the database's schema up to date")
    .option(...json)
    .action(async (options) => (await import("../migrate.ts")).migrate(options));

  program
    .command("doctor")
    .description("check every dependency and setting, and say how to mend each")
    .option("--no-dns", "leave out the look-ups for SPF, DKIM and DMARC")
    .option(...json)
    .action(async (options) => (await import("../doctor.ts")).doctor(options));

  program
    .command("status")
    .description("queues, lag, sources and deliveries at a glance")
    .option(...json)
    .action(async (options) => (await import("../status.ts")).status(options));
}
