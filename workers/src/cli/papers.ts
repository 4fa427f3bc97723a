import { PermanentError, parseArxivId, parseDoi, UsageError } from "@paperwire/core";
import { type Db, digests, merges, papers } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { splitPaper as splitPaperOf } from "../archive/merging.ts";
import { searchPapers as searchArchive } from "../archive/search.ts";
import { printable } from "./output.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

interface ListOptions extends Common {
  readonly limit: string;
  readonly cursor?: string;
  readonly topic?: string;
}

/** One page, and the cursor of the next one. */
export async function listPapers(options: ListOptions): Promise<void> {
  const limit = parseLimit(options.limit);
  await withContext(options, async ({ db }, output) => {
    const page = await papers.page(
      db,
      limit,
      parseCursor(options.cursor),
      options.topic === undefined ? {} : { topic: options.topic },
    );
    await print(db, page, output);
    const last = page.at(-1);
    if (page.length === limit && last !== undefined)
      output.say(`More: paperwire papers list --cursor ${cursorOf(last)}`);
    if (page.length === 0) output.say("There are no papers. Add a source, then run: paperwire drain");
  });
}

export async function searchPapers(query: string, options: Common & { limit: string }): Promise<void> {
  if (query.trim() === "") throw new UsageError("Say what to search for.");
  await withContext(options, async ({ db }, output) => {
    const found = await searchArchive(db, query, parseLimit(options.limit));
    await print(db, found, output);
    if (found.length === 0) output.say("Nothing was found.");
  });
}

export async function showPaper(text: string, options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const id = await mustResolve(db, text);
    const paper = await papers.findById(db, id);
    if (paper === undefined) throw new PermanentError(`There is no paper "${text}".`);
    const [card] = await digests.cardsOf(db, [id]);
    if (card === undefined) throw new PermanentError(`There is no paper "${text}".`);
    const keys = (await papers.keysOf(db, [id])).get(id) ?? [];
    const versions = await papers.versionsOf(db, id);
    const listings = await papers.listingsOf(db, id);
    const history = await papers.eventsOf(db, id);
    const decisions = await merges.ofPaper(db, id);
    output.result({
      ...publicPaper(card, keys, versions.length),
      ...clean({
        abstract: paper.abstract,
        authors: paper.authors,
        categories: paper.categories,
        published: paper.published?.toISOString(),
        updated: paper.updated?.toISOString(),
        doi: paper.doi,
        journalRef: paper.journalRef,
        license: paper.license,
        votes: paper.votes,
        pickedBy: paper.pickedBy,
        trend: paper.trend,
        withdrawnAt: paper.withdrawnAt?.toISOString(),
      }),
      versionList: versions.map((one) =>
        clean({ home: one.home, version: one.version, at: one.at?.toISOString(), changed: one.changed }),
      ),
      listings: listings.map((one) =>
        clean({
          source: one.sourceId,
          key: one.key,
          announceType: one.announceType,
          announcedOn: one.announcedOn,
          firstSeen: one.firstSeen.toISOString(),
        }),
      ),
      history: history.map(({ type, at, data }) => ({ type, at: at.toISOString(), data })),
      merges: decisions.map((one) =>
        clean({
          kept: one.kept,
          gone: one.gone,
          state: one.state,
          probability: one.probability,
          because: one.because,
        }),
      ),
    });
    output.say(printable(paper.title));
    output.say(paper.authors.map((author) => printable(author.name)).join(", "));
    output.say(`${keys.join("  ")}  first seen ${paper.firstSeen.toISOString()}`);
    output.say(`Topics: ${card.topics.join(", ") || "none"}`);
    for (const home of card.homes ?? []) output.say(`Home: ${home.home} ${home.url ?? ""}`);
    for (const one of versions)
      output.say(
        `v${one.version} at ${one.home}${one.changed.length > 0 ? `, changed: ${one.changed.join(", ")}` : ""}`,
      );
    for (const one of history)
      output.say(`${one.at.toISOString()} ${one.type} ${printable(JSON.stringify(one.data).slice(0, 160))}`);
    for (const one of decisions)
      output.say(
        `${one.state} with ${one.kept === id ? one.gone : one.kept}: ${one.because.map(printable).join(" ")}`,
      );
  });
}

export async function splitPaper(text: string, options: Common & { now?: string }): Promise<void> {
  await withContext(options, async ({ db, clock }, output) => {
    const id = await mustResolve(db, text);
    const now = parseNow(options.now) ?? clock.now();
    const done = await splitPaperOf(db, id, now);
    if (done === undefined)
      throw new PermanentError(`"${text}" was never merged with another paper; there is nothing to undo.`);
    output.result(done);
    output.say(
      `${done.gone} is a paper of its own again, apart from ${done.kept}. They will not be merged again.`,
    );
  });
}

/** The id behind an id, an arXiv id or a DOI as people type them. @throws PermanentError when it leads nowhere. */
export async function mustResolve(db: Db, text: string): Promise<string> {
  const arxiv = parseArxivId(text);
  const doi = parseDoi(text);
  const id = await papers.resolve(db, [
    text,
    ...(arxiv === undefined ? [] : [`arxiv:${arxiv.id}`]),
    ...(doi === undefined ? [] : [`doi:${doi}`]),
  ]);
  if (id === undefined)
    throw new PermanentError(`There is no paper "${text}". Give an id, an arXiv id or a DOI.`);
  return id;
}

export function publicPaper(
  card: PaperCard,
  keys: readonly string[],
  versions: number,
): Record<string, unknown> {
  return {
    id: card.id,
    title: card.title,
    keys,
    firstSeen: card.firstSeen.toISOString(),
    versions,
    homes: card.homes.map((home) => clean({ home: home.home, url: home.url })),
    topics: card.topics,
  };
}

async function print(
  db: Db,
  cards: readonly PaperCard[],
  output: Parameters<Parameters<typeof withContext>[1]>[1],
): Promise<void> {
  const keys = await papers.keysOf(
    db,
    cards.map((card) => card.id),
  );
  const versions = await papers.countVersions(
    db,
    cards.map((card) => card.id),
  );
  for (const card of cards) {
    output.result(publicPaper(card, keys.get(card.id) ?? [], versions.get(card.id) ?? 0));
    output.say(`${(keys.get(card.id)?.[0] ?? card.id).padEnd(20)}  ${printable(card.title)}`);
  }
}

export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new UsageError(`--limit ${text} cannot be used: give 1 to 1000.`);
  return limit;
}

export function cursorOf(card: PaperCard): string {
  return Buffer.from(`${card.firstSeen.toISOString()} ${card.id}`).toString("base64url");
}

export function parseCursor(text: string | undefined): papers.PageCursor | undefined {
  if (text === undefined) return undefined;
  const [at = "", id = ""] = Buffer.from(text, "base64url").toString("utf8").split(" ");
  const firstSeen = new Date(at);
  if (Number.isNaN(firstSeen.getTime()) || !/^[0-9a-f-]{36}$/.test(id))
    throw new UsageError("That cursor is not one of ours; start again without --cursor.");
  return { firstSeen, id };
}
