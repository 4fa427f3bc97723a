import { readFileSync, writeFileSync } from "node:fs";
import {
  canonicalCategory,
  categoryName,
  decodeTopicModel,
  encodeTopicModel,
  evaluateTopics,
  PermanentError,
  parseQuery,
  type TopicExample,
  type TopicModel,
  trainTopics,
  UsageError,
} from "@paperwire/core";
import { artifacts, type Db, papers, topics } from "@paperwire/db";
import { archiveExamples, fileExamples } from "../classify/corpus.ts";
import { profileOfExamples } from "../classify/own-topics.ts";
import { bundledModel, currentTopicModel, topicModelName } from "../classify/topic-model.ts";
import { wordVectors } from "../classify/word-vectors.ts";
import { mustCompare } from "../match/likeness.ts";
import { createOutput, type Output, printable } from "./output.ts";
import { mustResolve } from "./papers.ts";
import { progressOn } from "./progress.ts";
import { type Common, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

/** The operator's topics and those in use, with the number of their papers: one line each. */
export async function listTopics(options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const own = await topics.list(db);
    const used = new Map((await topics.counts(db, 1000)).map((one) => [one.topic, one.papers]));
    for (const { slug, name, query, examples } of own) {
      output.result({
        topic: slug,
        name,
        own: true,
        papers: used.get(slug) ?? 0,
        ...(query === null ? {} : { query }),
        examples,
      });
      output.say(
        `${slug}  ${printable(name)}: ${used.get(slug) ?? 0} papers  ${[query, examples.length === 0 ? undefined : `${examples.length} examples`].filter(Boolean).join(", ")}`,
      );
    }
    const slugs = new Set(own.map(({ slug }) => slug));
    for (const [topic, papers] of used) {
      if (slugs.has(topic)) continue;
      output.result({ topic, name: categoryName(topic) ?? topic, own: false, papers });
      output.say(`${topic}  ${categoryName(topic) ?? ""}: ${papers} papers`);
    }
    if (own.length === 0 && used.size === 0) output.say("No paper has a topic yet.");
  });
}

export async function addTopic(
  name: string,
  options: Common & { query?: string; example: string[] },
): Promise<void> {
  const slug = slugOf(name);
  if (options.query === undefined && options.example.length === 0) {
    throw new UsageError("Say what belongs to the topic: --query, or --example with a paper (repeatable).");
  }
  if (options.query !== undefined) parseQuery(options.query);
  await withContext(options, async ({ db, clock }, output) => {
    if (options.query !== undefined) await mustCompare(db, parseQuery(options.query));
    const examples: string[] = [];
    for (const text of options.example) examples.push(await mustResolve(db, text));
    const distinct = [...new Set(examples)];
    const known = (await topics.list(db)).some((one) => one.slug === slug);
    await topics.save(db, { slug, name, query: options.query ?? null, examples: distinct }, clock.now());
    const profile = await profileOfExamples(db, distinct);
    const closeFrom = profile === undefined ? undefined : Number(profile.least.toFixed(2));
    output.result(clean({ topic: slug, name, query: options.query, examples: distinct, closeFrom }));
    output.say(`Topic ${slug} ${known ? "is changed" : "is there"}.`);
    if (distinct.length > 0) output.say(examplesSentence(distinct.length, closeFrom));
    output.say(
      "Papers that are here already are labelled in the background by `paperwire up`, or by the next `paperwire drain`.",
    );
  });
}

function examplesSentence(count: number, closeFrom: number | undefined): string {
  if (closeFrom !== undefined)
    return `Papers close to its ${count} examples get it as well (closeness from ${closeFrom}).`;
  return wordVectors() === undefined
    ? "There are no word vectors here, so only the examples themselves get it, not papers close to them."
    : `With ${count} ${count === 1 ? "example" : "examples"} only these papers get it; from five on, papers close to them do as well.`;
}

