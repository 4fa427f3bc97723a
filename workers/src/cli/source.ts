import { PermanentError } from "@paperwire/core";
import { fetches, hubSubscriptions, outbox, receipts, sources } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { neverAsked } from "@paperwire/db/sources.ts";
import { type PushState, pushSentence, pushStateOf } from "../push-state.ts";
import { chunk } from "../runtime/chunk.ts";
import type { Context } from "../runtime/context.ts";
import { drain } from "../runtime/drain.ts";
import { standingClock } from "../runtime/product-clock.ts";
import { printable } from "./output.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";
import { shownUrl } from "./shown-url.ts";

export async function listSources(options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const all = await sources.list(db);
    const pushed = new Map((await hubSubscriptions.listWanted(db)).map((one) => [one.sourceId, one]));
    const pushOf = (source: Source) => pushStateOf(source, pushed.get(source.id));
    for (const source of all) output.result(publicSource(source, pushOf(source)));
    if (all.length === 0)
      output.say("There are no sources. Add one: paperwire source add https://rss.arxiv.org/rss/cs.CL");
    else
      output.table(
        all.map((source) => [
          source.id,
          source.kind,
          stateOf(source),
          source.lastSuccessAt?.toISOString() ?? "never",
          pushOf(source)?.state ?? "",
          shownUrl(source.url),
        ]),
        ["id", "kind", "state", "last answer", "push", "address"],
      );
  });
}

export async function showSource(id: string, options: Common): Promise<void> {
  await withContext(options, async ({ db, clock }, output) => {
    const source = await mustFind(db, id);
    const polls = await fetches.latest(db, id, 10);
    const push = pushStateOf(source, await hubSubscriptions.findWanted(db, id));
    output.result({
      ...publicSource(source, push),
      polls: polls.map(({ at, outcome, status, sentence, summary, bytes }) =>
        clean({ at: at.toISOString(), outcome, status, sentence, bytes, summary }),
      ),
    });
    output.say(`${source.id}  ${source.kind}  ${stateOf(source)}`);
    output.say(shownUrl(source.url));
    if (source.lastError !== null) output.say(`Last trouble: ${printable(source.lastError)}`);
    output.say(`Next check: ${nextCheckOf(source, clock.now())}`);
    if (push !== undefined) output.say(`Push: ${printable(pushSentence(push))}`);
    if (polls.length === 0) return output.say("It was not polled yet.");
    output.table(
      polls.map((poll) => [
        poll.at.toISOString(),
        poll.outcome,
        poll.status ?? "",
        printable(poll.sentence ?? ""),
      ]),
      ["polled", "outcome", "status", ""],
    );
  });
}

function nextCheckOf({ pausedAt, nextFetchAt }: Source, now: Date): string {
  if (pausedAt !== null) return "none while it is paused";
  return nextFetchAt <= now ? "at the next drain, or at once while `up` runs" : nextFetchAt.toISOString();
}

export async function pollSource(id: string, options: Common & { now?: string }): Promise<void> {
  const clock = standingClock(parseNow(options.now) ?? new Date());
  await withContext({ ...options, clock, poolSize: 24 }, async (context, output) => {
    await mustFind(context.db, id);
    await context.db.transaction().execute((trx) => outbox.append(trx, "source.due", { sourceId: id }));
    const done = await drain(context, { onlyOpen: true });
    const after = await mustFind(context.db, id);
    output.result({ ...done, source: publicSource(after) });
    output.say(
      done.fetchFailed > 0
        ? `It could not be read: ${printable(after.lastError ?? "no reason was recorded")}`
        : `${done.listed} listed: ${done.newPapers} new papers, ${done.newVersions} new versions, ${done.known} known.`,
    );
    if (done.fetchFailed > 0 || done.failedJobs > 0) process.exitCode = 1;
  });
}

export async function changeSource(
  what: "pause" | "resume" | "remove",
  id: string,
  options: Common & { now?: string; env?: Record<string, string | undefined> },
): Promise<void> {
  await withContext(options, async ({ db, clock }, output) => {
    await mustFind(db, id);
    const now = parseNow(options.now) ?? clock.now();
    let released = 0;
    if (what === "remove") await sources.remove(db, id);
    else if (what === "pause")
      await sources.update(db, id, { pausedAt: now, pausedBecause: "an operator paused it" });
    else released = await resume(db, id);
    output.result({ id, done: what, ...(released > 0 ? { released } : {}) });
    output.say(
      {
        pause: `${id} is paused.`,
        resume: `${id} is asked again from now.${released > 0 ? ` ${released} papers that were held may be mailed.` : ""}`,
        remove: `${id} is gone; its papers stay.`,
      }[what],
    );
  });
}

/** Asks the source again, and lets go what was held back from it. Returns how many papers that were. */
async function resume(db: Context["db"], id: string): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const paperIds = await receipts.releaseHeld(trx, id);
    await outbox.appendAll(
      trx,
      "paper.ingested",
      chunk(paperIds, 200).map((some) => ({ paperIds: some })),
    );
    await sources.update(trx, id, {
      pausedAt: null,
      pausedBecause: null,
      heldAt: null,
      heldBecause: null,
      goneCount: 0,
      nextFetchAt: neverAsked,
      dueFor: null,
    });
    return paperIds.length;
  });
}

async function mustFind(db: Context["db"], id: string): Promise<Source> {
  const source = await sources.findById(db, id);
  if (source === undefined)
    throw new PermanentError(`There is no source "${id}". See them with: paperwire source list`);
  return source;
}

export function stateOf(source: Source): string {
  if (source.pausedAt !== null) return `paused: ${source.pausedBecause ?? "no reason was recorded"}`;
  if (source.heldBecause !== null) return `held: ${source.heldBecause}`;
  if (source.failures > 0) return `failing (${source.failures}): ${source.lastError ?? ""}`;
  return source.lastSuccessAt === null ? "not asked yet" : "ok";
}

export function publicSource(source: Source, push?: PushState): Record<string, unknown> {
  return clean({
    id: source.id,
    kind: source.kind,
    url: shownUrl(source.url),
    title: source.title,
    state:
      source.pausedAt === null
        ? source.failures > 0
          ? "failing"
          : source.lastSuccessAt === null
            ? "new"
            : "ok"
        : "paused",
    pausedBecause: source.pausedBecause,
    heldBecause: source.heldBecause,
    failures: source.failures,
    lastError: source.lastError,
    everyMinutes: source.everyMinutes,
    lastFetchAt: source.lastFetchAt?.toISOString(),
    lastSuccessAt: source.lastSuccessAt?.toISOString(),
    nextFetchAt: source.nextFetchAt.toISOString(),
    push,
  });
}

/** Absent values are left out, never null. */
export function clean(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined));
}
