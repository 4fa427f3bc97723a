import type { Listing } from "@paperwire/core";
import { readPayload } from "../sources/read.ts";
import { createOutput, printable } from "./output.ts";
import { payloadOf } from "./payload-files.ts";
import type { Common } from "./run-command.ts";

/** Says what payloads hold. A bad file is a result like any other; the exit code is 1 when there was one. */
export async function readFiles(
  files: readonly string[],
  options: Common & { kind?: string },
): Promise<void> {
  const output = createOutput(options.json === true);
  let bad = 0;
  for (const file of files) {
    try {
      const { kind, reading } = readPayload(await payloadOf(file), options.kind);
      const { title, url, listings, warnings } = reading;
      output.result({
        file,
        kind,
        ...(title === undefined ? {} : { title }),
        ...(url === undefined ? {} : { url }),
        listings,
        warnings,
      });
      output.say(
        `${file}: ${kind}, ${listings.length} listings${title === undefined ? "" : `, “${printable(title)}”`}`,
      );
      for (const listing of listings) output.say(`  ${lineOf(listing)}`);
      for (const warning of warnings)
        output.say(
          `  ! ${warning.at === undefined ? "" : `${printable(warning.at)}: `}${printable(warning.message)}`,
        );
    } catch (error) {
      bad += 1;
      const message = error instanceof Error ? error.message : String(error);
      output.result({ file, kind: options.kind ?? "unknown", listings: [], warnings: [], error: message });
      output.say(`${file}: ${printable(message)}`);
    }
  }
  if (bad > 0) process.exitCode = 1;
}

function lineOf(listing: Listing): string {
  const id =
    listing.arxivId === undefined
      ? listing.key
      : `${listing.arxivId}${listing.version === undefined ? "" : `v${listing.version}`}`;
  return printable([id, listing.announceType, listing.title].filter((part) => part !== undefined).join("  "));
}