/** One topic, of the operator's own or of arXiv's. @throws PermanentError when no paper has it and nobody defined it. */
export async function showTopic(name: string, options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const code = canonicalCategory(name);
    const slug = categoryName(code) === undefined ? slugOf(name) : code;
    const own = (await topics.list(db)).find((one) => one.slug === slug);
    const byClassifier = await topics.countsBy(db, slug);
    if (own === undefined && byClassifier.length === 0)
      throw new PermanentError(`There is no topic "${name}". See them with: paperwire topics list`);
    const newest = await papers.page(db, 10, undefined, { topic: slug });
    const closeFrom =
      own === undefined ? undefined : (await profileOfExamples(db, own.examples))?.least.toFixed(2);
    const keys = await papers.keysOf(
      db,
      newest.map(({ id }) => id),
    );
    output.result(
      clean({
        topic: slug,
        name: own?.name ?? categoryName(slug),
        own: own !== undefined,
        query: own?.query ?? undefined,
        examples: own?.examples,
        closeFrom: closeFrom === undefined ? undefined : Number(closeFrom),
        papers: byClassifier.reduce((sum, one) => sum + one.papers, 0),
        classifiers: byClassifier,
        newest: newest.map(({ id, title }) => ({ id, title })),
      }),
    );
    output.say(`${slug}: ${printable(own?.name ?? categoryName(slug) ?? "")}`);
    if (own?.query != null) output.say(`Query: ${own.query}`);
    if (own !== undefined && own.examples.length > 0)
      output.say(
        examplesSentence(own.examples.length, closeFrom === undefined ? undefined : Number(closeFrom)),
      );
    for (const one of byClassifier)
      output.say(`${one.papers} papers by ${classifierNames[one.classifier] ?? one.classifier}`);
    for (const card of newest)
      output.say(`  ${(keys.get(card.id)?.[0] ?? card.id).padEnd(20)}  ${printable(card.title)}`);
  });
}

const classifierNames: Readonly<Record<string, string>> = {
  arxiv: "what their source says",
  trained: "the trained model",
  own: "its query and examples",
  examples: "closeness to its examples",
};

export async function removeTopic(name: string, options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const slug = slugOf(name);
    if (!(await topics.remove(db, slug)))
      throw new PermanentError(`There is no topic "${name}" of your own.`);
    output.result({ removed: slug });
    output.say(`${slug} is gone, with its labels.`);
  });
}

interface TrainOptions extends Common {
  readonly corpus: string[];
  readonly reset?: boolean;
  readonly out?: string;
}

/** With files on both sides no database is needed; without `--out` the model is stored and used from now on. */
export async function trainModel(options: TrainOptions): Promise<void> {
  const { corpus, out } = options;
  if (options.reset === true) return resetModel(options);
  if (corpus.length > 0 && out !== undefined) {
    const model = await train(fileExamples(corpus));
    writeFileSync(out, encodeTopicModel(model));
    return tell(createOutput(options.json === true), model, `Written to ${out}.`);
  }
  await withContext(options, async ({ db, clock }, output) => {
    const model = await train(corpus.length > 0 ? fileExamples(corpus) : archiveExamples(db));
    const bytes = Buffer.from(encodeTopicModel(model));
    if (out !== undefined) writeFileSync(out, bytes);
    else await artifacts.save(db, topicModelName, { version: model.version, bytes }, clock.now());
    tell(
      output,
      model,
      out === undefined
        ? "It is used from now on; papers are labelled again in the background."
        : `Written to ${out}.`,
    );
    const shipped = out === undefined ? bundledModel() : undefined;
    if (shipped !== undefined && shipped.topics.length > model.topics.length)
      output.say(
        `The model that ships knows ${shipped.topics.length} topics and learned from ${shipped.papers} papers; go back to it with: paperwire topics train --reset`,
      );
  });
}

