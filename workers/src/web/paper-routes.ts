import { categoryName, parseArxivId, parseDoi, printQuery } from "@paperwire/core";
import { digests, papers, topics } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import type { FastifyInstance } from "fastify";
import { papersAbout, searchPapers } from "../archive/search.ts";
import { trendingPapers } from "../archive/trending.ts";
import { keyPhrases } from "../classify/word-vectors.ts";
import type { Context } from "../runtime/context.ts";
import { daySpan, monthSpan, type NamedSpan, weekSpan } from "./calendar.ts";
import { paperView } from "./paper-view.ts";
import { renderPage } from "./render.ts";
import { html, notFound } from "./replies.ts";

const perPage = 100;
export const commonZones: readonly string[] = Intl.supportedValuesOf("timeZone");

/** The archive for readers: by day, week, month, topic, words; and one paper. */
export function paperRoutes(app: FastifyInstance, context: Context): void {
  const { db, clock } = context;
  const help = {
    embeddingsUrl: context.settings.EMBEDDINGS_URL,
    onNote: (sentence: string) => context.log.warn({ outcome: "no embeddings" }, sentence),
  };
  const list = (heading: string, cards: readonly PaperCard[], view: Record<string, unknown> = {}, q = "") =>
    renderPage(
      "list",
      { title: heading, q },
      { heading, papers: cards.map(paperView), empty: "No papers here.", zones: commonZones, ...view },
    );

  app.get("/", async (_request, reply) => {
    const cards = await papers.page(db, perPage);
    const today = daySpan(clock.now().toISOString().slice(0, 10));
    return html(
      reply,
      list("New papers", cards, {
        subscribe: {},
        pager: today && pagerOf(today),
        empty: "No papers yet. Add a source: paperwire source add https://rss.arxiv.org/rss/cs.CL",
      }),
    );
  });
  const spanRoute = (path: string, spanOf: (text: string) => NamedSpan | undefined) =>
    app.get<{ Params: { name: string } }>(path, async (request, reply) => {
      const span = spanOf(request.params.name);
      if (span === undefined) return notFound(reply, "There is no such date.");
      const noted = await trendingPapers(db, span.from, span.to, perPage);
      const shown = new Set(noted.map(({ id }) => id));
      const all = await papers.page(db, 500, undefined, { from: span.from, to: span.to });
      const cards = [...noted, ...all.filter(({ id }) => !shown.has(id))];
      return html(
        reply,
        list(`Papers of ${span.label}`, cards, {
          pager: pagerOf(span),
          empty: `No papers were first seen in ${span.label}.`,
        }),
      );
    });
  spanRoute("/date/:name", daySpan);
  spanRoute("/week/:name", weekSpan);
  spanRoute("/month/:name", monthSpan);

  app.get("/trending", async (_request, reply) => {
    const now = clock.now();
    const cards = await trendingPapers(
      db,
      new Date(now.getTime() - 7 * 86_400_000),
      new Date(now.getTime() + 1),
      50,
    );
    return html(reply, list("Trending this week", cards, { empty: "Nothing has votes or picks this week." }));
  });
  app.get("/topics", async (_request, reply) => {
    const counted = await topics.counts(db, 400);
    return html(
      reply,
      renderPage(
        "topics",
        { title: "Topics" },
        { topics: counted.map((one) => ({ ...one, name: one.name ?? categoryName(one.topic) })) },
      ),
    );
  });
  app.get<{ Params: { slug: string } }>("/topics/:slug", async (request, reply) => {
    const { slug } = request.params;
    const labelled = await papers.page(db, perPage, undefined, { topic: slug });
    // A topic that nobody labels is a phrase: papers that mean it, closest first.
    const phrase = slug.replaceAll("-", " ");
    const cards = labelled.length > 0 ? labelled : await papersAbout(db, phrase, perPage, help);
    const own = (await topics.list(db)).find((one) => one.slug === slug);
    const name = own?.name ?? categoryName(slug);
    const isPhrase = labelled.length === 0 && name === undefined;
    const heading = isPhrase
      ? phrase
      : name === undefined
        ? slug
        : own === undefined
          ? `${slug}: ${name}`
          : name;
    return html(
      reply,
      list(heading, cards, {
        subscribe: { query: isPhrase ? printQuery({ kind: "like", value: phrase }) : `topic:${slug}` },
      }),
    );
  });
  app.get<{ Querystring: { q?: string } }>("/search", async (request, reply) => {
    const q = (request.query.q ?? "").slice(0, 500);
    const cards = q.trim() === "" ? [] : await searchPapers(db, q, perPage, help);
    return html(
      reply,
      list(
        q.trim() === "" ? "Search" : `Search: ${q}`,
        cards,
        { subscribe: { query: q }, empty: "Nothing was found." },
        q,
      ),
    );
  });
  app.get<{ Params: { id: string } }>("/papers/:id", async (request, reply) => {
    const { id: text } = request.params;
    const arxiv = parseArxivId(text);
    const doi = parseDoi(text);
    const id = await papers.resolve(db, [
      text,
      ...(arxiv ? [`arxiv:${arxiv.id}`] : []),
      ...(doi ? [`doi:${doi}`] : []),
    ]);
    const [card] = id === undefined ? [] : await digests.cardsOf(db, [id]);
    if (card === undefined) return notFound(reply, "There is no such paper.");
    const versions = await papers.versionsOf(db, card.id);
    const keys = (await papers.keysOf(db, [card.id])).get(card.id) ?? [];
    const view = paperView(card);
    return html(
      reply,
      renderPage(
        "paper",
        { title: String(view.title) },
        {
          ...view,
          keyPhrases: keyPhrases(card).join(", ") || undefined,
          keys,
          versions: versions.map((one) => ({
            version: one.version,
            home: one.home,
            changed: one.changed.join(", ") || undefined,
          })),
          firstSeen: card.firstSeen.toISOString().slice(0, 10),
        },
      ),
    );
  });
}

function pagerOf(span: NamedSpan) {
  return { previous: span.previous, next: span.next };
}
