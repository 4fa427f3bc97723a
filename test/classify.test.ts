import { encodeTopicModel, type Listing, trainTopics } from "@paperwire/core";
import { artifacts, type Db, digests, matches, papers, topics } from "@paperwire/db";
import { currentLabellers, labelsFor } from "@paperwire/workers/classify/labels.ts";
import { relabelStep } from "@paperwire/workers/classify/relabel.ts";
import { saveChangedLabels } from "@paperwire/workers/classify/save-labels.ts";
import { topicModelName } from "@paperwire/workers/classify/topic-model.ts";
import { ingestReading } from "@paperwire/workers/ingest/ingest-reading.ts";
import { kindById } from "@paperwire/workers/sources/index.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const now = new Date("2026-06-08T06:00:00Z");

const languages = "parser grammar treebank translation language word sentence corpus syntax semantics".split(
  " ",
);
const galaxies = "galaxy redshift supernova telescope dust stellar halo spectra quasar cosmic".split(" ");

/** Papers about languages and galaxies that no one wrote, for a model that knows nothing else. */
function examples() {
  return Array.from({ length: 120 }, (_, at) => {
    const words = at % 2 === 0 ? languages : galaxies;
    const word = (step: number) => words[(at + step) % words.length] ?? "";
    return {
      title: `${word(0)} ${word(3)} and ${word(5)}`,
      abstract: [0, 1, 2, 4, 6, 7, 8].map(word).join(" "),
      categories: [at % 2 === 0 ? "cs.CL" : "astro-ph.GA"],
    };
  });
}

const inJournal: Listing = {
  key: "10.5555/1",
  doi: "10.5555/1",
  title: "A treebank grammar of sentence semantics",
  abstract: "The parser reads a corpus word by word; translation follows the syntax of each language.",
  authors: [{ name: "Ada Kern" }],
  categories: ["Linguistics"],
  published: "2026-06-07T00:00:00Z",
};
const unclear: Listing = {
  ...inJournal,
  key: "10.5555/2",
  doi: "10.5555/2",
  title: "Annual report",
  abstract: "Accounts and minutes.",
  authors: [],
};

async function ingestInto(db: Db, listings: readonly Listing[]): Promise<string[]> {
  const kind = kindById("crossref");
  if (kind === undefined) throw new Error("no kind crossref");
  const harvest = { sourceId: "crossref", kind, now, firstImport: false, speaks: true };
  await db.transaction().execute((trx) => ingestReading(trx, { listings, warnings: [] }, harvest));
  const ids: string[] = [];
  for (const { doi } of listings) ids.push((await papers.resolve(db, [`doi:${doi}`])) ?? "");
  return ids;
}

async function useModel(db: Db, seed: number): Promise<string> {
  const model = await trainTopics(examples(), { seed });
  await artifacts.save(
    db,
    topicModelName,
    { version: model.version, bytes: Buffer.from(encodeTopicModel(model)) },
    now,
  );
  return model.version;
}

async function label(db: Db, ids: readonly string[]): Promise<number> {
  const cards = await digests.cardsOf(db, ids);
  const labels = labelsFor(cards, await currentLabellers(db));
  return db.transaction().execute((trx) => saveChangedLabels(trx, ids, labels, now));
}

/** Topics, the surest first. */
async function topicsOf(db: Db, id: string): Promise<string[]> {
  const labels = await topics.labelsOf(db, [id]);
  return labels.sort((a, b) => b.confidence - a.confidence).map(({ topic }) => topic);
}

async function versionsOf(db: Db, id: string): Promise<string[]> {
  return [...new Set((await topics.labelsOf(db, [id])).map(({ version }) => version))];
}

test("a paper without categories is labelled by the trained model, which says when it does not know", async ({
  db,
}) => {
  const version = await useModel(db, 1);
  const [known, unknown] = await ingestInto(db, [inJournal, unclear]);
  expect(await label(db, [known ?? "", unknown ?? ""])).toBe(1);
  expect((await topicsOf(db, known ?? ""))[0]).toBe("cs.CL");
  expect(await versionsOf(db, known ?? "")).toEqual([version]);
  expect(await topicsOf(db, unknown ?? "")).toEqual([]);
});