async function resetModel(options: TrainOptions): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const removed = await artifacts.remove(db, topicModelName);
    const model = mustBe(bundledModel());
    output.result({ version: model.version, topics: model.topics.length, reset: removed });
    output.say(
      removed
        ? `The model that ships (${model.version}) is used again; papers are labelled again in the background.`
        : "No other model was in use than the one that ships.",
    );
  });
}

async function train(examples: AsyncIterable<TopicExample>): Promise<TopicModel> {
  const progress = progressOn(process.stderr);
  const model = await trainTopics(examples, {}, ({ stage, done, note }) => {
    progress.show(
      stage === "reading"
        ? `reading: ${done} papers`
        : `${stage} ${(done * 100).toFixed(0)} %${note === undefined ? "" : `: ${note}`}`,
    );
  });
  progress.clear();
  return model;
}

function tell(output: Output, model: TopicModel, more: string): void {
  const { version, topics: known, papers, calibration } = model;
  const bytes = encodeTopicModel(model).length;
  output.result({ version, topics: known.length, papers, bytes, threshold: calibration.threshold });
  output.say(
    `Model ${version}: ${known.length} topics from ${papers} papers, ${(bytes / 1e6).toFixed(1)} MB; below ${calibration.threshold} it says that it does not know.`,
  );
  output.say(more);
}

/** How well a model does on a corpus; on the archive where none is named, from which it may have learned. */
export async function evalModel(options: Common & { corpus: string[]; model?: string }): Promise<void> {
  const { corpus, model: file } = options;
  if (corpus.length > 0 && file !== undefined) {
    return report(createOutput(options.json === true), mustBe(modelIn(file)), fileExamples(corpus));
  }
  await withContext(options, async ({ db }, output) => {
    const model = file === undefined ? await currentTopicModel(db) : modelIn(file);
    await report(output, mustBe(model), examplesOf(db, corpus));
  });
}

function modelIn(file: string): TopicModel | undefined {
  return file === "bundled" ? bundledModel() : decodeTopicModel(readFileSync(file));
}

function examplesOf(db: Db, corpus: readonly string[]): AsyncGenerator<TopicExample> {
  return corpus.length > 0 ? fileExamples(corpus) : archiveExamples(db);
}

function mustBe(model: TopicModel | undefined): TopicModel {
  if (model === undefined)
    throw new PermanentError("There is no model yet. Make one with: paperwire topics train");
  return model;
}

async function report(
  output: Output,
  model: TopicModel,
  examples: AsyncIterable<TopicExample>,
): Promise<void> {
  const began = process.cpuUsage();
  const figures = await evaluateTopics(model, examples);
  const { user, system } = process.cpuUsage(began);
  if (figures.papers === 0) throw new PermanentError("The corpus has no paper with a title and a category.");
  output.result({
    version: model.version,
    ...figures,
    microsecondsPerPaper: Math.round((user + system) / figures.papers),
  });
  output.say(
    `Model ${model.version} on ${figures.papers} papers (reading them included: ${Math.round((user + system) / figures.papers)} µs a paper):`,
  );
  output.say(`  surest topic is the primary one   ${percent(figures.accuracy)}`);
  output.say(`  primary one among the three       ${percent(figures.topThree)}`);
  output.say(`  surest topic is any of its topics ${percent(figures.anyLabel)}`);
  output.say(`  macro F1                          ${percent(figures.macroF1)}`);
  output.say(`  calibration error                 ${percent(figures.calibrationError)}`);
  output.say(
    `  answers given                     ${percent(figures.answered)}, of those any label ${percent(figures.answeredAnyLabel)}`,
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** A name as addresses and queries write it. @throws UsageError when nothing is left, or a category has it. */
function slugOf(name: string): string {
  if (categoryName(canonicalCategory(name)) !== undefined)
    throw new UsageError(`"${name}" is a category of arXiv. Choose another name.`);
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (slug === "" || slug.length > 80)
    throw new UsageError(`"${name}" cannot be a topic's name: use some letters, at most 80.`);
  return slug;
}
