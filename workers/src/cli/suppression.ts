import { suppressions } from "@paperwire/db";
import { type Common, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

export async function listSuppressions(options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const all = await suppressions.list(db, 1000);
    for (const { at, detail, ...one } of all) {
      output.result(clean({ ...one, detail: detail ?? undefined, at: at.toISOString() }));
      output.say(`${one.address}  ${one.because}  ${detail ?? ""}  since ${at.toISOString().slice(0, 10)}`);
    }
    output.say(
      all.length === 0
        ? "Every address may be written to."
        : "Write to one again: paperwire suppression remove ADDRESS",
    );
  });
}

export async function removeSuppression(address: string, options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const isRemoved = await suppressions.remove(db, address);
    output.result({ address, removed: isRemoved });
    output.say(
      isRemoved ? `${address} is written to again from the next digest on.` : `${address} is not suppressed.`,
    );
    if (!isRemoved) process.exitCode = 1;
  });
}
