import { PermanentError, UsageError } from "@paperwire/core";
import { merges } from "@paperwire/db";
import { mergePapers } from "../archive/merging.ts";
import { pickPaper } from "../archive/picking.ts";
import { printable } from "./output.ts";
import { mustResolve, parseLimit } from "./papers.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

interface AtNow extends Common {
  readonly now?: string;
}

/** Pairs below certainty, the most probable first: one line per pair. */
export async function listCandidates(options: Common & { limit: string }): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const pairs = await merges.candidates(db, parseLimit(options.limit));
    for (const { kept, gone, probability, because, at, titles } of pairs) {
      output.result({ papers: [kept, gone], titles, probability, because, at: at.toISOString() });
      output.say(`${(probability * 100).toFixed(0).padStart(3)} %  ${kept}  ${printable(titles[0] ?? "")}`);
      output.say(`       ${gone}  ${printable(titles[1] ?? "")}`);
      output.say(`       ${because.map(printable).join(" ")}`);
    }
    if (pairs.length === 0) output.say("No pair waits for a decision.");
  });
}

export async function joinPapers(text: string, other: string, options: AtNow): Promise<void> {
  await withContext(options, async ({ db, clock }, output) => {
    const [a, b] = [await mustResolve(db, text), await mustResolve(db, other)];
    const done = await mergePapers(db, a, b, parseNow(options.now) ?? clock.now());
    output.result(done);
    output.say(`${done.gone} is part of ${done.kept} now. Undo it with: paperwire papers split ${done.kept}`);
  });
}

export async function keepApart(text: string, other: string, options: AtNow): Promise<void> {
  await withContext(options, async ({ db, clock }, output) => {
    const [a, b] = [await mustResolve(db, text), await mustResolve(db, other)];
    const now = parseNow(options.now) ?? clock.now();
    const done = await db.transaction().execute((trx) => merges.reject(trx, a, b, now));
    if (!done)
      throw new PermanentError(
        `"${text}" and "${other}" are no candidate pair. See: paperwire papers candidates`,
      );
    output.result({ apart: [a, b] });
    output.say("They are two papers, and stay so.");
  });
}

export async function pick(text: string, options: AtNow & { by: string }): Promise<void> {
  const by = printable(options.by).trim();
  if (by === "" || by.length > 80)
    throw new UsageError("--by cannot be used: give the curator's name, at most 80 characters.");
  await withContext(options, async ({ db, clock }, output) => {
    const id = await mustResolve(db, text);
    const isNew = await pickPaper(db, id, by, parseNow(options.now) ?? clock.now());
    output.result({ paper: id, pickedBy: by, isNew });
    output.say(
      isNew ? `${by} picked ${id}. It may be mailed with the next drain.` : `${by} had picked ${id} already.`,
    );
  });
}
