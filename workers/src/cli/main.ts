import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { downstreamCommands } from "./commands/downstream.ts";
import { lineCommands } from "./commands/line.ts";
import { papersCommands } from "./commands/papers.ts";
import { readersCommands } from "./commands/readers.ts";
import { sourcesCommands } from "./commands/sources.ts";
import { topicsCommands } from "./commands/topics.ts";
import { troubleCommands } from "./commands/trouble.ts";
import { reportFailure } from "./run-command.ts";

const program = new Command("paperwire")
  .description(
    "A wire service for new research: watches where papers appear, mails each reader the few that matter.",
  )
  .version(version)
  .showHelpAfterError("(add --help for examples)")
  .exitOverride();

// In the order of the help.
for (const add of [
  lineCommands,
  sourcesCommands,
  papersCommands,
  topicsCommands,
  readersCommands,
  downstreamCommands,
  troubleCommands,
])
  add(program);

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
