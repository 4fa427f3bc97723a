import type { Command } from "commander";
import { json } from "./options.ts";

/** The commands about what needs a person. */
export function troubleCommands(program: Command): void {
  const failed = program.command("failed").description("work that ended in failure");
  failed
    .command("list")
    .option(...json)
    .description("newest first, with what to do")
    .action(async (options) => (await import("../failed.ts")).listFailed(options));
  for (const name of ["retry", "discard"] as const) {
    failed
      .command(name)
      .argument("[id...]", name === "retry" ? "all when none is named" : "which")
      .option(...json)
      .description(name === "retry" ? "try it again" : "give it up")
      .action(async (ids: string[], options) =>
        (await import("../failed.ts")).changeFailed(name, ids, options),
      );
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
    .action(async (options) => (await import("../delivery.ts")).listDeliveries(options));
  for (const name of ["accept", "resend"] as const) {
    delivery
      .command(name)
      .argument("<id...>", "uncertain deliveries")
      .option(...json)
      .description(name === "accept" ? "they have gone out" : "they have not: send them again")
      .action(async (ids: string[], options) =>
        (await import("../delivery.ts")).decideDeliveries(name, ids, options),
      );
  }

  const suppression = program.command("suppression").description("addresses that get no mail");
  suppression
    .command("list")
    .option(...json)
    .description("newest first, with the reason")
    .action(async (options) => (await import("../suppression.ts")).listSuppressions(options));
  suppression
    .command("remove")
    .argument("<address>")
    .option(...json)
    .description("write to it again")
    .action(async (address: string, options) =>
      (await import("../suppression.ts")).removeSuppression(address, options),
    );

  program
    .command("reconcile")
    .option(...json)
    .description("re-derive every missing job from the database")
    .action(async (options) => (await import("../failed.ts")).reconcileCommand(options));
}
