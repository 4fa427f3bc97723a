import { readFileSync, writeFileSync } from "node:fs";
import {
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
import { artifacts, type Db, topics } from "@paperwire/db";
import { archiveExamples, fileExamples } from "../classify/corpus.ts";
import { bundledModel, currentTopicModel, topicModelName } from "../classify/topic-model.ts";
import { createOutput, type Output, printable } from "./output.ts";
import { mustResolve } from "./papers.ts";
import { progressOn } from "./progress.ts";
import { type Common, withContext } from "./run-command.ts";

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
      output.say(`${slug}  ${printable(name)}: ${used.get(slug) ?? 0} papers  ${query ?? ""}`);
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
    const examples: string[] = [];
    for (const text of options.example) examples.push(await mustResolve(db, text));
    await topics.save(db, { slug, name, query: options.query ?? null, examples }, clock.now());
    output.result({ topic: slug, name, query: options.query, examples });
    output.say(
      `Topic ${slug}. Papers that are here already are labelled in the background while \`paperwire up\` runs.`,
    );
  });
}

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
  readonly out?: string;
}

/** With files on both sides no database is needed; without `--out` the model is stored and used from now on. */
export async function trainModel(options: TrainOptions): Promise<void> {
  const { corpus, out } = options;
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
  const slug = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (slug === "" || slug.length > 80)
    throw new UsageError(`"${name}" cannot be a topic's name: use some letters, at most 80.`);
  if (categoryName(slug) !== undefined)
    throw new UsageError(`"${slug}" is a category of arXiv. Choose another name.`);
  return slug;
}
