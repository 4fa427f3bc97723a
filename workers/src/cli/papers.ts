import { PermanentError, parseArxivId, parseDoi, UsageError } from "@paperwire/core";
import { type Db, digests, merges, papers, topics } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { splitPaper as splitPaperOf } from "../archive/merging.ts";
import { searchPapers as searchArchive } from "../archive/search.ts";
import { keyPhrases } from "../classify/word-vectors.ts";
import { type Output, printable } from "./output.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

interface ListOptions extends Common {
  readonly limit: string;
  readonly cursor?: string;
  readonly topic?: string;
}

/** One page. Every line carries the cursor after which the next page goes on. */
export async function listPapers(options: ListOptions): Promise<void> {
  const limit = parseLimit(options.limit);
  await withContext(options, async ({ db }, output) => {
    const page = await papers.page(
      db,
      limit,
      parseCursor(options.cursor),
      options.topic === undefined ? {} : { topic: options.topic },
    );
    await print(db, page, output, (card) => ({ cursor: cursorOf(card) }));
    const last = page.at(-1);
    if (page.length === limit && last !== undefined)
      output.say(
        `More: paperwire papers list --limit ${limit}${options.topic === undefined ? "" : ` --topic ${options.topic}`} --cursor ${cursorOf(last)}`,
      );
    if (page.length === 0) output.say("There are no papers. Add a source, then run: paperwire drain");
  });
}

export async function searchPapers(query: string, options: Common & { limit: string }): Promise<void> {
  if (query.trim() === "") throw new UsageError("Say what to search for.");
  await withContext(options, async ({ db, settings }, output) => {
    const found = await searchArchive(db, query, parseLimit(options.limit), {
      embeddingsUrl: settings.EMBEDDINGS_URL,
      onNote: (sentence) => process.stderr.write(`${sentence}\n`),
    });
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
    const about = keyPhrases(card);
    const labels = await topics.labelsOf(db, [id]);
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
      keyPhrases: about,
      labels: labels.map(({ topic, classifier, version, confidence }) => ({
        topic,
        classifier,
        version,
        confidence,
      })),
      versionList: versions.map((one, at) =>
        clean({
          home: one.home,
          version: one.version,
          at: one.at?.toISOString(),
          changed: one.changed,
          changes: one.changed.length === 0 ? undefined : changesOf(versions[at - 1], one),
        }),
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
    output.say(`Topics: ${labels.map(labelLine).join(", ") || "none"}`);
    if (about.length > 0) output.say(`Key phrases: ${about.map(printable).join(", ")}`);
    if (paper.withdrawnAt !== null) output.say(`Withdrawn ${paper.withdrawnAt.toISOString()}`);
    if (paper.pickedBy.length > 0) output.say(`Picked by ${paper.pickedBy.map(printable).join(", ")}`);
    if (card.votes > 0) output.say(`Votes: ${card.votes}`);
    for (const home of card.homes ?? []) output.say(`Home: ${home.home} ${home.url ?? ""}`);
    for (const [at, one] of versions.entries()) {
      const was = versions[at - 1];
      const title =
        one.changed.includes("title") && was?.home === one.home
          ? `; the title was “${printable(was.title)}”`
          : "";
      output.say(
        `v${one.version} at ${one.home}${one.changed.length > 0 ? `, changed: ${one.changed.join(", ")}${title}` : ""}`,
      );
    }
    for (const one of history)
      output.say(`${one.at.toISOString()} ${one.type} ${printable(JSON.stringify(one.data).slice(0, 160))}`);
    for (const one of decisions)
      output.say(
        `${one.state} with ${one.kept === id ? one.gone : one.kept}: ${one.because.map(printable).join(" ")}`,
      );
  });
}

type Version = Awaited<ReturnType<typeof papers.versionsOf>>[number];

/** What stood in the version before at the same home, and what stands in this one, for each field that changed. */
function changesOf(before: Version | undefined, now: Version): Record<string, unknown> {
  const was = before?.home === now.home ? before : undefined;
  const of = (version: Version | undefined, field: string) =>
    field === "title"
      ? version?.title
      : field === "abstract"
        ? version?.abstract
        : field === "authors"
          ? version?.authors.map(({ name }) => name)
          : undefined;
  return Object.fromEntries(
    now.changed.map((field) => [field, clean({ from: of(was, field), to: of(now, field) })]),
  );
}

function labelLine({
  topic,
  classifier,
  confidence,
}: {
  topic: string;
  classifier: string;
  confidence: number;
}) {
  return classifier === "arxiv" || confidence === 1
    ? topic
    : `${topic} (${classifier}, ${(confidence * 100).toFixed(0)} %)`;
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
  output: Output,
  more: (card: PaperCard) => Record<string, unknown> = () => ({}),
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
    output.result({
      ...publicPaper(card, keys.get(card.id) ?? [], versions.get(card.id) ?? 0),
      ...more(card),
    });
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
