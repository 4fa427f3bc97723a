import { whyFor } from "../readers/why.ts";
import { printable } from "./output.ts";
import { mustFindReader } from "./reader.ts";
import { type Common, withContext } from "./run-command.ts";

/** The whole trail of a paper towards a reader, or the reason why it did not arrive. */
export async function why(email: string, paper: string, options: Common): Promise<void> {
  await withContext(options, async (context, output) => {
    const told = await whyFor(context, await mustFindReader(context, email), paper);
    output.result(told);
    if (told.paper !== undefined) output.say(printable(told.paper.title));
    output.say(`${told.verdict}: ${printable(told.because)}`);
    output.table(
      told.trail.map(({ at, what, detail }) => [at.slice(0, 16).replace("T", " "), what, printable(detail)]),
    );
  });
}