test("labelling twice changes nothing and announces nothing", async ({ db }) => {
  await useModel(db, 1);
  const ids = await ingestInto(db, [inJournal]);
  await label(db, ids);
  const before = await papers.eventsOf(db, ids[0] ?? "");
  expect(before.map(({ type }) => type)).toEqual(["paper.new", "paper.classified"]);
  expect(await label(db, ids)).toBe(0);
  expect(await papers.eventsOf(db, ids[0] ?? "")).toEqual(before);
});

test("another model labels all papers again in the background, and makes none of them mailable", async ({
  db,
}) => {
  await useModel(db, 1);
  const [id = ""] = await ingestInto(db, [inJournal]);
  await label(db, [id]);
  await relabelUntilDone(db);
  await db
    .transaction()
    .execute((trx) =>
      matches.insertNew(trx, [{ paperId: id, occasion: "new", queryIds: [1], late: false }], now),
    );
  expect(await matches.openAnnouncements(db, [id])).toEqual([]);

  const second = await useModel(db, 2);
  expect(await relabelUntilDone(db)).toBeGreaterThan(0);
  expect(await versionsOf(db, id)).toEqual([second]);
  expect(await matches.openAnnouncements(db, [id])).toEqual([]);
  expect(await db.selectFrom("matches").select("id").execute()).toHaveLength(1);
  expect(await relabelUntilDone(db)).toBe(0);
});

test("an operator's topic takes papers by query and by example, and goes with its labels", async ({ db }) => {
  const [known = "", other = ""] = await ingestInto(db, [inJournal, unclear]);
  await topics.save(db, { slug: "treebanks", name: "Treebanks", query: "treebank", examples: [other] }, now);
  await relabelUntilDone(db);
  expect(await topicsOf(db, known)).toContain("treebanks");
  expect(await topicsOf(db, other)).toContain("treebanks");
  expect(await topics.counts(db, 10)).toContainEqual({ topic: "treebanks", papers: 2, name: "Treebanks" });
  expect(await topics.remove(db, "treebanks")).toBe(true);
  expect(await topicsOf(db, known)).not.toContain("treebanks");
});

test("five examples teach a topic that papers close to them get, with the closeness and a version", async ({
  db,
}) => {
  const subjects = ["distillation of a teacher into a student", "dark matter halos of galaxies"];
  const [ids, others] = await Promise.all(
    subjects.map((subject, which) =>
      ingestInto(
        db,
        ["Compact", "Faster", "Robust", "Careful", "Simple", "Another"].map((word, at) => ({
          ...inJournal,
          key: `10.5555/${which}${at}`,
          doi: `10.5555/${which}${at}`,
          title: `${word} ${subject}`,
          abstract: `We study ${subject}, number ${at}, ${which === 0 ? "with soft labels for neural networks" : "in telescope surveys"}.`,
          authors: [{ name: `Author ${"ABCDEFGHIJKL"[which * 6 + at]}` }],
        })),
      ),
    ),
  );
  const examples = (ids ?? []).slice(0, 5);
  await topics.save(
    db,
    { slug: "teachers", name: "Teachers", query: null, examples: examples.slice(0, 4) },
    now,
  );
  await relabelUntilDone(db);
  expect(await topicsOf(db, ids?.[5] ?? "")).not.toContain("teachers");
  await topics.save(db, { slug: "teachers", name: "Teachers", query: null, examples }, now);
  await relabelUntilDone(db);
  const labels = (await topics.labelsOf(db, [ids?.[5] ?? ""])).filter(({ topic }) => topic === "teachers");
  expect(labels).toMatchObject([{ classifier: "examples", version: expect.stringContaining("+e1-") }]);
  expect(labels[0]?.confidence).toBeGreaterThan(0.4);
  expect(await topicsOf(db, examples[0] ?? "")).toContain("teachers");
  expect(await topicsOf(db, others?.[0] ?? "")).not.toContain("teachers");
  expect(await matches.openAnnouncements(db, ids ?? [])).toHaveLength(
    (await matches.openAnnouncements(db, others ?? [])).length,
  );
});

async function relabelUntilDone(db: Db): Promise<number> {
  let looked = 0;
  for (let step = await relabelStep(db, now); step > 0; step = await relabelStep(db, now)) looked += step;
  return looked;
}
